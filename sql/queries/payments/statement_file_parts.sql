-- query: statement_file_parts
-- about: What became of each statement in a file.
-- params: ref text
-- row: outcome text, ref text null, account text null, entries int null, fresh int null, balance text null, follows text null
-- rows: many
SELECT s->>'outcome' AS outcome, s->>'ref' AS ref, coalesce(b.name, s->>'account') AS account, (s->>'entries')::int AS entries, (s->>'fresh')::int AS fresh,
       s->>'balance' AS balance, s->>'follows' AS follows
  FROM jobs.file f
 CROSS JOIN LATERAL jsonb_array_elements(coalesce(f.report->'statements', '[]')) WITH ORDINALITY AS t (s, at)
  LEFT JOIN payments.bank_account b ON b.council_id = f.council_id AND b.ref = s->>'account'
 WHERE f.council_id = mc.council() AND f.ref = $1::text AND f.kind = 'statement' AND mc.role() IN ('finance', 'auditor') ORDER BY at
