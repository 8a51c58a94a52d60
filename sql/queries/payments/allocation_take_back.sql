-- query: allocation_take_back
-- about: An officer takes back what is free, with a reason. Outcomes: taken_back, short.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, amount money null, free money null, short_by money null, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, (r ->> 'amount')::bigint AS amount, (r ->> 'free')::bigint AS free, (r ->> 'short_by')::bigint AS short_by, (r ->> 'replayed')::boolean AS replayed
  FROM payments.allocation_take_back($1::uuid, $2::jsonb) AS r
