-- query: pool_leave
-- about: Leave until the last day to join: the share is free again. Outcomes: left, closed, not_in, mandate_….
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, released money null
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, (r ->> 'released')::bigint AS released FROM payments.pool_leave($1::uuid, $2::jsonb) AS r
