-- query: file_apply_answer
-- about: The bank's answer to a payment file as the jail read it: stored. What it changed becomes the file's report.
-- writes: yes
-- params: file text, request json
-- row: outcome text
-- rows: one
SELECT payments.answer_file_import($1::text, $2::jsonb) ->> 'outcome' AS outcome
