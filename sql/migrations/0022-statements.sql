-- Bank statements, their entries, and what each entry was set against.

CREATE TABLE payments.statement (
  council_id      int NOT NULL REFERENCES identity.council,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  ref             text NOT NULL,
  bank_account_id bigint NOT NULL,
  statement_id    text NOT NULL,        -- the bank's
  format          text NOT NULL,
  file_ref        text,
  opening         bigint,               -- pence, signed
  opening_on      date,
  closing         bigint,
  closing_on      date,
  balance         text NOT NULL CHECK (balance IN ('balances', 'differs', 'undecided')),
  follows         text NOT NULL CHECK (follows IN ('yes', 'no', 'first', 'undecided')), -- does it open where the one before closed
  entries         int NOT NULL,         -- booked entries in the file
  fresh           int NOT NULL,         -- of them not seen before
  skipped         int NOT NULL,         -- pending or for information: never posted
  state           text NOT NULL CHECK (state IN ('open', 'held')), -- held: does not add up, a person decides
  accepted_by     bigint REFERENCES identity.account,
  accepted_note   text,
  imported_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  FOREIGN KEY (council_id, bank_account_id) REFERENCES payments.bank_account (council_id, id),
  FOREIGN KEY (council_id, file_ref) REFERENCES jobs.file (council_id, ref),
  CHECK (balance <> 'differs' OR state = 'held' OR accepted_by IS NOT NULL)
);
CREATE INDEX statement_account ON payments.statement (council_id, bank_account_id, closing_on);

CREATE TABLE payments.bank_entry (
  council_id         int NOT NULL,
  id                 bigint GENERATED ALWAYS AS IDENTITY,
  ref                text NOT NULL,
  bank_account_id    bigint NOT NULL,
  statement_id       bigint NOT NULL,   -- the statement that brought it first
  bank_ref           text NOT NULL,     -- '': the bank gave none
  booked_on          date NOT NULL,
  value_on           date NOT NULL,
  amount             bigint NOT NULL CHECK (amount <> 0), -- pence; money out is negative
  side               text GENERATED ALWAYS AS (CASE WHEN amount > 0 THEN 'credit' ELSE 'debit' END) STORED,
  ordinal            int NOT NULL CHECK (ordinal > 0),    -- among entries that are equal otherwise
  is_reversal        boolean NOT NULL DEFAULT false,      -- as stated by the bank; the sign of the amount is taken literally
  return_reason      text,
  end_to_end_id      text,
  instruction_id     text,
  counterparty_name  text,
  counterparty_account text,
  remittance         text NOT NULL DEFAULT '',
  details            jsonb NOT NULL DEFAULT '[]',
  allocated          bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  UNIQUE (council_id, bank_account_id, bank_ref, booked_on, amount, ordinal),
  FOREIGN KEY (council_id, bank_account_id) REFERENCES payments.bank_account (council_id, id),
  FOREIGN KEY (council_id, statement_id) REFERENCES payments.statement (council_id, id),
  -- Never more than the entry, never on the other side.
  CHECK (allocated BETWEEN least(amount, 0) AND greatest(amount, 0))
);
CREATE INDEX bank_entry_open ON payments.bank_entry (council_id, booked_on) WHERE allocated <> amount;
CREATE INDEX bank_entry_statement ON payments.bank_entry (council_id, statement_id);

CREATE FUNCTION payments.bank_entry_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- side is generated after this trigger.
  IF (to_jsonb(NEW) - '{allocated,side}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{allocated,side}'::text[]) THEN
    RAISE EXCEPTION 'Bank entry % is as the bank sent it.', OLD.ref USING ERRCODE = 'MC409';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON payments.bank_entry FOR EACH ROW EXECUTE FUNCTION payments.bank_entry_frozen();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments.bank_entry FOR EACH STATEMENT EXECUTE FUNCTION mc.refuse_change();

CREATE TABLE payments.bank_allocation (
  council_id  int NOT NULL,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  entry_id    bigint NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('run', 'payment', 'return', 'suspense')),
  run_id      bigint,
  payment_id  bigint,
  amount      bigint NOT NULL CHECK (amount <> 0), -- pence, the sign of the entry
  rule        text NOT NULL,
  evidence    jsonb NOT NULL,
  journal_id  bigint NOT NULL,
  account_id  bigint REFERENCES identity.account, -- a person's decision; NULL: a rule's
  at          timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, id),
  FOREIGN KEY (council_id, entry_id) REFERENCES payments.bank_entry (council_id, id),
  FOREIGN KEY (council_id, run_id) REFERENCES payments.run (council_id, id),
  FOREIGN KEY (council_id, payment_id) REFERENCES payments.payment (council_id, id),
  FOREIGN KEY (council_id, journal_id) REFERENCES ledger.journal (council_id, id),
  CHECK (CASE kind WHEN 'run' THEN run_id IS NOT NULL AND payment_id IS NULL AND amount < 0
                   WHEN 'payment' THEN payment_id IS NOT NULL AND amount < 0
                   WHEN 'return' THEN payment_id IS NOT NULL AND amount > 0
                   ELSE num_nonnulls(run_id, payment_id) = 0 END)
);
CREATE INDEX bank_allocation_entry ON payments.bank_allocation (council_id, entry_id);
-- One bank line settles a payment or a run, and one returns a payment.
CREATE UNIQUE INDEX bank_allocation_payment ON payments.bank_allocation (council_id, payment_id, kind) WHERE payment_id IS NOT NULL;
CREATE UNIQUE INDEX bank_allocation_run ON payments.bank_allocation (council_id, run_id) WHERE kind = 'run';

CALL mc.tenant_table('payments.statement');
CALL mc.tenant_table('payments.bank_entry');
CALL mc.tenant_table('payments.bank_allocation');
CALL mc.append_only('payments.bank_allocation');
