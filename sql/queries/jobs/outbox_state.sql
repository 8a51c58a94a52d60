-- query: outbox_state
-- about: How much is due and waits, for the metrics page: letters that are to go out later wait for their time. Parked are messages and e-mails.
-- row: waiting bigint, parked bigint
-- rows: one
SELECT (SELECT count(*) FROM jobs.outbox WHERE done_at IS NULL AND parked_at IS NULL AND (tries > 0 OR not_before <= now())) AS waiting,
       (SELECT count(*) FROM jobs.outbox WHERE parked_at IS NOT NULL) + (SELECT count(*) FROM jobs.mail WHERE parked_at IS NOT NULL) AS parked
