-- query: absence_waiting
-- about: Requests of the person that wait for an answer and ask for days in that time.
-- params: from_on date, to_on date null
-- row: ref text, title text, organisation_name text, days int
-- rows: many
SELECT o.ref, l.title, g.name AS organisation_name, w.days::int AS days
  FROM payments.absence_waiting(mc.person(), $1::date, $2::date) w
  JOIN payments.orders o ON o.council_id = mc.council() AND o.id = w.order_id
  JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id
  JOIN identity.organisation g ON g.id = o.organisation_id
 ORDER BY o.id
