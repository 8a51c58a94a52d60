-- query: statement_file
-- about: How far the reading of a sent statement file is.
-- params: ref text
-- row: name text, state text, error text null, outcome text null, sha256 text, unmatched int null
-- rows: maybe
SELECT f.name, f.state, f.report->>'error' AS error, f.report->>'outcome' AS outcome, encode(f.sha256, 'hex') AS sha256, (f.report#>>'{reconciled,unmatched}')::int AS unmatched
  FROM jobs.file f WHERE f.council_id = mc.council() AND f.ref = $1::text AND f.kind = 'statement' AND mc.role() IN ('finance', 'auditor')
