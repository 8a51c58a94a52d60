-- query: provider_visit
-- about: One visit of the provider.
-- params: ref text
-- row: ref text, order_ref text, person_name text, title text, planned_on date, starts_at text null, planned_minutes int null, actual_minutes int null, state text,
--   query_reason text null, is_due bool
-- rows: maybe
SELECT v.ref, o.ref AS order_ref, p.name AS person_name, l.title, v.planned_on, to_char(v.starts_at, 'HH24:MI') AS starts_at, v.planned_minutes, v.actual_minutes,
       v.state, v.query_reason, payments.visit_is_due(v.planned_on, v.starts_at) AS is_due
  FROM payments.visit v
  JOIN payments.orders o ON o.council_id = v.council_id AND o.id = v.order_id
  JOIN payments.order_line l ON l.council_id = v.council_id AND l.id = v.order_line_id
  JOIN identity.person p ON p.council_id = v.council_id AND p.id = v.person_id
 WHERE v.council_id = mc.council() AND v.organisation_id = mc.organisation() AND mc.role() = 'provider' AND v.ref = $1::text
