-- query: import_enter
-- about: The first statement of every unit of an import: the council that curates the list.
-- params: council_id int
-- row: name text
-- rows: maybe
SELECT c.name FROM identity.council c WHERE c.id = $1::int AND set_config('mc.council', $1::text, true) <> ''
