-- query: statement_staged_import
-- about: A bank statement of which all pieces are there: stored; its entries are matched after it. What was stored becomes the file's report.
-- writes: yes
-- params: file text, attempt uuid, pieces int
-- row: outcome text
-- rows: one
SELECT payments.statement_staged_import($1::text, $2::uuid, $3::int) ->> 'outcome' AS outcome
