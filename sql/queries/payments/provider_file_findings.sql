-- query: provider_file_findings
-- about: Which rules of EN 16931 a file breaks, where, and what to change; what must be corrected comes first.
-- params: ref text
-- row: rule text, is_fatal bool, advice text, place text, line int
-- rows: many
SELECT r ->> 'id' AS rule, r ->> 'severity' = 'fatal' AS is_fatal, r ->> 'message' AS advice, coalesce(r ->> 'path', '') AS place, coalesce((r ->> 'line')::int, 0) AS line
  FROM jobs.file f, jsonb_array_elements(f.report -> 'findings') WITH ORDINALITY AS t (r, at)
 WHERE f.council_id = mc.council() AND f.organisation_id = mc.organisation() AND mc.role() = 'provider' AND f.kind = 'invoice' AND f.ref = $1::text
 ORDER BY r ->> 'severity' <> 'fatal', at LIMIT 100
