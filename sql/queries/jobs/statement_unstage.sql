-- query: statement_unstage
-- about: A file of a bank is refused: what was kept of it goes.
-- writes: yes
-- params: file text
-- row: pieces int
-- rows: one
SELECT payments.statement_unstage($1::text) AS pieces
