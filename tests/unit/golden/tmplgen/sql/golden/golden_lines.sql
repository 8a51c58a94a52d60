-- query: golden_lines
-- about: What a golden template is given.
-- row: ref text, title text null, price money null, n int null, ends date null, paid bool null,
--   share real null, secret bytes hidden
-- rows: many
SELECT 1
