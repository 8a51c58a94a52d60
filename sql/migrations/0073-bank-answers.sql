-- The bank's answer to a payment file: what it says of each payment is kept, and a payment that it rejects is owed again.

ALTER TABLE payments.payment DROP CONSTRAINT payment_state_check;
ALTER TABLE payments.payment ADD CONSTRAINT payment_state_check CHECK (state IN ('planned', 'emitted', 'settled', 'returned', 'rejected', 'withdrawn'));
ALTER TABLE payments.run DROP CONSTRAINT run_state_check;
ALTER TABLE payments.run ADD CONSTRAINT run_state_check
  CHECK (state IN ('draft', 'frozen', 'approved', 'emitted', 'acknowledged', 'settled', 'rejected', 'withdrawn'));
INSERT INTO payments.allowed_move (kind, from_state, to_state) VALUES
  ('payment', 'emitted', 'rejected'), ('run', 'emitted', 'rejected'), ('run', 'acknowledged', 'rejected');

-- payment_id NULL: of the whole file.
CREATE TABLE payments.bank_answer (
  council_id int NOT NULL,
  id         bigint GENERATED ALWAYS AS IDENTITY,
  run_id     bigint NOT NULL,
  payment_id bigint,
  file_ref   text,
  status     text NOT NULL CHECK (status ~ '^[A-Z]{4}$'), -- ISO 20022: RCVD ACTC ACCP ACSP ACSC ACCC ACWC PDNG PART RJCT …
  reason     text,                                        -- in words
  at         timestamptz NOT NULL DEFAULT mc.now(),
  PRIMARY KEY (council_id, id),
  FOREIGN KEY (council_id, run_id) REFERENCES payments.run (council_id, id),
  FOREIGN KEY (council_id, payment_id) REFERENCES payments.payment (council_id, id)
);
CREATE INDEX bank_answer_payment ON payments.bank_answer (council_id, payment_id);
CALL mc.tenant_table('payments.bank_answer');
CALL mc.append_only('payments.bank_answer');
