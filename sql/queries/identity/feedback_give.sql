-- query: feedback_give
-- about: Whether a page was useful, stored without any person.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text
-- rows: one
SELECT identity.feedback_give($1::uuid, $2::jsonb) AS outcome
