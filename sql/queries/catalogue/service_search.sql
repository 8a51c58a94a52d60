-- query: service_search
-- about: A page of services and groups, best match first. Tags are separated by spaces; prices are those the viewer may see.
-- params: q text, near text null, radius int, all_tags text, any_tags text, max_price money null, sort text, page int
-- row: ref text, slug text, title text, summary text, category text, category_name text, organisation text null, place text null, price money null, is_agreed bool, unit text null, miles real null, fresh_on date, is_listing bool, found int hidden, is_more bool hidden, is_any_word bool hidden, facets json hidden
-- rows: many
-- page: 20
SELECT s.ref, s.slug, s.title, s.summary, s.category, s.category_name, s.organisation, s.place, s.price, s.is_agreed, catalogue.unit_words(s.unit) AS unit,
       (s.metres / 1609.344)::float8 AS miles, s.fresh_on, s.kind = 'listing' AS is_listing, s.found, s.is_more, s.is_any_word, s.facets
  FROM catalogue.search($1::text, $2::text, $3::int, string_to_array($4::text, ' '), string_to_array($5::text, ' '), $6::bigint, $7::text, $8::int) s
