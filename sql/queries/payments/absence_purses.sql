-- query: absence_purses
-- about: To which purse how much would come back if everything planned in that time were stopped now.
-- params: from_on date, to_on date null
-- row: funder text, released money
-- rows: many
SELECT p.funder, sum(h.amount)::bigint AS released
  FROM payments.absence_finds(mc.person(), $1::date, $2::date) f
  JOIN payments.visit_hold h ON h.council_id = mc.council() AND h.visit_id = (f.v).id
  JOIN payments.order_hold oh ON oh.council_id = h.council_id AND oh.hold_id = h.hold_id
  JOIN payments.budget_position p ON p.council_id = oh.council_id AND p.portion_id = oh.portion_id
 WHERE f.due = 0
 GROUP BY p.funder, p.use_order, p.portion_id
 ORDER BY p.use_order, p.portion_id
