-- query: my_money
-- about: What is left, a row a purse in its order of use. Bars are thousandths of what was allocated.
-- row: budget_ref text, budget_state text, funder text, kind text, portion_ref text, route text, holder text null, starts_on date, ends_on date,
--   allocated money, held money, spent money, free money, held_permille int, spent_permille int
-- rows: many
SELECT p.budget_ref, p.budget_state, p.funder, p.kind, p.portion_ref, r.route, coalesce(o.name, a.name) AS holder, p.starts_on, p.ends_on,
       p.allocated, p.held, p.spent, p.free,
       (p.held * 1000 / greatest(p.allocated, 1))::int AS held_permille, (p.spent * 1000 / greatest(p.allocated, 1))::int AS spent_permille
  FROM payments.budget_position p
  JOIN payments.portion_route r ON r.council_id = p.council_id AND r.portion_id = p.portion_id AND r.ends_on IS NULL
  LEFT JOIN identity.organisation o ON o.id = r.holder_organisation_id
  LEFT JOIN identity.account_name a ON a.id = r.holder_account_id
 WHERE p.council_id = mc.council() AND p.person_id = mc.person() AND p.budget_state <> 'ended'
 ORDER BY p.starts_on, p.use_order, p.funding_line_id, p.portion_id
