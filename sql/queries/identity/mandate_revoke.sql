-- query: mandate_revoke
-- about: Ends a mandate at once.
-- writes: yes
-- params: key uuid, ref text
-- row: outcome text
-- rows: one
SELECT r ->> 'outcome' AS outcome FROM identity.mandate_revoke($1::uuid, $2::text) r
