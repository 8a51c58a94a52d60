-- query: order_purses
-- about: Which purses pay for an order, in their order of use: promised, spent and still held. Not for providers.
-- params: ref text
-- row: funder text, portion_ref text, held money, spent money, still_held money
-- rows: many
SELECT l.funder, p.ref AS portion_ref, oh.amount AS held,
       coalesce((SELECT sum(c.amount) FROM payments.capture c WHERE c.council_id = oh.council_id AND c.hold_id = oh.hold_id), 0)::bigint AS spent, h.rest AS still_held
  FROM payments.orders o
  JOIN payments.order_hold oh ON oh.council_id = o.council_id AND oh.order_id = o.id
  JOIN ledger.hold h ON h.council_id = oh.council_id AND h.id = oh.hold_id
  JOIN payments.portion p ON p.council_id = oh.council_id AND p.id = oh.portion_id
  JOIN payments.funding_line l ON l.council_id = p.council_id AND l.id = p.funding_line_id
 WHERE o.council_id = mc.council() AND o.ref = $1::text
   AND (o.person_id = mc.person() OR mc.role() IN ('commissioner', 'finance', 'auditor'))
 ORDER BY oh.position
