-- query: statement_accept
-- about: A person answers for a statement that does not add up: {statement, note}. Outcomes: accepted, not_held.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, replayed bool
-- rows: one
SELECT r->>'outcome' AS outcome, (r->>'replayed')::boolean AS replayed FROM payments.statement_accept($1::uuid, $2::jsonb) r
