-- query: invoice_questions
-- about: The questions about an invoice, open and answered.
-- params: ref text
-- row: ref text, line int, reason text, code text, sentence text, state text, opened_at time, opened_when text hidden, resolution text null, note text null, resolved_by text null,
--   resolved_at time null, resolved_when text null hidden
-- rows: many
SELECT e.ref, e.line, e.reason, e.code, e.sentence, e.state, e.opened_at, payments.said_at(e.opened_at) AS opened_when, e.resolution, e.note, a.name AS resolved_by, e.resolved_at,
       payments.said_at(e.resolved_at) AS resolved_when
  FROM payments.invoice i
  JOIN payments.exception e ON e.council_id = i.council_id AND e.invoice_id = i.id
  LEFT JOIN identity.account_name a ON a.id = e.resolved_by
 WHERE i.council_id = mc.council() AND i.ref = $1::text AND (i.organisation_id = mc.organisation() AND mc.role() = 'provider' OR mc.role() IN ('finance', 'auditor', 'commissioner'))
 ORDER BY e.line, e.id
