-- query: councils
-- about: Every council of the installation.
-- row: id int, name text
-- rows: many
SELECT id, name FROM identity.council ORDER BY id
