-- A visit whose bill was taken back can be billed again: its purse's hold then grows by what the new invoice takes, in the same step as the capture.
ALTER TABLE ledger.hold_move DROP CONSTRAINT hold_move_kind_check;
ALTER TABLE ledger.hold_move ADD CONSTRAINT hold_move_kind_check CHECK (kind IN ('open', 'more', 'capture', 'release', 'expire'));

-- These answer with one more column from now on, which CREATE OR REPLACE cannot do.
DROP FUNCTION IF EXISTS payments.capture_split(bigint[], bigint);
DROP FUNCTION IF EXISTS payments.invoice_line_facts(payments.invoice);
DROP FUNCTION IF EXISTS payments.form_draft(bigint, jsonb);
DROP FUNCTION IF EXISTS payments.self_bill_draft(bigint, text, date, date);
