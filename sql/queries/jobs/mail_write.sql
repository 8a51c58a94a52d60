-- query: mail_write
-- about: Writes the e-mails of one letter, once, and settles it.
-- writes: yes
-- params: outbox_id bigint
-- row: mails int
-- rows: one
SELECT jobs.mail_write(ARRAY[$1::bigint]) AS mails
