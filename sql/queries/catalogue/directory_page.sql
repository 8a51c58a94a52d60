-- query: directory_page
-- about: A page of a list of the directory. asked: the parameters of the request; base: how people reach our pages.
-- params: list text, asked json, base text
-- row: body text
-- rows: one
SELECT catalogue.directory_page($1::text, $2::jsonb, $3::text)::text AS body
