-- query: jobs_enter
-- about: The context of a piece of work for one council.
-- params: council_id int, organisation_id bigint null
-- row: context text hidden
-- rows: one
SELECT jobs.enter($1::int, $2::bigint) AS context
