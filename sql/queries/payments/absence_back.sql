-- query: absence_back
-- about: The person or a mandate holder says that the person is back: what is still to come goes on. Outcomes: back, state, changed, bad_dates, mandate_….
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, state text null, next_step text null, visits int null, left_off int null, held money null
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, r ->> 'state' AS state, r ->> 'next_step' AS next_step, (r ->> 'visits')::int AS visits, (r ->> 'left_off')::int AS left_off,
       (r ->> 'held')::bigint AS held
  FROM payments.absence_back($1::uuid, $2::jsonb) AS r
