-- query: pool_list
-- about: What the person proposed, takes part in, left or said no to, newest first, fifty a page.
-- params: page int
-- row: ref text, title text, organisation_name text, state text, minimum int, most int, people int null, closes_on date, starts_on date, recurrence text, occurrences int, share money null,
--   total money null, order_ref text null
-- rows: many
-- page: 50
SELECT p.ref, p.title, g.name AS organisation_name, payments.pool_state(p, m) AS state, p.minimum, p.most,
       CASE WHEN m.state = 'in' OR p.person_id = mc.person() THEN (SELECT count(*) FROM payments.pool_members(p.id))::int END AS people, p.closes_on, p.starts_on, p.recurrence, p.occurrences,
       CASE WHEN m.state = 'in' THEN l.visit_price END AS share, CASE WHEN m.state = 'in' THEN o.total END AS total, o.ref AS order_ref
  FROM payments.pool p
  JOIN identity.organisation g ON g.id = p.organisation_id
  LEFT JOIN LATERAL payments.pool_answer(p.id) m ON true
  LEFT JOIN payments.orders o ON o.council_id = m.council_id AND o.id = m.order_id
  LEFT JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id
 WHERE p.council_id = mc.council() AND p.id IN (SELECT x.id FROM payments.pool x WHERE x.council_id = mc.council() AND x.person_id = mc.person()
                                                UNION SELECT x.pool_id FROM payments.pool_member x WHERE x.council_id = mc.council() AND x.person_id = mc.person())
 ORDER BY p.id DESC
 LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
