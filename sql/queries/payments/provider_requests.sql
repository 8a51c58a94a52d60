-- query: provider_requests
-- about: What people asked this provider for and nobody answered yet, the most urgent first; what several share once, with its whole price.
-- row: ref text, person_name text, title text, unit text, quantity int, recurrence text, weekdays text, starts_on date, starts_at text null, occurrences int, people int,
--   total money, note text null, asked_at time, asked_when text, answer_by time, answer_by_when text, hours_left int
-- rows: many
SELECT o.ref, p.name AS person_name, l.title, l.unit, l.quantity, l.recurrence, array_to_string(l.weekdays, ' ') AS weekdays, l.starts_on,
       to_char(l.starts_at, 'HH24:MI') AS starts_at, l.occurrences, coalesce(s.people, 1) AS people, coalesce(s.total, o.total) AS total, o.note, o.asked_at, payments.said_at(o.asked_at) AS asked_when, o.answer_by, payments.said_at(o.answer_by) AS answer_by_when,
       (extract(epoch FROM o.answer_by - now()) / 3600)::int AS hours_left
  FROM payments.orders o
  JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id
  JOIN identity.person p ON p.council_id = o.council_id AND p.id = o.person_id
  LEFT JOIN payments.pool_member m ON m.council_id = o.council_id AND m.order_id = o.id
  LEFT JOIN LATERAL (SELECT count(*)::int AS people, sum(x.total)::bigint AS total, min(x.id) AS first FROM payments.pool_members(m.pool_id) y
                       JOIN payments.orders x ON x.council_id = y.council_id AND x.id = y.order_id) s ON m.id IS NOT NULL
 WHERE o.council_id = mc.council() AND o.organisation_id = mc.organisation() AND mc.role() = 'provider' AND o.state = 'asked' AND o.answer_by >= mc.now() AND o.id = coalesce(s.first, o.id)
 ORDER BY o.answer_by, o.id
 LIMIT mc.list_most(200)
