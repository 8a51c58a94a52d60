-- query: absence_start
-- about: The person or a mandate holder says that the person is away: what is planned stops. Outcomes: away, overlaps, changed, bad_dates, mandate_….
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, away text null, next_step text null, visits int null, released money null, due money null
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, r ->> 'away' AS away, r ->> 'next_step' AS next_step, (r ->> 'visits')::int AS visits, (r ->> 'released')::bigint AS released,
       (r ->> 'due')::bigint AS due
  FROM payments.absence_start($1::uuid, $2::jsonb) AS r
