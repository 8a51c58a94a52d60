-- query: statement_file
-- about: How far the reading of a sent bank file is: a statement, or the answer to a payment file.
-- params: ref text
-- row: name text, state text, error text null, outcome text null, sha256 text, unmatched int null, run_ref text null, message text null, accepted int null, rejected int null, already_paid int null,
--   unclear int null
-- rows: maybe
SELECT f.name, f.state, f.report->>'error' AS error, f.report->>'outcome' AS outcome, encode(f.sha256, 'hex') AS sha256, (f.report#>>'{reconciled,unmatched}')::int AS unmatched,
       f.report->>'run' AS run_ref, f.report->>'message' AS message, (f.report->>'accepted')::int AS accepted, (f.report->>'rejected')::int AS rejected,
       (f.report->>'already_paid')::int AS already_paid, (f.report->>'unclear')::int AS unclear
  FROM jobs.file f WHERE f.council_id = mc.council() AND f.ref = $1::text AND f.kind = 'statement' AND mc.role() IN ('finance', 'auditor')
