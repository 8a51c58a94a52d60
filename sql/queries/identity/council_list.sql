-- query: council_list
-- about: The councils that take part, by name: what a visitor chooses from.
-- row: id int, slug text, name text, phone text, email text
-- rows: many
SELECT id, slug, name, phone, email
  FROM identity.council
 ORDER BY name, id
