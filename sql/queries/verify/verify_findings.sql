-- query: verify_findings
-- about: Everything that is wrong with log, ledger, orders, invoices and payments; nothing when all is well.
-- lane: slow
-- row: check_name text, object text, detail text
-- rows: many
SELECT check_name, object, detail FROM audit.verify()
UNION ALL
SELECT check_name, object, detail FROM ledger.verify()
UNION ALL
SELECT check_name, object, detail FROM payments.verify()
