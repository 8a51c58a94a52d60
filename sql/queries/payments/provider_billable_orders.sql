-- query: provider_billable_orders
-- about: The provider's orders with visits that are due and not billed. A micro-enterprise bills confirmed visits; for the others delivered ones count too.
-- params: confirmed_only bool
-- row: order_ref text, title text, person_name text, visits int, first_on date, last_on date, amount money
-- rows: many
SELECT b.order_ref, min(b.title) AS title, min(p.name) AS person_name, count(*)::int AS visits, min(b.planned_on) AS first_on, max(b.planned_on) AS last_on, sum(b.amount)::bigint AS amount
  FROM payments.billable_visit b JOIN identity.person p ON p.council_id = b.council_id AND p.id = b.person_id
 WHERE b.council_id = mc.council() AND b.organisation_id = mc.organisation() AND mc.role() = 'provider' AND (b.state = 'confirmed' OR NOT $1::boolean)
 GROUP BY b.order_ref ORDER BY min(b.planned_on), b.order_ref LIMIT 200
