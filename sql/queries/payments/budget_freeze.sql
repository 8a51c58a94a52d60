-- query: budget_freeze
-- about: An officer freezes a budget or opens it again. Outcomes: frozen, active, state.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, state text null, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'state' AS state, (r ->> 'replayed')::boolean AS replayed
  FROM payments.budget_freeze($1::uuid, $2::jsonb) AS r
