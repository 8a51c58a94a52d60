-- query: link_show
-- about: Whose sign-in link it is, without using it up.
-- params: link bytes
-- row: email_hint text, asked_at text
-- rows: maybe
SELECT email_hint, asked_at FROM identity.link_show($1::bytea)
