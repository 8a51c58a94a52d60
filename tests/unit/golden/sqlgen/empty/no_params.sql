-- query: no_params
-- about: Neither parameters nor a lane.
-- params:
-- row: n int
-- rows: one
SELECT 1
