-- query: every_type
-- about: Every type, with and without null, and a "quoted" text.
-- lane: slow
-- params: a text, b int null, c bigint null, d money, e bool null, f date null,
--   g time null, h uuid, i bytes null, j json null, k real null
-- row: a text null, b int, b2 int null, c bigint, d money null, e bool, f date, g time, h uuid,
--   i bytes, j json, k real, secret text hidden, note text null hidden
-- rows: many

-- A comment in the statement may hold $99, ' and ; without harm.
SELECT $1::text, $2::int, $2::int, $3::bigint, $4::bigint, $5::bool, $6::date, $7::timestamptz, $8::uuid,
	$9::bytea, $10::jsonb, $11::float8, '$12 is not; a parameter''s "place"', $$it's ; $13$$ /* $14 ; */
  FROM identity.council
 WHERE name ~ 'really??\d' AND "odd;$name" = $q$;$15$q$;
