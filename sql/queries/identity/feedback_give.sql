-- query: feedback_give
-- about: Whether a page was useful, stored without any person.
-- writes: yes
-- params: key uuid, request json, address text
-- row: outcome text
-- rows: one
SELECT identity.feedback_give($1::uuid, $2::jsonb, $3::text) AS outcome
