-- Run at every start: the groups' dates for the next eight weeks, so that the town never looks stale.
INSERT INTO catalogue.event_occurrence (event_id, starts_at, ends_at)
SELECT d.event_id, (day + d.starts) AT TIME ZONE 'Europe/London', (day + d.starts) AT TIME ZONE 'Europe/London' + make_interval(mins => d.minutes)
  FROM mc.demo_event d, LATERAL (SELECT (current_date + n)::timestamp AS day FROM generate_series(0, 56) n WHERE extract(isodow FROM current_date + n) = d.weekday) days
ON CONFLICT DO NOTHING;
