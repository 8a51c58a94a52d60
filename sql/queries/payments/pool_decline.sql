-- query: pool_decline
-- about: Say no to an invitation: on record, and told to nobody. Outcomes: declined, already, closed, mandate_….
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref FROM payments.pool_decline($1::uuid, $2::jsonb) AS r
