-- query: visit_deliver
-- about: The provider says what happened. Outcomes: delivered, frustrated, missed, too_early, state.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, state text null, replayed bool, amount money null, minutes int null
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, r ->> 'state' AS state, (r ->> 'replayed')::boolean AS replayed, (r ->> 'amount')::bigint AS amount, (r ->> 'minutes')::int AS minutes
  FROM payments.visit_deliver($1::uuid, $2::jsonb) AS r
