-- query: calendar_stamp
-- about: Now, in the form of calendar files.
-- row: stamp text
-- rows: one
SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') AS stamp
