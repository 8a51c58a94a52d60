-- query: run_preview
-- about: What a run would pay now, a row a provider; who is left out, with the reason.
-- row: provider text, invoices int, amount money, hindrance text null
-- rows: many
SELECT o.name AS provider, count(*)::int AS invoices, sum(c.amount)::bigint AS amount,
       CASE WHEN c.account_id IS NULL THEN coalesce(c.hindrance, 'There are no checked bank details.')
            WHEN c.provider_total <= 0 THEN 'The provider owes more than it is owed.' END AS hindrance
  FROM payments.run_candidates(NULL) c JOIN identity.organisation o ON o.id = c.organisation_id
 WHERE mc.role() IN ('finance', 'auditor')
 GROUP BY o.id, o.name, c.account_id, c.hindrance, c.provider_total ORDER BY 4 NULLS FIRST, o.name
