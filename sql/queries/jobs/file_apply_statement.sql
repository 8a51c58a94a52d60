-- query: file_apply_statement
-- about: A bank statement as the jail read it: stored, and its entries reconciled.
-- writes: yes
-- params: council_id int, ref text, request json
-- row: outcome text
-- rows: one
SELECT r ->> 'outcome' AS outcome
  FROM payments.statement_import(jobs.file_key($1::int, $2::text), $3::jsonb || jsonb_build_object('file', $2::text)) r
