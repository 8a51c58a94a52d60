-- query: run_approve
-- about: A second person approves a run: {run}. Outcomes: approved, same_person, held, state.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, state text null, sentence text null, file_ref text null, replayed bool
-- rows: one
SELECT r->>'outcome' AS outcome, r->>'ref' AS ref, r->>'state' AS state, r->>'sentence' AS sentence, r->>'file' AS file_ref, (r->>'replayed')::boolean AS replayed
  FROM payments.run_approve($1::uuid, $2::jsonb) r
