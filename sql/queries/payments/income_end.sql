-- query: income_end
-- about: Nothing more of a series is expected after today. Outcomes: ended, state.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text
-- rows: one
SELECT r->>'outcome' AS outcome FROM payments.income_end($1::uuid, $2::jsonb) r
