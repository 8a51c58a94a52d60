-- query: order_accept
-- about: The provider accepts a request. Outcomes: accepted, state.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, state text null, replayed bool, visits int null
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, r ->> 'state' AS state, (r ->> 'replayed')::boolean AS replayed, (r ->> 'visits')::int AS visits
  FROM payments.order_accept($1::uuid, $2::jsonb) AS r
