-- query: budgets_home
-- about: The council's budgets of today in one line: how many, how much, which need a look soon.
-- row: budgets int, allocated money, held money, spent money, free money, ending_soon int, frozen int
-- rows: one
SELECT count(DISTINCT p.budget_ref)::int AS budgets, coalesce(sum(p.allocated), 0)::bigint AS allocated, coalesce(sum(p.held), 0)::bigint AS held,
       coalesce(sum(p.spent), 0)::bigint AS spent, coalesce(sum(p.free), 0)::bigint AS free,
       count(DISTINCT p.budget_ref) FILTER (WHERE p.ends_on <= ledger.today() + 60)::int AS ending_soon,
       count(DISTINCT p.budget_ref) FILTER (WHERE p.budget_state = 'frozen')::int AS frozen
  FROM payments.budget_position p
 WHERE p.council_id = mc.council() AND mc.role() IN ('commissioner', 'finance', 'auditor') AND p.kind <> 'own_money'
   AND p.budget_state <> 'ended' AND ledger.today() BETWEEN p.starts_on AND p.ends_on
