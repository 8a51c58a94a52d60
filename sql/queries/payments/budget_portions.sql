-- query: budget_portions
-- about: The funding lines of a budget and who holds each portion today. The person's own money is not the council's business.
-- params: ref text
-- row: funder text, kind text, starts_on date, ends_on date, portion_ref text, route text null, holder text null, allocated money, held money, spent money, free money
-- rows: many
SELECT p.funder, p.kind, p.starts_on, p.ends_on, p.portion_ref, r.route, coalesce(o.name, a.name) AS holder, p.allocated, p.held, p.spent, p.free
  FROM payments.budget_position p
  LEFT JOIN payments.portion_route r ON r.council_id = p.council_id AND r.portion_id = p.portion_id AND r.ends_on IS NULL
  LEFT JOIN identity.organisation o ON o.id = r.holder_organisation_id
  LEFT JOIN identity.account_name a ON a.id = r.holder_account_id
 WHERE p.council_id = mc.council() AND p.budget_ref = $1::text AND p.kind <> 'own_money' AND mc.role() IN ('commissioner', 'finance', 'auditor', 'safeguarding')
 ORDER BY p.use_order, p.funding_line_id, p.portion_id
