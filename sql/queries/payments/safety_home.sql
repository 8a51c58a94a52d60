-- query: safety_home
-- about: What the safeguarding team looks at first.
-- row: concerns int, frozen int, visits_ahead int
-- rows: one
SELECT (SELECT count(*)::int FROM identity.concern c WHERE c.council_id = mc.council() AND c.raised_at > mc.now() - interval '7 days') AS concerns,
       (SELECT count(*)::int FROM payments.budget b WHERE b.council_id = mc.council() AND b.state = 'frozen') AS frozen,
       (SELECT count(*)::int FROM payments.visit v JOIN payments.budget b ON b.council_id = v.council_id AND b.person_id = v.person_id AND b.state = 'frozen'
         WHERE v.council_id = mc.council() AND v.state = 'planned' AND v.planned_on BETWEEN ledger.today() AND ledger.today() + 7) AS visits_ahead
 WHERE mc.role() = 'safeguarding'
UNION ALL SELECT 0, 0, 0 WHERE mc.role() IS DISTINCT FROM 'safeguarding'
