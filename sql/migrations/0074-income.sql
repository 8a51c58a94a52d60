-- Money that is expected to come in: council top-ups to the accounts of people and brokers, people's contributions, refunds. A series has one standing
-- reference; each of its payments is an item that is expected, late, received in part or in full. And accounts of client money, with a sub-ledger a person.

ALTER TABLE payments.bank_account ADD COLUMN is_client_money boolean NOT NULL DEFAULT false; -- holds people's money: each pound belongs to somebody
ALTER TABLE ledger.account DROP CONSTRAINT account_kind_check;
ALTER TABLE ledger.account ADD CONSTRAINT account_kind_check CHECK (kind IN ('budget', 'payable', 'fund', 'contribution_receivable', 'direct_payment_clearing',
  'bank', 'run_clearing', 'suspense', 'rounding', 'tax', 'platform', 'recoveries', 'client_money'));

CREATE TABLE payments.income_series (
  council_id      int NOT NULL REFERENCES identity.council,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  ref             text NOT NULL,
  reference       text NOT NULL CHECK (reference = 'MC' || replace(ref, '-', '')), -- what payers are asked to give
  kind            text NOT NULL CHECK (kind IN ('topup', 'contribution', 'refund')),
  bank_account_id bigint NOT NULL,
  person_id       bigint,
  payer_name      text NOT NULL CHECK (payer_name ~ '[A-Za-z0-9]' AND length(payer_name) <= 100),
  payer_email     text,                 -- NULL: nobody is reminded
  amount          bigint NOT NULL CHECK (amount > 0),
  every           text NOT NULL CHECK (every IN ('once', 'week', 'four_weeks', 'month')),
  starts_on       date NOT NULL,
  ends_on         date CHECK (ends_on >= starts_on),
  entered_by      bigint NOT NULL REFERENCES identity.account,
  entered_at      timestamptz NOT NULL DEFAULT mc.now(),
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  FOREIGN KEY (council_id, bank_account_id) REFERENCES payments.bank_account (council_id, id),
  FOREIGN KEY (council_id, person_id) REFERENCES identity.person (council_id, id)
);

CREATE TABLE payments.income_item (
  council_id  int NOT NULL,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  ref         text NOT NULL,
  series_id   bigint NOT NULL,
  due_on      date NOT NULL,
  amount      bigint NOT NULL CHECK (amount > 0),
  received    bigint NOT NULL DEFAULT 0 CHECK (received BETWEEN 0 AND amount),
  received_on date,
  reminders   int NOT NULL DEFAULT 0,
  reminded_on date,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  UNIQUE (council_id, series_id, due_on),
  FOREIGN KEY (council_id, series_id) REFERENCES payments.income_series (council_id, id),
  CHECK ((received > 0) = (received_on IS NOT NULL))
);
CREATE INDEX income_item_open ON payments.income_item (council_id, due_on) WHERE received < amount;

ALTER TABLE payments.bank_allocation ADD COLUMN income_item_id bigint;
-- The check of the rows that are there looks through row-level security, which wants a council; the new column is empty in all of them.
SELECT set_config('mc.council', '0', true);
ALTER TABLE payments.bank_allocation ADD FOREIGN KEY (council_id, income_item_id) REFERENCES payments.income_item (council_id, id);
ALTER TABLE payments.bank_allocation DROP CONSTRAINT bank_allocation_kind_check, DROP CONSTRAINT bank_allocation_check;
ALTER TABLE payments.bank_allocation
  ADD CONSTRAINT bank_allocation_kind_check CHECK (kind IN ('run', 'payment', 'return', 'suspense', 'income', 'income_return')),
  ADD CONSTRAINT bank_allocation_what_check CHECK (
    CASE kind WHEN 'run' THEN run_id IS NOT NULL AND payment_id IS NULL AND amount < 0
              WHEN 'payment' THEN payment_id IS NOT NULL AND amount < 0
              WHEN 'return' THEN payment_id IS NOT NULL AND amount > 0
              WHEN 'income' THEN income_item_id IS NOT NULL AND num_nonnulls(run_id, payment_id) = 0 AND amount > 0
              WHEN 'income_return' THEN income_item_id IS NOT NULL AND num_nonnulls(run_id, payment_id) = 0 AND amount < 0
              ELSE num_nonnulls(run_id, payment_id, income_item_id) = 0 END);
CREATE INDEX bank_allocation_income ON payments.bank_allocation (council_id, income_item_id) WHERE income_item_id IS NOT NULL;

-- What the check of a day found, an account a row: the council's proof that it looked.
CREATE TABLE payments.day_check (
  council_id      int NOT NULL,
  on_day          date NOT NULL,
  bank_account_id bigint NOT NULL,
  ledger          bigint NOT NULL,
  entries         bigint NOT NULL,
  open_amount     bigint NOT NULL,
  difference      bigint NOT NULL,
  missing         bigint,
  client_gap      bigint,               -- NULL: not an account of client money
  at              timestamptz NOT NULL DEFAULT mc.now(),
  PRIMARY KEY (council_id, on_day, bank_account_id),
  FOREIGN KEY (council_id, bank_account_id) REFERENCES payments.bank_account (council_id, id)
);

CALL mc.tenant_table('payments.income_series');
CALL mc.tenant_table('payments.income_item');
CALL mc.tenant_table('payments.day_check');
CALL mc.append_only('payments.day_check');
