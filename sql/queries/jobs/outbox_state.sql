-- query: outbox_state
-- about: How much waits, for the metrics page.
-- row: waiting bigint, parked bigint
-- rows: one
SELECT count(*) FILTER (WHERE parked_at IS NULL) AS waiting, count(*) FILTER (WHERE parked_at IS NOT NULL) AS parked
  FROM jobs.outbox WHERE done_at IS NULL
