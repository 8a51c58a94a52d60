-- query: run_preview
-- about: What a run would pay now, a row a provider, after those that are left out, with the reason. The same for what is not in a draft: nothing when the run
--   is no draft any more. payees and total are of all that would be paid.
-- lane: slow
-- params: run text null, page int
-- row: provider text, invoices int, amount money, hindrance text null, payees int hidden, total money hidden
-- rows: many
-- page: 50
SELECT o.name AS provider, c.invoices, c.amount, c.hindrance, (count(*) FILTER (WHERE c.hindrance IS NULL) OVER ())::int AS payees,
       coalesce(sum(c.amount) FILTER (WHERE c.hindrance IS NULL) OVER (), 0)::bigint AS total
  FROM (SELECT c.organisation_id, count(*)::int AS invoices, sum(c.amount)::bigint AS amount,
               CASE WHEN c.account_id IS NULL THEN coalesce(c.hindrance, 'There are no checked bank details.')
                    WHEN c.provider_total <= 0 THEN 'The provider owes more than it is owed.' END AS hindrance
          FROM payments.run_candidates(NULL) c
         GROUP BY c.organisation_id, c.account_id, c.hindrance, c.provider_total) c
  JOIN identity.organisation o ON o.id = c.organisation_id
 WHERE mc.role() IN ('finance', 'auditor')
   AND ($1::text IS NULL OR EXISTS (SELECT FROM payments.run r WHERE r.council_id = mc.council() AND r.ref = $1::text AND r.state = 'draft'))
 ORDER BY c.hindrance, o.name, o.id LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($2::int, 1) - 1)
