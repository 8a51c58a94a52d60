-- query: run_acknowledge
-- about: The bank took the file: {run}. Outcomes: acknowledged, state.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, state text null, sentence text null, file_ref text null, replayed bool
-- rows: one
SELECT r->>'outcome' AS outcome, r->>'ref' AS ref, r->>'state' AS state, r->>'sentence' AS sentence, r->>'file' AS file_ref, (r->>'replayed')::boolean AS replayed
  FROM payments.run_acknowledge($1::uuid, $2::jsonb) r
