-- query: outbox_settle
-- about: A message is done (no error), or tried again later.
-- writes: yes
-- params: id bigint, error text null
-- row: outcome text
-- rows: one
SELECT jobs.settle($1::bigint, $2::text) AS outcome
