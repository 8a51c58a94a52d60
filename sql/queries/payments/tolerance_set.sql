-- query: tolerance_set
-- about: Decides a tolerance from a day on. Outcomes: set; asked when it waits for a second officer; absolute, percent, one, past, no_service when something typed does not fit.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text
-- rows: one
SELECT payments.tolerance_set($1::uuid, $2::jsonb) ->> 'outcome' AS outcome
