-- query: invoice_lines
-- about: The lines of an invoice.
-- params: ref text
-- row: line int, order_ref text null, service text, period_from date null, period_to date null, quantity text, unit text, unit_price text, net money, tax money, agreed money,
--   state text, visits int, is_one_day bool, how_much text
-- rows: many
SELECT l.line, l.order_ref, coalesce(ol.title, l.service) AS service, l.period_from, l.period_to, trim_scale(l.quantity)::text AS quantity, coalesce(ol.unit, l.unit) AS unit,
       payments.pence_words(l.unit_price) AS unit_price, l.net, l.tax, l.agreed, l.state,
       (SELECT count(*)::int FROM payments.invoice_visit v WHERE v.council_id = l.council_id AND v.invoice_id = l.invoice_id AND v.line = l.line) AS visits,
       l.period_from IS NOT DISTINCT FROM l.period_to AS is_one_day, payments.amount_words(l.quantity, coalesce(ol.unit, l.unit)) AS how_much
  FROM payments.invoice i
  JOIN payments.invoice_line l ON l.council_id = i.council_id AND l.invoice_id = i.id
  LEFT JOIN payments.order_line ol ON ol.council_id = l.council_id AND ol.id = l.order_line_id
 WHERE i.council_id = mc.council() AND i.ref = $1::text AND (i.organisation_id = mc.organisation() AND mc.role() = 'provider' OR mc.role() IN ('finance', 'auditor', 'commissioner'))
 ORDER BY l.line
