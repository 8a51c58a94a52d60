-- query: application_send
-- about: Somebody offers to give support. Outcomes: sent, too_many.
-- writes: yes
-- params: key uuid, request json, address text
-- row: outcome text, ref text null
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref FROM identity.application_send($1::uuid, $2::jsonb, $3::text) r
