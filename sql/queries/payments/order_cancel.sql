-- query: order_cancel
-- about: The person or a mandate holder cancels what has not happened yet. Outcomes: cancelled, state, mandate_….
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, state text null, replayed bool, released money null, still_due money null
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, r ->> 'state' AS state, (r ->> 'replayed')::boolean AS replayed, (r ->> 'released')::bigint AS released, (r ->> 'still_due')::bigint AS still_due
  FROM payments.order_cancel($1::uuid, $2::jsonb) AS r
