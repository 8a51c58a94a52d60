-- query: budget_list
-- about: The council's budgets by person, fifty a page, for officers who allocate and watch over them.
-- params: q text, page int
-- row: budget_ref text, person_ref text, person_name text, state text, starts_on date, ends_on date, allocated money, held money, spent money, free money
-- rows: many
-- page: 50
SELECT p.budget_ref, n.ref AS person_ref, n.name AS person_name, p.budget_state AS state, min(p.starts_on) AS starts_on, max(p.ends_on) AS ends_on,
       sum(p.allocated)::bigint AS allocated, sum(p.held)::bigint AS held, sum(p.spent)::bigint AS spent, sum(p.free)::bigint AS free
  FROM payments.budget_position p
  JOIN identity.person n ON n.council_id = p.council_id AND n.id = p.person_id
 WHERE p.council_id = mc.council() AND mc.role() IN ('commissioner', 'finance', 'auditor', 'safeguarding')
   AND p.kind <> 'own_money' AND ($1::text = '' OR n.ref = $1::text OR strpos(lower(n.name), lower($1::text)) > 0)
 GROUP BY p.budget_ref, n.ref, n.name, p.budget_state
 ORDER BY n.name, p.budget_ref
 LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($2::int, 1) - 1)
