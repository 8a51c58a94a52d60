-- query: directory_one
-- about: One item of a list of the directory, with everything in it.
-- params: list text, id uuid, asked json, base text
-- row: body text null
-- rows: one
SELECT catalogue.directory_one($1::text, $2::uuid, $3::jsonb, $4::text)::text AS body
