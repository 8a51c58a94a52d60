-- query: pool_show
-- about: One pool for who proposed it, and for those who answered: their own share alone. How many are in is for those who are, and for who proposed it; so is the invitation.
-- params: ref text
-- row: ref text, title text, organisation_name text, listing_ref text, unit text, quantity int, weekdays text, recurrence text, starts_on date, starts_at text null, occurrences int,
--   notice_hours int, note text null, minimum int, most int, closes_on date, state text, people int null, invitation text null, price money null, share money null, share_most money null, total money null,
--   held money null, given_back money null, order_ref text null, answer_by_when text null, shown_as text null, is_open bool, is_in bool, is_mine bool, may_act bool hidden
-- rows: maybe
SELECT p.ref, p.title, g.name AS organisation_name, p.listing_ref, p.unit, p.quantity, array_to_string(p.weekdays, ' ') AS weekdays, p.recurrence, p.starts_on, to_char(p.starts_at, 'HH24:MI') AS starts_at,
       p.occurrences, p.notice_hours, p.note, p.minimum, p.most, p.closes_on, payments.pool_state(p, m) AS state,
       CASE WHEN v.is_in OR v.is_mine THEN (SELECT count(*) FROM payments.pool_members(p.id))::int END AS people,
       CASE WHEN payments.pool_is_open(p) AND (v.is_mine OR NOT v.is_in) THEN p.invitation END AS invitation, CASE WHEN payments.pool_price_is_seen(p) THEN p.price END AS price,
       CASE WHEN v.is_in THEN l.visit_price END AS share, m.most AS share_most, CASE WHEN v.is_in THEN o.total END AS total, m.held, m.given_back, o.ref AS order_ref,
       CASE WHEN v.is_in AND o.state = 'asked' THEN payments.said_at(o.answer_by) END AS answer_by_when, m.shown_as, payments.pool_is_open(p) AS is_open, v.is_in, v.is_mine,
       identity.may('order', 'decide') AS may_act
  FROM payments.pool p
  JOIN identity.organisation g ON g.id = p.organisation_id
  LEFT JOIN LATERAL payments.pool_answer(p.id) m ON true
  LEFT JOIN payments.orders o ON o.council_id = m.council_id AND o.id = m.order_id
  LEFT JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id
 CROSS JOIN LATERAL (SELECT coalesce(m.state = 'in', false) AS is_in, coalesce(p.person_id = mc.person(), false) AS is_mine) v
 WHERE p.council_id = mc.council() AND p.ref = $1::text AND (v.is_mine OR m.id IS NOT NULL)
