-- query: review_mine
-- about: An order of the person with what they said about it, and what they may do now. The reason is that of the council's last decision, when it hid the review.
-- params: order text
-- row: order_ref text, title text, listing_ref text, organisation_name text, person_name text, is_delivered bool, may_rate bool, review text null, state text null, waits bool, can_change bool,
--   change_until date null, written_in text null, written_by text null, on_time text null, as_agreed text null, was_kind text null, use_again text null, words text null, is_changed bool,
--   reply text null, replied_in text null, hidden_reason text null
-- rows: maybe
SELECT o.ref AS order_ref, l.title, l.listing_ref, g.name AS organisation_name, p.name AS person_name, payments.was_delivered(o.id) AS is_delivered, payments.may_rate() AS may_rate,
       r.ref AS review, r.state, coalesce(catalogue.review_is_waiting(r), false) AS waits, coalesce(r.state <> 'withdrawn' AND catalogue.review_change_until(r.written_at) >= ledger.today(), false) AS can_change,
       catalogue.review_change_until(r.written_at) AS change_until, to_char(r.written_at AT TIME ZONE 'Europe/London', 'FMMonth YYYY') AS written_in, r.written_by,
       r.on_time, r.as_agreed, r.was_kind, r.use_again, r.words, r.changed_at IS NOT NULL AS is_changed, r.reply, to_char(r.replied_at AT TIME ZONE 'Europe/London', 'FMMonth YYYY') AS replied_in,
       (SELECT d.reason FROM catalogue.review_decision d WHERE d.council_id = mc.council() AND d.review_id = r.id AND r.state = 'hidden' ORDER BY d.id DESC LIMIT 1) AS hidden_reason
  FROM payments.orders o
  JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id
  JOIN identity.person p ON p.council_id = o.council_id AND p.id = o.person_id
  JOIN identity.organisation g ON g.id = o.organisation_id
  LEFT JOIN catalogue.review r ON r.council_id = o.council_id AND r.order_id = o.id
 WHERE o.council_id = mc.council() AND o.ref = $1::text AND o.person_id = mc.person()
