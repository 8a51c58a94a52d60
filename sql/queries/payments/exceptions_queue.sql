-- query: exceptions_queue
-- about: Open questions about invoices, the oldest first; reason narrows to one code of the Invoice Response vocabulary.
-- params: reason text null, page int
-- row: ref text, invoice_ref text, number text, provider text, line int, reason text, code text, sentence text, gross money, opened_at time, opened_when text hidden, days int, total bigint
-- rows: many
-- page: 50
SELECT e.ref, i.ref AS invoice_ref, i.number, o.name AS provider, e.line, e.reason, e.code, e.sentence, i.gross, e.opened_at, payments.said_at(e.opened_at) AS opened_when,
       (ledger.today() - (e.opened_at AT TIME ZONE 'Europe/London')::date)::int AS days, count(*) OVER () AS total
  FROM payments.exception e
  JOIN payments.invoice i ON i.council_id = e.council_id AND i.id = e.invoice_id
  JOIN identity.organisation o ON o.id = i.organisation_id
 WHERE e.council_id = mc.council() AND mc.role() IN ('finance', 'auditor', 'commissioner') AND e.state = 'open' AND ($1::text IS NULL OR e.reason = $1::text)
 ORDER BY e.opened_at, e.id LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($2::int, 1) - 1)
