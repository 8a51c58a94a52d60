-- query: mail_unsent
-- about: E-mails that wait for the relay, those whose time has come.
-- row: id bigint, to_email text, subject text, body text
-- rows: many
SELECT id, to_email, subject, body FROM jobs.mail WHERE sent_at IS NULL AND parked_at IS NULL AND not_before <= now() ORDER BY not_before, id LIMIT 20
