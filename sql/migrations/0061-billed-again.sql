-- A visit whose bill was taken back can be billed again: its purse's hold then grows by what the new invoice takes, in the same step as the capture.
ALTER TABLE ledger.hold_move DROP CONSTRAINT hold_move_kind_check;
ALTER TABLE ledger.hold_move ADD CONSTRAINT hold_move_kind_check CHECK (kind IN ('open', 'more', 'capture', 'release', 'expire'));
