-- query: pool_start
-- about: Propose to pay for an activity together. No money yet. Outcomes: started, no_listing, too_short, bad_dates, bad_close, too_many, related_party, mandate_….
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, invitation text null, minimum_minutes int null, next_step text null
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, r ->> 'invitation' AS invitation, (r ->> 'minimum_minutes')::int AS minimum_minutes, r ->> 'next_step' AS next_step
  FROM payments.pool_start($1::uuid, $2::jsonb) AS r
