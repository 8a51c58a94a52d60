-- What invoices, runs and the bank are compared with. Every view names its council by row-level security and by its readers' predicates.

-- Visits that money is due for and that no live invoice bills yet. Quantity is in the order's unit: what was delivered, or where a rule of the
-- order makes the amount differ (minimum call, late cancellation), the quantity that the amount stands for.
CREATE OR REPLACE VIEW payments.billable_visit AS
SELECT v.council_id, v.id AS visit_id, v.ref AS visit_ref, v.organisation_id, v.person_id, v.order_id, o.ref AS order_ref, v.order_line_id,
       (SELECT count(*) FROM payments.order_line e WHERE e.council_id = l.council_id AND e.order_id = l.order_id AND e.id <= l.id)::int AS line_no,
       l.listing_ref, l.title, l.unit, l.unit_price, v.planned_on, v.state, v.amount, v.held,
       CASE WHEN l.unit <> 'hour' AND v.amount = v.price THEN l.quantity::numeric
            WHEN l.unit = 'hour' AND abs(coalesce(v.actual_minutes, v.planned_minutes) * l.unit_price / 60.0 - v.amount) <= 1
              THEN round(coalesce(v.actual_minutes, v.planned_minutes) / 60.0, 6)
            ELSE round(v.amount::numeric / greatest(l.unit_price, 1), 6) END AS quantity
  FROM payments.visit v
  JOIN payments.orders o ON o.council_id = v.council_id AND o.id = v.order_id
  JOIN payments.order_line l ON l.council_id = v.council_id AND l.id = v.order_line_id
 WHERE v.state IN ('delivered', 'confirmed', 'frustrated', 'cancelled') AND v.amount > 0 AND v.invoice_ref IS NULL
   AND NOT EXISTS (SELECT FROM payments.invoice_visit b WHERE b.council_id = v.council_id AND b.visit_id = v.id AND b.credited_by IS NULL);
GRANT SELECT ON payments.billable_visit TO mc_web, mc_jobs, mc_verify;
