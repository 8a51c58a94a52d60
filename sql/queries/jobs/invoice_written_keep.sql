-- query: invoice_written_keep
-- about: The file of an invoice that was written here, with the verdict of the rules on it.
-- writes: yes
-- params: ref text, bytes bytes, verdict json
-- row: file text null
-- rows: one
SELECT payments.own_keep($1::text, $2::bytea, $3::jsonb) AS file
