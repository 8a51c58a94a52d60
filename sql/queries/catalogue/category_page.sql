-- query: category_page
-- about: One category and its parent.
-- params: slug text
-- row: slug text, name text, about text, picture text, parent text null, parent_name text null
-- rows: maybe
SELECT c.slug, c.name, c.about, c.picture, p.slug AS parent, p.name AS parent_name
  FROM catalogue.category c LEFT JOIN catalogue.category p ON p.slug = c.parent
 WHERE c.slug = $1::text
