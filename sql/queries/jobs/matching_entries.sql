-- query: matching_entries
-- about: The open lines of an account behind this day and id, as the entries of `reconcile match`.
-- params: bank_account bigint, day date, after bigint, most int
-- row: id bigint, booked_on date, entry text
-- rows: many
SELECT id, booked_on, entry::text AS entry FROM payments.open_entries($1::bigint, coalesce($2::date, '-infinity'), $3::bigint, $4::int)
