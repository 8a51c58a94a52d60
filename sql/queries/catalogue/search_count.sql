-- query: search_count
-- about: How many results another search would have, up to 100.
-- params: q text, near text null, radius int, all_tags text, any_tags text, max_price money null
-- row: found int
-- rows: one
SELECT catalogue.search_count($1::text, $2::text, $3::int, string_to_array($4::text, ' '), string_to_array($5::text, ' '), $6::bigint) AS found
