-- query: concern_raise
-- about: Tells the safeguarding team.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref FROM identity.concern_raise($1::uuid, $2::jsonb) r
