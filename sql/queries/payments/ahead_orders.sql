-- query: ahead_orders
-- about: The orders that run or wait for an answer: until when each is held already, and what it would cost behind that day, or why it does not go on.
-- row: ref text, title text, organisation_name text, state text, visit_price money, last_on date, ends text null, visits int, cost money, lacking money
-- rows: many
SELECT o.ref, t.title, g.name AS organisation_name, o.state, t.visit_price, a.last_on, a.ends, a.visits::int, a.cost, a.lacking
  FROM payments.ahead_order_list() a
  JOIN payments.orders o ON o.council_id = mc.council() AND o.id = a.order_id AND o.person_id = mc.person()
  JOIN payments.order_line t ON t.council_id = o.council_id AND t.order_id = o.id
  JOIN identity.organisation g ON g.id = o.organisation_id
 ORDER BY t.title, o.id
 LIMIT 500
