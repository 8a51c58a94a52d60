-- query: concern_list
-- about: The safeguarding team's inbox, newest first.
-- row: ref text, raised_at text, raised_by text, about text null, concern text
-- rows: many
SELECT c.ref, to_char(c.raised_at AT TIME ZONE 'Europe/London', 'FMDD FMMonth YYYY, HH24:MI') AS raised_at, a.name AS raised_by, c.about, c.concern
  FROM identity.concern c JOIN identity.account_name a ON a.id = c.account_id
 WHERE c.council_id = mc.council() AND mc.role() = 'safeguarding'
 ORDER BY c.id DESC LIMIT mc.list_most(200)
