-- query: import_categories
-- about: The categories that a mapping may name.
-- row: slug text
-- rows: many
SELECT slug FROM catalogue.category ORDER BY slug
