-- Payment runs: what is paid to whom, released by two people, as one file whose bytes are kept.

CREATE TABLE payments.bank_account (
  council_id     int NOT NULL REFERENCES identity.council,
  id             bigint GENERATED ALWAYS AS IDENTITY,
  ref            text NOT NULL,
  name           text NOT NULL,
  sort_code      text NOT NULL CHECK (sort_code ~ '^[0-9]{6}$'),
  account_number text NOT NULL CHECK (account_number ~ '^[0-9]{8}$'),
  iban           text CHECK (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  currency       text NOT NULL DEFAULT 'GBP' CHECK (currency = 'GBP'),
  scheme         text NOT NULL DEFAULT 'BACS' CHECK (scheme IN ('BACS', 'FPS')), -- LclInstrm/Prtry in the payment file
  opening        bigint,                -- pence, from the first statement
  opening_on     date,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  UNIQUE (council_id, sort_code, account_number)
);

CREATE TABLE payments.run (
  council_id      int NOT NULL REFERENCES identity.council,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  ref             text NOT NULL,
  bank_account_id bigint NOT NULL,
  state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'frozen', 'approved', 'emitted', 'acknowledged', 'settled', 'withdrawn')),
  pay_on          date NOT NULL,
  total           bigint NOT NULL DEFAULT 0 CHECK (total >= 0),
  payments        int NOT NULL DEFAULT 0 CHECK (payments >= 0),
  assembled_by    bigint NOT NULL REFERENCES identity.account,
  assembled_at    timestamptz NOT NULL DEFAULT now(),
  frozen_by       bigint REFERENCES identity.account,
  frozen_at       timestamptz,
  content_sha256  bytea,                -- of the frozen lines: approval and release recompute it
  approved_by     bigint REFERENCES identity.account,
  approved_at     timestamptz,
  emitted_by      bigint REFERENCES identity.account,
  emitted_at      timestamptz,
  message_id      text CHECK (length(message_id) <= 35),
  file_ref        text,
  file_sha256     bytea,
  journal_id      bigint,               -- payable to run clearing, in the transaction that stored the file
  settled_on      date,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  UNIQUE (council_id, message_id),
  FOREIGN KEY (council_id, bank_account_id) REFERENCES payments.bank_account (council_id, id),
  FOREIGN KEY (council_id, file_ref) REFERENCES jobs.file (council_id, ref),
  FOREIGN KEY (council_id, journal_id) REFERENCES ledger.journal (council_id, id),
  -- Four eyes: whoever put the run together or closed it does not approve it.
  CONSTRAINT run_second_person CHECK (approved_by <> assembled_by AND approved_by <> frozen_by),
  -- and whoever approved it does not also let it go.
  CONSTRAINT run_second_hand CHECK (emitted_by <> approved_by),
  CHECK (state NOT IN ('frozen', 'approved', 'emitted', 'acknowledged', 'settled') OR num_nulls(frozen_by, frozen_at, content_sha256) = 0),
  CHECK (state NOT IN ('approved', 'emitted', 'acknowledged', 'settled') OR num_nulls(approved_by, approved_at) = 0),
  CHECK (state NOT IN ('emitted', 'acknowledged', 'settled') OR num_nulls(emitted_by, emitted_at, message_id, file_ref, file_sha256, journal_id) = 0),
  CHECK ((state = 'settled') = (settled_on IS NOT NULL))
);
CREATE TRIGGER moves AFTER INSERT OR UPDATE OF state ON payments.run FOR EACH ROW EXECUTE FUNCTION payments.state_moves('run', 'total');
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments.run FOR EACH STATEMENT EXECUTE FUNCTION mc.refuse_change();

-- After freezing, what would be paid does not move; after the file left, nothing about it does.
CREATE FUNCTION payments.run_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' AND (NEW.pay_on, NEW.total, NEW.payments, NEW.bank_account_id, NEW.assembled_by, NEW.frozen_by, NEW.content_sha256)
     IS DISTINCT FROM (OLD.pay_on, OLD.total, OLD.payments, OLD.bank_account_id, OLD.assembled_by, OLD.frozen_by, OLD.content_sha256)
     OR (OLD.approved_by IS NOT NULL AND NEW.approved_by IS DISTINCT FROM OLD.approved_by)
     OR (OLD.message_id IS NOT NULL AND (NEW.message_id, NEW.file_ref, NEW.file_sha256, NEW.journal_id, NEW.emitted_at)
         IS DISTINCT FROM (OLD.message_id, OLD.file_ref, OLD.file_sha256, OLD.journal_id, OLD.emitted_at)) THEN
    RAISE EXCEPTION 'Payment run % is closed: withdraw it and put together a new one.', OLD.ref USING ERRCODE = 'MC409';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON payments.run FOR EACH ROW EXECUTE FUNCTION payments.run_frozen();

CREATE TABLE payments.payment (
  council_id          int NOT NULL,
  id                  bigint GENERATED ALWAYS AS IDENTITY,
  ref                 text NOT NULL,
  reference           text NOT NULL CHECK (reference ~ '^MC[2-9A-HJKMNP-Z]{8}$'), -- on the bank line: at most 18 characters, with check character
  run_id              bigint NOT NULL,
  organisation_id     bigint NOT NULL REFERENCES identity.organisation,
  provider_account_id bigint NOT NULL,
  payee_name          text NOT NULL,
  payee_sort_code     text NOT NULL,
  payee_account       text NOT NULL,
  payee_iban          text,
  amount              bigint NOT NULL CHECK (amount > 0),
  state               text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'emitted', 'settled', 'returned', 'withdrawn')),
  settled_on          date,
  returned_on         date,
  return_reason       text,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  UNIQUE (council_id, reference),
  UNIQUE (council_id, run_id, organisation_id),
  FOREIGN KEY (council_id, run_id) REFERENCES payments.run (council_id, id),
  FOREIGN KEY (council_id, provider_account_id) REFERENCES payments.provider_account (council_id, id),
  CHECK (reference = 'MC' || replace(ref, '-', '')),
  CHECK ((state IN ('settled', 'returned')) = (settled_on IS NOT NULL)),
  CHECK ((state = 'returned') = (returned_on IS NOT NULL))
);
CREATE INDEX payment_organisation ON payments.payment (council_id, organisation_id);
CREATE INDEX payment_amount ON payments.payment (council_id, amount) WHERE state IN ('emitted', 'settled');
CREATE TRIGGER moves AFTER INSERT OR UPDATE OF state ON payments.payment FOR EACH ROW EXECUTE FUNCTION payments.state_moves('payment', 'amount');
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments.payment FOR EACH STATEMENT EXECUTE FUNCTION mc.refuse_change();

-- A credit note counts against the payment: its amount is negative.
CREATE TABLE payments.payment_invoice (
  council_id int NOT NULL,
  payment_id bigint NOT NULL,
  invoice_id bigint NOT NULL,
  amount     bigint NOT NULL CHECK (amount <> 0),
  PRIMARY KEY (council_id, payment_id, invoice_id),
  FOREIGN KEY (council_id, payment_id) REFERENCES payments.payment (council_id, id),
  FOREIGN KEY (council_id, invoice_id) REFERENCES payments.invoice (council_id, id)
);
CREATE INDEX payment_invoice_invoice ON payments.payment_invoice (council_id, invoice_id);

CREATE FUNCTION payments.payment_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.ref, NEW.run_id, NEW.organisation_id, NEW.provider_account_id, NEW.payee_name, NEW.payee_sort_code, NEW.payee_account, NEW.payee_iban, NEW.amount)
     IS DISTINCT FROM (OLD.ref, OLD.run_id, OLD.organisation_id, OLD.provider_account_id, OLD.payee_name, OLD.payee_sort_code, OLD.payee_account, OLD.payee_iban, OLD.amount) THEN
    RAISE EXCEPTION 'Payment % is never edited: withdraw its run and put together a new one.', OLD.reference USING ERRCODE = 'MC409';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON payments.payment FOR EACH ROW EXECUTE FUNCTION payments.payment_frozen();

CALL mc.tenant_table('payments.bank_account');
CALL mc.tenant_table('payments.run');
CALL mc.tenant_table('payments.payment');
CALL mc.tenant_table('payments.payment_invoice');
CALL mc.append_only('payments.payment_invoice');
