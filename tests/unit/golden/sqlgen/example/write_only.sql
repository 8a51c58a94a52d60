-- query: write_only
-- about: A write that gives nothing back: £.
-- writes: yes
-- params: id bigint
-- rows: none
DELETE FROM jobs.mail WHERE id = $1::bigint
