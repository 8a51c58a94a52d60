-- query: list_whole
-- about: What follows in this unit is taken along as a file: lists give mc.list_most() rows instead of a page of them.
-- lane: slow
-- row: list text, most int
-- rows: one
SELECT set_config('mc.list', 'whole', true) AS list, mc.list_most(0) AS most
