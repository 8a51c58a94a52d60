-- query: my_visits
-- about: The person's visits in a span of days, first to last, without cancelled ones: their calendar, and what they can confirm or query.
-- params: from_on date, to_on date
-- row: ref text, order_ref text, title text, organisation_name text, planned_on date, starts_at text null, planned_minutes int null, state text,
--   actual_minutes int null, amount money null
-- rows: many
SELECT v.ref, o.ref AS order_ref, l.title, g.name AS organisation_name, v.planned_on, to_char(v.starts_at, 'HH24:MI') AS starts_at, v.planned_minutes, v.state,
       v.actual_minutes, v.amount
  FROM payments.visit v
  JOIN payments.orders o ON o.council_id = v.council_id AND o.id = v.order_id
  JOIN payments.order_line l ON l.council_id = v.council_id AND l.id = v.order_line_id
  JOIN identity.organisation g ON g.id = v.organisation_id
 WHERE v.council_id = mc.council() AND v.person_id = mc.person() AND v.planned_on BETWEEN $1::date AND $2::date AND v.state <> 'cancelled'
 ORDER BY v.planned_on, v.starts_at, v.id
 LIMIT mc.list_most(500)
