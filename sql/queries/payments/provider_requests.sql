-- query: provider_requests
-- about: What people asked this provider for and nobody answered yet, the most urgent first.
-- row: ref text, person_name text, title text, unit text, quantity int, recurrence text, weekdays text, starts_on date, starts_at text null, occurrences int,
--   total money, note text null, asked_at time, asked_when text, answer_by time, answer_by_when text, hours_left int
-- rows: many
SELECT o.ref, p.name AS person_name, l.title, l.unit, l.quantity, l.recurrence, array_to_string(l.weekdays, ' ') AS weekdays, l.starts_on,
       to_char(l.starts_at, 'HH24:MI') AS starts_at, l.occurrences, o.total, o.note, o.asked_at, payments.said_at(o.asked_at) AS asked_when, o.answer_by, payments.said_at(o.answer_by) AS answer_by_when,
       (extract(epoch FROM o.answer_by - now()) / 3600)::int AS hours_left
  FROM payments.orders o
  JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id
  JOIN identity.person p ON p.council_id = o.council_id AND p.id = o.person_id
 WHERE o.council_id = mc.council() AND o.organisation_id = mc.organisation() AND mc.role() = 'provider' AND o.state = 'asked' AND o.answer_by >= mc.now()
 ORDER BY o.answer_by, o.id
 LIMIT mc.list_most(200)
