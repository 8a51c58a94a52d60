-- query: application_list
-- about: Who offered to give support here, newest first: for the moderator.
-- row: ref text, sent_when text, name text, trading_as text null, work text, postcode text, price money, is_personal_care bool, checks text, email text, phone text null
-- rows: many
SELECT a.ref, to_char(a.sent_at AT TIME ZONE 'Europe/London', 'FMDD FMMonth YYYY, HH24:MI') AS sent_when, a.name, a.trading_as, a.work, a.postcode, a.price,
       a.is_personal_care, array_to_string(a.checks, ', ') AS checks, a.email, a.phone
  FROM identity.application a
 WHERE a.council_id = mc.council() AND mc.role() = 'moderator'
 ORDER BY a.id DESC LIMIT mc.list_most(200)
