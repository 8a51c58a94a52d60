-- query: visit_show
-- about: One visit for the person, its provider or the council's officers, with what cancelling it needs to say.
-- params: ref text
-- row: ref text, order_ref text, title text, person_name text, organisation_name text, planned_on date, starts_at text null, planned_minutes int null, state text,
--   actual_minutes int null, price money, amount money null, query_reason text null, notice_hours int, free_until time, free_until_when text, is_invoiced bool, may_act bool hidden
-- rows: maybe
SELECT v.ref, o.ref AS order_ref, l.title, p.name AS person_name, g.name AS organisation_name, v.planned_on, to_char(v.starts_at, 'HH24:MI') AS starts_at,
       v.planned_minutes, v.state, v.actual_minutes, v.price, v.amount, v.query_reason, l.notice_hours,
       (v.planned_on + coalesce(v.starts_at, '00:00')) AT TIME ZONE 'Europe/London' - make_interval(hours => l.notice_hours) AS free_until,
       payments.said_at((v.planned_on + coalesce(v.starts_at, '00:00')) AT TIME ZONE 'Europe/London' - make_interval(hours => l.notice_hours)) AS free_until_when,
       v.invoice_ref IS NOT NULL AS is_invoiced, identity.may('order', 'decide') AS may_act
  FROM payments.visit v
  JOIN payments.orders o ON o.council_id = v.council_id AND o.id = v.order_id
  JOIN payments.order_line l ON l.council_id = v.council_id AND l.id = v.order_line_id
  JOIN identity.person p ON p.council_id = v.council_id AND p.id = v.person_id
  JOIN identity.organisation g ON g.id = v.organisation_id
 WHERE v.council_id = mc.council() AND v.ref = $1::text
   AND (v.person_id = mc.person() OR (mc.role() = 'provider' AND v.organisation_id = mc.organisation())
        OR mc.role() IN ('commissioner', 'finance', 'auditor', 'safeguarding'))
