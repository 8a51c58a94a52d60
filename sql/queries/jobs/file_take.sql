-- query: file_take
-- about: A stored file that is to be read: of what kind and how long it is, and who sent it.
-- writes: yes
-- params: council_id int, ref text
-- row: kind text, name text, organisation_id bigint null, size int
-- rows: maybe
SELECT kind, name, organisation_id, size FROM jobs.file_take($1::int, $2::text)
