-- query: invoice_written_model
-- about: An invoice that was written here and has no file yet, in the terms of EN 16931.
-- params: ref text
-- row: model json null
-- rows: one
SELECT payments.own_model($1::text) AS model
