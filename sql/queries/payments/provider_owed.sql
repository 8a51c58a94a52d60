-- query: provider_owed
-- about: What the provider is owed: its invoices that are not finished, by state, with how much of each is not paid yet.
-- row: state text, invoices int, amount money, first_due date
-- rows: many
SELECT i.state, count(*)::int AS invoices, sum(CASE WHEN i.state IN ('approved', 'in_run') THEN i.approved - i.paid ELSE i.gross - i.paid END)::bigint AS amount, min(i.due_on) AS first_due
  FROM payments.invoice i
 WHERE i.council_id = mc.council() AND i.organisation_id = mc.organisation() AND mc.role() = 'provider' AND i.state NOT IN ('paid', 'rejected') AND i.kind <> 'credit_note'
 GROUP BY i.state ORDER BY min(i.due_on)
