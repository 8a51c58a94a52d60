-- query: statement_send
-- about: Stores a bank statement that finance sent; jobs reads it. account: of a file that does not say itself which one it is from.
-- writes: yes
-- params: key uuid, name text, bytes bytes, account text null
-- row: ref text
-- rows: one
SELECT r ->> 'ref' AS ref FROM jobs.file_store($1::uuid, 'statement', $2::text, $3::bytea, $4::text) r
