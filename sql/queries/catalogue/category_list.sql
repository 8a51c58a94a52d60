-- query: category_list
-- about: All categories in their order; parents before their children.
-- row: slug text, name text, parent text null, about text, picture text
-- rows: many
SELECT slug, name, parent, about, picture FROM catalogue.category ORDER BY rank
