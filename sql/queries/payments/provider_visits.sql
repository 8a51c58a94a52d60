-- query: provider_visits
-- about: The provider's visits in a span of days, first to last: its rota, and what it can mark as delivered.
-- params: from_on date, to_on date
-- row: ref text, order_ref text, person_name text, title text, planned_on date, starts_at text null, planned_minutes int null, state text,
--   actual_minutes int null, amount money null, query_reason text null, is_invoiced bool, is_due bool
-- rows: many
SELECT v.ref, o.ref AS order_ref, p.name AS person_name, l.title, v.planned_on, to_char(v.starts_at, 'HH24:MI') AS starts_at, v.planned_minutes, v.state,
       v.actual_minutes, v.amount, v.query_reason, v.invoice_ref IS NOT NULL AS is_invoiced, payments.visit_is_due(v.planned_on, v.starts_at) AS is_due
  FROM payments.visit v
  JOIN payments.orders o ON o.council_id = v.council_id AND o.id = v.order_id
  JOIN payments.order_line l ON l.council_id = v.council_id AND l.id = v.order_line_id
  JOIN identity.person p ON p.council_id = v.council_id AND p.id = v.person_id
 WHERE v.council_id = mc.council() AND v.organisation_id = mc.organisation() AND mc.role() = 'provider' AND v.planned_on BETWEEN $1::date AND $2::date
 ORDER BY v.planned_on, v.starts_at, v.id
 LIMIT mc.list_most(1000)
