-- query: absence_show
-- about: One time away of the person.
-- params: ref text
-- row: ref text, starts_on date, ends_on date null, back_on date null, away text, reason text, words text null, state text, is_now bool, first_back date, said_by text, said_when text,
--   is_by_mandate bool, person_name text
-- rows: maybe
SELECT a.ref, a.starts_on, payments.absence_last(a) AS ends_on, a.back_on, payments.away_words(a) AS away, a.reason, a.words,
       CASE WHEN payments.absence_last(a) < ledger.today() AND a.state = 'open' THEN 'over' ELSE a.state END AS state, a.starts_on <= ledger.today() AS is_now,
       greatest(a.starts_on, ledger.today()) AS first_back, n.name AS said_by, payments.said_at(a.said_at) AS said_when, a.mandate_id IS NOT NULL AS is_by_mandate, p.name AS person_name
  FROM payments.absence a
  JOIN identity.account_name n ON n.id = a.said_by
  JOIN identity.person p ON p.council_id = a.council_id AND p.id = a.person_id
 WHERE a.council_id = mc.council() AND a.person_id = mc.person() AND a.ref = $1::text
