-- query: invoice_checks
-- about: The latest evaluation of an invoice and of each of its lines (a disputed line is not judged again): what was measured, what was allowed, and
--   the verdict.
-- params: ref text
-- row: line int, code text, reason text, measured text, allowed text, verdict text, sentence text null, at time, tolerance text null
-- rows: many
SELECT c.line, c.code, c.reason, c.measured, c.allowed, c.verdict, c.sentence, c.at, c.tolerance
  FROM payments.invoice i
  JOIN payments.match_check c ON c.council_id = i.council_id AND c.invoice_id = i.id
 WHERE i.council_id = mc.council() AND i.ref = $1::text AND (i.organisation_id = mc.organisation() AND mc.role() = 'provider' OR mc.role() IN ('finance', 'auditor', 'commissioner'))
   AND c.round = (SELECT max(m.round) FROM payments.match_check m WHERE m.council_id = i.council_id AND m.invoice_id = i.id AND m.line = c.line)
 ORDER BY c.line, c.place
