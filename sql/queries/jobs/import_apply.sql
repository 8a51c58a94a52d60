-- query: import_apply
-- about: Brings the catalogue up to date with one staged batch.
-- lane: slow
-- writes: yes
-- params: run_id bigint, batch int
-- row: added int, changed int, unchanged int, duplicates json
-- rows: one
SELECT added, changed, unchanged, duplicates FROM catalogue.import_apply($1::bigint, $2::int)
