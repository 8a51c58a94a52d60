-- query: file_apply_invoice
-- about: An invoice as the jail read it: received, judged, matched and, when all is well, approved. The outcome and the findings become the file's report.
-- writes: yes
-- params: council_id int, ref text, request json
-- row: outcome text
-- rows: one
SELECT payments.invoice_file_receive($1::int, $2::text, $3::jsonb) ->> 'outcome' AS outcome
