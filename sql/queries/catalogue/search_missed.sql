-- query: search_missed
-- about: Counts a search that found nothing, without any person.
-- writes: yes
-- params: q text, near text null, address text
-- row: times int null
-- rows: one
SELECT catalogue.search_missed($1::text, $2::text, $3::text) AS times
