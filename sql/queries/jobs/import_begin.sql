-- query: import_begin
-- about: Starts the import of a list, or finds the unfinished one of the same files.
-- writes: yes
-- params: source text, sha256 text, rows int, failed int
-- row: run_id bigint, next_batch int
-- rows: one
SELECT run_id, next_batch FROM catalogue.import_begin($1::text, $2::text, $3::int, $4::int)
