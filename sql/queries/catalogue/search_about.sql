-- query: search_about
-- about: What was searched for, with spelling corrected, and whether the place is known.
-- params: q text, near text null
-- row: shown text, is_corrected bool, postcode text null, is_placed bool, is_rough bool
-- rows: one
SELECT shown, is_corrected, postcode, is_placed, is_rough FROM catalogue.search_about($1::text, $2::text)
