-- query: mail_write_due
-- about: Writes the e-mails of all letters that are due, up to so many, and settles them together.
-- writes: yes
-- params: most int
-- row: letters int
-- rows: one
SELECT jobs.mail_write_due($1::int) AS letters
