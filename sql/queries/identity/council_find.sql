-- query: council_find
-- about: The council of one web address part.
-- params: slug text
-- row: id int, name text, phone text, email text
-- rows: maybe
SELECT id, name, phone, email
  FROM identity.council
 WHERE slug = $1::text
