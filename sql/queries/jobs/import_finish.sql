-- query: import_finish
-- about: Ends an import and proposes for hiding what its files no longer name.
-- lane: slow
-- writes: yes
-- params: run_id bigint
-- row: added int, changed int, unchanged int, duplicates int, proposed int
-- rows: one
SELECT added, changed, unchanged, duplicates, proposed FROM catalogue.import_finish($1::bigint)
