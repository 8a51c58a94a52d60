-- query: file_apply_invoice
-- about: An invoice as the jail read it: received, judged, matched and, when all is well, approved.
-- writes: yes
-- params: council_id int, ref text, request json
-- row: outcome text
-- rows: one
SELECT r ->> 'outcome' AS outcome
  FROM payments.invoice_receive(jobs.file_key($1::int, $2::text), $3::jsonb || jsonb_build_object('file', $2::text)) r
