-- query: file_store
-- about: Stores one of the files that were sent together; jobs reads it. `place` tells them apart, so that sending all again stores none twice.
-- writes: yes
-- params: key uuid, place int, kind text, name text, bytes bytes
-- row: outcome text, ref text, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, (r ->> 'replayed')::boolean AS replayed
  FROM jobs.file_store(md5($1::uuid || ' file ' || $2::int)::uuid, $3::text, $4::text, $5::bytea) r
