-- query: file_take
-- about: The bytes of a stored file that is to be read, and who sent it.
-- writes: yes
-- params: council_id int, ref text
-- row: kind text, name text, organisation_id bigint null, bytes bytes
-- rows: maybe
SELECT kind, name, organisation_id, bytes FROM jobs.file_take($1::int, $2::text)
