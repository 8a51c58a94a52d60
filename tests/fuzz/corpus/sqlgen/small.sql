-- query: x
-- about: A.
-- params: a int null, b text
-- row: c money
-- rows: maybe

SELECT $1::int, $2, $q$;$q$;
