-- query: file_bytes
-- about: At most this many bytes of a stored file behind the first `after` ones.
-- params: ref text, after int, most int
-- row: bytes bytes
-- rows: maybe
SELECT substr(f.bytes, $2::int + 1, $3::int) AS bytes FROM jobs.file f WHERE f.council_id = mc.council() AND f.ref = $1::text
