-- query: review_reports
-- about: What was said to be wrong with a review, newest first. Nobody knows by whom.
-- params: ref text
-- row: said_on date, reason text, words text null
-- rows: many
SELECT p.said_on, p.reason, p.words
  FROM catalogue.review r JOIN catalogue.review_report p ON p.council_id = r.council_id AND p.review_id = r.id
 WHERE r.council_id = mc.council() AND r.ref = $1::text AND mc.role() IN ('moderator', 'safeguarding', 'commissioner', 'auditor')
 ORDER BY p.said_on DESC, p.key LIMIT mc.list_most(50)
