-- query: provider_billable_visits
-- about: The visits of an order that an invoice for these days would bill, one line each, with the running sum.
-- params: order_ref text, from_on date null, to_on date null, confirmed_only bool
-- row: ref text, planned_on date, title text, quantity text, unit_price money, amount money, state text, sum money
-- rows: many
SELECT b.visit_ref AS ref, b.planned_on, b.title, payments.amount_words(b.quantity, b.unit) AS quantity, b.unit_price, b.amount, b.state,
       (sum(b.amount) OVER (ORDER BY b.planned_on, b.visit_id))::bigint AS sum
  FROM payments.billable_visit b
 WHERE b.council_id = mc.council() AND b.organisation_id = mc.organisation() AND mc.role() = 'provider' AND b.order_ref = $1::text
   AND ($2::date IS NULL OR b.planned_on >= $2::date) AND ($3::date IS NULL OR b.planned_on <= $3::date) AND (b.state = 'confirmed' OR NOT $4::boolean)
 ORDER BY b.planned_on, b.visit_id LIMIT 400
