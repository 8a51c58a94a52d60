-- query: visit_confirm
-- about: The person or a mandate holder confirms a visit. Outcomes: confirmed, state, mandate_….
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, state text null, replayed bool, amount money null
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, r ->> 'state' AS state, (r ->> 'replayed')::boolean AS replayed, (r ->> 'amount')::bigint AS amount
  FROM payments.visit_confirm($1::uuid, $2::jsonb) AS r
