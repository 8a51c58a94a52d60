-- query: verify_findings
-- about: Everything that is wrong with one part of log, ledger, orders, invoices and payments; nothing when all is well.
-- lane: slow
-- params: part text
-- row: check_name text, object text, detail text
-- rows: many
SELECT check_name, object, detail FROM payments.verify_part($1::text)
