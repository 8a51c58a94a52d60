-- query: mail_sent
-- about: The relay took an e-mail.
-- writes: yes
-- params: id bigint
-- rows: none
UPDATE jobs.mail SET sent_at = now(), error = NULL WHERE id = $1::bigint
