-- query: person_outcomes
-- about: The outcomes of the person's support plan that an order can name, with what was ordered and spent for each.
-- row: ref text, title text, agreed_on date, ordered money, spent money
-- rows: many
SELECT t.ref, t.title, t.agreed_on, coalesce(s.ordered, 0)::bigint AS ordered, coalesce(s.spent, 0)::bigint AS spent
  FROM payments.outcome t
  LEFT JOIN LATERAL (SELECT sum(o.total) AS ordered, sum((SELECT sum(c.amount) FROM payments.capture c WHERE c.council_id = o.council_id AND c.order_id = o.id)) AS spent
                       FROM payments.order_line l JOIN payments.orders o ON o.council_id = l.council_id AND o.id = l.order_id
                      WHERE l.council_id = t.council_id AND l.outcome_id = t.id AND o.state IN ('asked', 'accepted', 'finished', 'cancelled')) AS s ON true
 WHERE t.council_id = mc.council() AND t.person_id = mc.person() AND (t.ended_on IS NULL OR t.ended_on >= ledger.today())
 ORDER BY t.title
