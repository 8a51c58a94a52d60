-- query: run_file
-- about: The bytes of a run's payment file: the same at every download.
-- params: ref text
-- row: name text, sha256 text, bytes bytes, content_type text
-- rows: maybe
SELECT f.name, encode(f.sha256, 'hex') AS sha256, f.bytes, CASE r.profile WHEN 'bacs18' THEN 'text/plain; charset=us-ascii' ELSE 'application/xml' END AS content_type
  FROM payments.run r JOIN jobs.file f ON f.council_id = r.council_id AND f.ref = r.file_ref
 WHERE r.council_id = mc.council() AND r.ref = $1::text AND mc.role() IN ('finance', 'auditor')
