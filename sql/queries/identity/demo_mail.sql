-- query: demo_mail
-- about: The e-mails of the demonstration town, newest first.
-- row: sent_at text, to_email text, subject text, body text
-- rows: many
SELECT sent_at, to_email, subject, body FROM identity.demo_mail()
