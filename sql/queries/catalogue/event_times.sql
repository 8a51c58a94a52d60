-- query: event_times
-- about: When an event takes place from now on; the stamps are for calendars.
-- params: ref text
-- row: day date, starts text, ends text, is_cancelled bool, start_stamp text hidden, end_stamp text hidden
-- rows: many
SELECT (o.starts_at AT TIME ZONE 'Europe/London')::date AS day, catalogue.clock(o.starts_at) AS starts, catalogue.clock(o.ends_at) AS ends, o.is_cancelled,
       to_char(o.starts_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') AS start_stamp, to_char(o.ends_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') AS end_stamp
  FROM catalogue.event_occurrence o JOIN catalogue.event e ON e.id = o.event_id
 WHERE e.ref = $1::text AND e.status <> 'draft' AND o.ends_at > now()
 ORDER BY o.starts_at
 LIMIT 52
