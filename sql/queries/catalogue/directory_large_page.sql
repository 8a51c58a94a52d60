-- query: directory_large_page
-- about: The same as directory_page for pages of many items, which must not hold up those who want few.
-- lane: slow
-- params: list text, asked json, base text
-- row: body text
-- rows: one
SELECT catalogue.directory_page($1::text, $2::jsonb, $3::text)::text AS body
