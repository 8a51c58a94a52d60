-- query: question_show
-- about: One question about an invoice, with what it is about, for the officer who decides.
-- params: invoice text, question text
-- row: ref text, invoice_ref text, number text, provider text, gross money, line int, line_amount money null, service text null, code text, reason text, sentence text, state text,
--   measured text null, allowed text null, may_decide bool
-- rows: maybe
SELECT e.ref, i.ref AS invoice_ref, i.number, o.name AS provider, i.gross, e.line, l.net + l.tax AS line_amount, coalesce(ol.title, l.service) AS service,
       e.code, e.reason, e.sentence, e.state, c.measured, c.allowed, mc.role() = 'finance' AND e.state = 'open' AS may_decide
  FROM payments.exception e
  JOIN payments.invoice i ON i.council_id = e.council_id AND i.id = e.invoice_id
  JOIN identity.organisation o ON o.id = i.organisation_id
  LEFT JOIN payments.invoice_line l ON l.council_id = e.council_id AND l.invoice_id = e.invoice_id AND l.line = e.line
  LEFT JOIN payments.order_line ol ON ol.council_id = l.council_id AND ol.id = l.order_line_id
  LEFT JOIN LATERAL (SELECT m.measured, m.allowed FROM payments.match_check m
                      WHERE m.council_id = e.council_id AND m.invoice_id = e.invoice_id AND m.line = e.line AND m.code = e.code
                      ORDER BY m.round DESC LIMIT 1) c ON true
 WHERE e.council_id = mc.council() AND i.ref = $1::text AND e.ref = $2::text AND mc.role() IN ('finance', 'auditor', 'commissioner')
