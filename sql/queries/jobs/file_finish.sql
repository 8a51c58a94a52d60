-- query: file_finish
-- about: The outcome of reading a file, stored with its effect.
-- writes: yes
-- params: ref text, state text, report json, outbox_id bigint
-- row: state text
-- rows: one
SELECT jobs.file_finish($1::text, $2::text, $3::jsonb, $4::bigint) AS state
