-- query: invoice_list
-- about: The council's invoices in a state (or overdue, or all), oldest first, fifty a page; as a file in parts of 5,000, each of what came after an invoice (0: the first).
-- params: state text null, page int, after bigint null
-- row: id bigint hidden, ref text, number text, provider text, kind text, state text, gross money, approved money, paid money, received_at time, received_when text hidden, due_on date, hands int
-- rows: many
-- page: 50
SELECT i.id, i.ref, i.number, o.name AS provider, i.kind, i.state, i.gross, i.approved, i.paid, i.received_at, payments.said_at(i.received_at) AS received_when, i.due_on, i.hands
  FROM payments.invoice i JOIN identity.organisation o ON o.id = i.organisation_id
 WHERE i.council_id = mc.council() AND mc.role() IN ('finance', 'auditor', 'commissioner')
   AND ($1::text IS NULL OR i.state = $1::text OR ($1::text = 'overdue' AND i.kind <> 'credit_note' AND i.due_on < ledger.today()
        AND i.state IN ('approved', 'in_run', 'exception', 'checked')))
   AND (i.received_at, i.id) > (SELECT coalesce(max(a.received_at), '-infinity'), coalesce(max(a.id), 0) FROM payments.invoice a WHERE a.council_id = mc.council() AND a.id = $3::bigint)
 ORDER BY i.received_at, i.id LIMIT CASE WHEN $3::bigint IS NULL THEN 51 ELSE 5000 END OFFSET 50 * (greatest($2::int, 1) - 1)
