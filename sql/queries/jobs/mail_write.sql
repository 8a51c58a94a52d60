-- query: mail_write
-- about: Writes the e-mails of one message, once, and settles it.
-- writes: yes
-- params: outbox_id bigint, payload json
-- row: mails int
-- rows: one
SELECT jobs.mail_write($1::bigint, $2::jsonb) AS mails
