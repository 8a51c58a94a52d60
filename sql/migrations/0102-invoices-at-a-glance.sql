-- What an officer's first page and the list of invoices ask for, found without reading every invoice that was ever paid.
CREATE INDEX invoice_received ON payments.invoice (council_id, received_at, id);
CREATE INDEX invoice_unsettled ON payments.invoice (council_id) WHERE approved - scheduled - paid <> 0 OR state IN ('checked', 'exception', 'approved', 'in_run', 'disputed');
-- Without it PostgreSQL expects something to be due on nearly all of them.
CREATE STATISTICS payments.invoice_due ON (approved - scheduled - paid) FROM payments.invoice;
