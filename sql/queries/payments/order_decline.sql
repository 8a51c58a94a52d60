-- query: order_decline
-- about: The provider declines a request. Outcomes: declined, state.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, state text null, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, r ->> 'state' AS state, (r ->> 'replayed')::boolean AS replayed
  FROM payments.order_decline($1::uuid, $2::jsonb) AS r
