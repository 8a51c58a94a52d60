-- query: pool_join
-- about: Take part: the share at its largest is set aside. Outcomes: joined, already, closed, full, other_price, those of order_place.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, short_by money null, ceiling money null, next_step text null
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, (r ->> 'short_by')::bigint AS short_by, (r ->> 'ceiling')::bigint AS ceiling, r ->> 'next_step' AS next_step
  FROM payments.pool_join($1::uuid, $2::jsonb) AS r
