-- query: audit_findings
-- about: What is wrong with this council's log: worked out now from every event (row-level security keeps the verifier's function to this council), or as the last look found it, a hundred things at most.
-- lane: slow
-- params: is_now bool
-- row: check_name text, object text, detail text
-- rows: many
SELECT v.check_name, v.object, v.detail FROM audit.verify() v WHERE $1::boolean AND mc.role() = 'auditor' AND mc.council() IS NOT NULL
UNION ALL
SELECT f.check_name, f.object, f.detail
  FROM (SELECT x.first_found FROM audit.log_check x WHERE x.council_id = mc.council() AND mc.role() = 'auditor' ORDER BY x.id DESC LIMIT 1) c
 CROSS JOIN LATERAL jsonb_to_recordset(c.first_found) AS f (check_name text, object text, detail text)
 WHERE NOT $1::boolean
