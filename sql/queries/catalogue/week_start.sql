-- query: week_start
-- about: Today in London, for pages that show a week.
-- row: today date
-- rows: one
SELECT (now() AT TIME ZONE 'Europe/London')::date AS today
