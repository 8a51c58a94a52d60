-- query: pool_invited
-- about: What an invitation is about, for whoever it was handed to: how many are in, and nothing of who they are. The price only where they may be told it.
-- params: invitation text
-- row: invitation text, ref text, title text, organisation_name text, unit text, quantity int, weekdays text, recurrence text, starts_on date, starts_at text null, occurrences int,
--   notice_hours int, note text null, minimum int, most int, closes_on date, people int, price money null, share_most money null, is_open bool, is_in bool, is_mine bool, may_act bool hidden
-- rows: maybe
SELECT p.invitation, p.ref, p.title, g.name AS organisation_name, p.unit, p.quantity, array_to_string(p.weekdays, ' ') AS weekdays, p.recurrence, p.starts_on, to_char(p.starts_at, 'HH24:MI') AS starts_at,
       p.occurrences, p.notice_hours, p.note, p.minimum, p.most, p.closes_on, m.people, CASE WHEN payments.pool_price_is_seen(p) THEN p.price END AS price,
       CASE WHEN payments.pool_price_is_seen(p) THEN payments.share(p.price, p.minimum, 1) END AS share_most, payments.pool_is_open(p) AS is_open, m.is_in, p.person_id = mc.person() AS is_mine,
       identity.may('order') AS may_act
  FROM payments.pool p
  JOIN identity.organisation g ON g.id = p.organisation_id
 CROSS JOIN LATERAL (SELECT count(*)::int AS people, coalesce(bool_or(x.person_id = mc.person()), false) AS is_in FROM payments.pool_members(p.id) x) m
 WHERE p.council_id = mc.council() AND p.invitation = $1::text AND mc.person() IS NOT NULL
