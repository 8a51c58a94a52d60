-- query: portion_route_change
-- about: An officer changes who holds a portion, from today. Outcomes: changed, changed_today.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, next_step text null, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'next_step' AS next_step, (r ->> 'replayed')::boolean AS replayed
  FROM payments.portion_route_change($1::uuid, $2::jsonb) AS r
