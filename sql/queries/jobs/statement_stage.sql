-- query: statement_stage
-- about: A piece of a bank's file as the jail read it, kept until all are there. next: the statement of the file that the following line belongs to.
-- writes: yes
-- params: file text, attempt uuid, piece int, statement int, lines text
-- row: next int
-- rows: one
SELECT payments.statement_stage($1::text, $2::uuid, $3::int, $4::int, $5::text) AS next
