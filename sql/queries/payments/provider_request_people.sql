-- query: provider_request_people
-- about: Whom a request of this provider is for: one person, or all who share it, each with their part. One answer is for all of them.
-- params: ref text
-- row: ref text, person_name text, total money, visit_price money
-- rows: many
SELECT o.ref, p.name AS person_name, o.total, l.visit_price
  FROM payments.orders o
  JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id
  JOIN identity.person p ON p.council_id = o.council_id AND p.id = o.person_id
 WHERE o.council_id = mc.council() AND mc.role() = 'provider' AND o.organisation_id = mc.organisation() AND o.id = ANY (payments.order_mates($1::text))
 ORDER BY o.id
