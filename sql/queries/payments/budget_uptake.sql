-- query: budget_uptake
-- about: How budgets are held today: people by route. Fewer than five people are never counted out; a person with two routes counts in both.
-- row: route text, people int null
-- rows: many
SELECT r.route, CASE WHEN count(DISTINCT p.person_id) >= 5 THEN count(DISTINCT p.person_id)::int END AS people
  FROM payments.budget_position p
  JOIN payments.portion_route r ON r.council_id = p.council_id AND r.portion_id = p.portion_id AND r.ends_on IS NULL
 WHERE p.council_id = mc.council() AND mc.role() IN ('commissioner', 'finance', 'auditor') AND p.budget_state <> 'ended' AND p.kind <> 'own_money'
   AND ledger.today() BETWEEN p.starts_on AND p.ends_on
 GROUP BY r.route ORDER BY r.route
