-- query: directory_lines
-- about: The next lines of a list of the directory, for readers who want all of it.
-- lane: slow
-- params: list text, asked json, base text, after bigint
-- row: place bigint, line text
-- rows: many
SELECT place, line FROM catalogue.directory_lines($1::text, $2::jsonb, $3::text, $4::bigint)
