-- query: review_decisions
-- about: What the council decided about a review, newest first, for the council.
-- params: ref text
-- row: decided_when text, verb text, reason text null, note text null, decided_by text
-- rows: many
SELECT to_char(d.decided_at AT TIME ZONE 'Europe/London', 'FMDD FMMonth YYYY, HH24:MI') AS decided_when, d.verb, d.reason, d.note, a.name AS decided_by
  FROM catalogue.review r
  JOIN catalogue.review_decision d ON d.council_id = r.council_id AND d.review_id = r.id
  JOIN identity.account_name a ON a.id = d.account_id
 WHERE r.council_id = mc.council() AND r.ref = $1::text AND mc.role() IN ('moderator', 'safeguarding', 'commissioner', 'auditor')
 ORDER BY d.id DESC LIMIT mc.list_most(50)
