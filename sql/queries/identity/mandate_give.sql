-- query: mandate_give
-- about: The person lets somebody act for them.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref FROM identity.mandate_give($1::uuid, $2::jsonb) r
