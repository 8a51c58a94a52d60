-- query: budget_allocate
-- about: An officer allocates money, or a person adds their own. Outcome: allocated.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, budget_ref text null, total money null, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'budget' AS budget_ref, (r ->> 'total')::bigint AS total, (r ->> 'replayed')::boolean AS replayed
  FROM payments.budget_allocate($1::uuid, $2::jsonb) AS r
