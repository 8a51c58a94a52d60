-- query: order_visits
-- about: The visits of one order, first to last, for the person, the provider or the council's officers.
-- params: ref text
-- row: ref text, planned_on date, starts_at text null, planned_minutes int null, state text, actual_minutes int null, price money, amount money null,
--   lasted text hidden, query_reason text null, is_invoiced bool
-- rows: many
SELECT v.ref, v.planned_on, to_char(v.starts_at, 'HH24:MI') AS starts_at, v.planned_minutes, v.state, v.actual_minutes, v.price, v.amount,
       concat_ws(' ', nullif(v.actual_minutes / 60, 0) || CASE v.actual_minutes / 60 WHEN 1 THEN ' hour' ELSE ' hours' END, nullif(v.actual_minutes % 60, 0) || ' minutes') AS lasted,
       v.query_reason,
       v.invoice_ref IS NOT NULL AS is_invoiced
  FROM payments.orders o
  JOIN payments.visit v ON v.council_id = o.council_id AND v.order_id = o.id
 WHERE o.council_id = mc.council() AND o.ref = $1::text
   AND (o.person_id = mc.person() OR (mc.role() = 'provider' AND o.organisation_id = mc.organisation())
        OR mc.role() IN ('commissioner', 'finance', 'auditor', 'safeguarding'))
 ORDER BY v.planned_on, v.id
