-- query: pound_trail
-- about: Follow the pound of a person, or of one of their budgets: allocation, order, visit, invoice, run, bank line; one row a step, fit for CSV.
-- lane: slow
-- params: person text, budget text null
-- row: at time null, said_when text null hidden, step text, ref text null, order_ref text null, actor text null, mandate text null, outcome text null, amount money null, detail text null
-- rows: many
SELECT s.at, payments.said_at(s.at) AS said_when, s.step, s.ref, s.order_ref, a.name AS actor, m.ref AS mandate, s.outcome, s.amount, s.detail
  FROM identity.person p
  JOIN payments.pound_step s ON s.council_id = p.council_id AND s.person_id = p.id
  LEFT JOIN identity.account_name a ON a.id = s.actor_id
  LEFT JOIN identity.mandate m ON m.council_id = s.council_id AND m.id = s.mandate_id
 WHERE p.council_id = mc.council() AND p.ref = $1::text AND ($2::text IS NULL OR $2::text = ANY (s.budgets))
   AND (p.id = mc.person() OR mc.role() IN ('auditor', 'finance', 'commissioner'))
 ORDER BY s.order_ref NULLS FIRST, s.place, s.at, s.ref, s.detail, s.outcome, s.amount LIMIT mc.list_most(5000)
