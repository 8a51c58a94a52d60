-- query: audit_findings
-- about: What is wrong with this council's log, worked out now from every event: row-level security keeps the verifier's function to this council.
-- lane: slow
-- row: check_name text, object text, detail text
-- rows: many
SELECT v.check_name, v.object, v.detail FROM audit.verify() v WHERE mc.role() = 'auditor' AND mc.council() IS NOT NULL
