-- query: safety_home
-- about: What the safeguarding team looks at first, and for the moderator how many reviews somebody reported that nobody has decided on, and how many have words that nobody has read.
-- row: concerns int, frozen int, visits_ahead int, reported int, waiting int
-- rows: one
SELECT (SELECT count(*)::int FROM identity.concern c WHERE c.council_id = mc.council() AND c.raised_at > mc.now() - interval '7 days') AS concerns,
       (SELECT count(*)::int FROM payments.budget b WHERE b.council_id = mc.council() AND b.state = 'frozen') AS frozen,
       (SELECT count(*)::int FROM payments.visit v JOIN payments.budget b ON b.council_id = v.council_id AND b.person_id = v.person_id AND b.state = 'frozen'
         WHERE v.council_id = mc.council() AND v.state = 'planned' AND v.planned_on BETWEEN ledger.today() AND ledger.today() + 7) AS visits_ahead, 0 AS reported, 0 AS waiting
 WHERE mc.role() = 'safeguarding'
UNION ALL SELECT 0, 0, 0, (SELECT count(*)::int FROM catalogue.review r WHERE r.council_id = mc.council() AND r.state <> 'withdrawn' AND mc.role() = 'moderator'
                                      AND EXISTS (SELECT FROM catalogue.review_report p WHERE p.council_id = mc.council() AND p.review_id = r.id)
                                      AND catalogue.review_reports_open(r.id) > 0),
                 (SELECT count(*)::int FROM catalogue.review r WHERE r.council_id = mc.council() AND mc.role() = 'moderator' AND catalogue.review_is_waiting(r))
 WHERE mc.role() IS DISTINCT FROM 'safeguarding'
