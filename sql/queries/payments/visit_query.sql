-- query: visit_query
-- about: The person or a mandate holder says that a visit was not as recorded. Outcomes: queried, state, mandate_….
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, state text null, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, r ->> 'state' AS state, (r ->> 'replayed')::boolean AS replayed
  FROM payments.visit_query($1::uuid, $2::jsonb) AS r
