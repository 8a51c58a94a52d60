-- query: provider_request_people
-- about: Whom a request of this provider is for: one person, or all who share it, each with their part of what is for all together. One answer is for all of them.
-- params: ref text
-- row: ref text, person_name text, total money, visit_price money, unit text, quantity int
-- rows: many
SELECT o.ref, p.name AS person_name, o.total, l.visit_price, coalesce(q.unit, l.unit) AS unit, coalesce(q.quantity, l.quantity) AS quantity
  FROM payments.orders o
  JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id
  JOIN identity.person p ON p.council_id = o.council_id AND p.id = o.person_id
  LEFT JOIN payments.pool_member m ON m.council_id = o.council_id AND m.order_id = o.id
  LEFT JOIN payments.pool q ON q.council_id = m.council_id AND q.id = m.pool_id
 WHERE o.council_id = mc.council() AND mc.role() = 'provider' AND o.organisation_id = mc.organisation() AND o.id = ANY (payments.order_mates($1::text))
 ORDER BY o.id
