-- query: import_postcodes
-- about: Takes the staged postcodes over.
-- lane: slow
-- writes: yes
-- row: added int, changed int, unchanged int
-- rows: one
SELECT added, changed, unchanged FROM catalogue.import_postcodes()
