-- query: file_apply_answer
-- about: The bank's answer to a payment file as the jail read it: stored. What it changed becomes the file's report.
-- writes: yes
-- params: council_id int, ref text, request json
-- row: outcome text
-- rows: one
SELECT payments.statement_file_import($1::int, $2::text, $3::jsonb) ->> 'outcome' AS outcome
