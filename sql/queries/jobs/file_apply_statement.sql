-- query: file_apply_statement
-- about: A bank statement as the jail read it: stored; its entries are matched after it. What was stored becomes the file's report.
-- writes: yes
-- params: council_id int, ref text, request json
-- row: outcome text
-- rows: one
SELECT payments.statement_file_import($1::int, $2::text, $3::jsonb) ->> 'outcome' AS outcome
