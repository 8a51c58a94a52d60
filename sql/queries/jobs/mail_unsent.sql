-- query: mail_unsent
-- about: E-mails that wait for the relay.
-- row: id bigint, to_email text, subject text, body text
-- rows: many
SELECT id, to_email, subject, body FROM jobs.mail WHERE sent_at IS NULL ORDER BY id LIMIT 20
