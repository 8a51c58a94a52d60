-- query: provider_invoices
-- about: The provider's invoices, newest first, with the reason when one waits for an answer.
-- params: page int
-- row: ref text, number text, kind text, state text, gross money, approved money, paid money, issue_on date, received_at time, due_on date, expected_on date, paid_on date null,
--   open_questions int, reason text null
-- rows: many
-- page: 50
SELECT i.ref, i.number, i.kind, i.state, i.gross, i.approved, i.paid, i.issue_on, i.received_at, i.due_on, payments.expected_on(i.council_id, i.id) AS expected_on, i.paid_on, q.n AS open_questions, q.reason
  FROM payments.invoice i
 CROSS JOIN LATERAL (SELECT count(*)::int AS n, string_agg(e.sentence, ' ' ORDER BY e.id) AS reason FROM payments.exception e
                      WHERE e.council_id = i.council_id AND e.invoice_id = i.id AND e.state = 'open') q
 WHERE i.council_id = mc.council() AND i.organisation_id = mc.organisation() AND mc.role() = 'provider'
 ORDER BY i.received_at DESC, i.id DESC LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
