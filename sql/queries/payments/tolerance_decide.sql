-- query: tolerance_decide
-- about: A second officer agrees to a wider tolerance, or it is refused or taken back. Outcomes: agreed, refused, same_person, not_waiting.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text
-- rows: one
SELECT payments.tolerance_decide($1::uuid, $2::jsonb) ->> 'outcome' AS outcome
