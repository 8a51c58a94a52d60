-- query: order_list
-- about: The person's orders, newest first, fifty a page.
-- params: page int
-- row: ref text, state text, title text, organisation_name text, total money, asked_at time, asked_when text, answer_by time, answer_by_when text, starts_on date, recurrence text, occurrences int, ordered_by text, is_by_mandate bool
-- rows: many
-- page: 50
SELECT o.ref, o.state, l.title, g.name AS organisation_name, o.total, o.asked_at, payments.said_at(o.asked_at) AS asked_when, o.answer_by, payments.said_at(o.answer_by) AS answer_by_when, l.starts_on, l.recurrence, l.occurrences,
       a.name AS ordered_by, o.mandate_id IS NOT NULL AS is_by_mandate
  FROM payments.orders o
  JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id
  JOIN identity.organisation g ON g.id = o.organisation_id
  JOIN identity.account_name a ON a.id = o.ordered_by
 WHERE o.council_id = mc.council() AND o.person_id = mc.person()
 ORDER BY o.id DESC
 LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
