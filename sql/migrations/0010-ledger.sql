-- The ledger: append-only double entry in whole pence. Nothing here is written but by the functions of sql/functions/20-ledger.sql and 21-holds.sql.
--
-- Two sorts of account. A budget account (no_overdraw) keeps locked counters, because an order must know at once whether the money is there.
-- Every other account (a provider's payable, a fund, the bank, tax, clearing) is written by many people at the same moment: its row is never
-- updated and never locked, entries are only inserted, and its balance is their sum (ledger.balance).
--
-- Sign of an amount: credit is positive, debit is negative. A budget account is a credit account: allocations credit it, spending debits it.

CREATE TABLE ledger.account (
  council_id      int NOT NULL REFERENCES identity.council,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  kind            text NOT NULL CHECK (kind IN ('budget', 'payable', 'fund', 'contribution_receivable', 'direct_payment_clearing', 'bank',
                                                'run_clearing', 'suspense', 'rounding', 'tax', 'platform', 'recoveries')),
  code            text NOT NULL,         -- what tells accounts of one kind apart: portion ref, organisation ref, funder, bank account
  person_id       bigint,
  organisation_id bigint REFERENCES identity.organisation,
  unit            text NOT NULL DEFAULT 'GBP' CHECK (unit = 'GBP'),
  normal_side     text NOT NULL CHECK (normal_side IN ('debit', 'credit')),
  no_overdraw     boolean NOT NULL,
  frozen          boolean NOT NULL DEFAULT false,  -- refuses new holds; owed captures still go through
  dr_pending      bigint NOT NULL DEFAULT 0 CHECK (dr_pending >= 0),
  dr_posted       bigint NOT NULL DEFAULT 0 CHECK (dr_posted >= 0),
  cr_posted       bigint NOT NULL DEFAULT 0 CHECK (cr_posted >= 0),
  version         bigint NOT NULL DEFAULT 0,       -- counts the entries of a no_overdraw account
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, kind, code),
  FOREIGN KEY (council_id, person_id) REFERENCES identity.person (council_id, id),
  CONSTRAINT account_no_overdraw CHECK (NOT no_overdraw OR dr_posted + dr_pending <= cr_posted),
  CONSTRAINT account_counters_only_where_locked CHECK (no_overdraw OR (dr_pending, dr_posted, cr_posted, version) = (0, 0, 0, 0)),
  CHECK (no_overdraw = (kind = 'budget'))
) WITH (fillfactor = 70);                -- room for counter updates in the same page; no counter is indexed

-- Financial years, made when first needed. A late item is recorded in the open period with effective_on in the closed one.
CREATE TABLE ledger.period (
  council_id  int NOT NULL REFERENCES identity.council,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  starts_on   date NOT NULL,
  ends_on     date NOT NULL CHECK (ends_on > starts_on),
  state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
  closed_at   timestamptz,
  closed_by   bigint REFERENCES identity.account,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, starts_on),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);

CREATE TABLE ledger.journal (
  council_id   int NOT NULL,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  idem_key     uuid NOT NULL,
  idem_sha256  bytea NOT NULL,
  kind         text NOT NULL CHECK (kind ~ '^[a-z_]{3,40}$'),   -- allocation, capture, refund, reversal, payment, receipt …
  actor_id     bigint,                   -- identity.account; NULL: a job
  person_id    bigint,
  mandate_id   bigint,
  reason       text,
  ref          text NOT NULL,            -- the business object: order, invoice, run, statement entry
  effective_on date NOT NULL,
  period_id    bigint NOT NULL,          -- in which it is counted; validated by ledger.post (a foreign key would lock one hot row)
  recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  corrects     bigint,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, idem_key),
  FOREIGN KEY (council_id, corrects) REFERENCES ledger.journal (council_id, id)
);
CREATE UNIQUE INDEX journal_reversed_once ON ledger.journal (council_id, corrects) WHERE kind = 'reversal';
CREATE INDEX journal_ref ON ledger.journal (council_id, ref);

-- The account is validated by ledger.post and by ledger.verify instead of by a foreign key, which would lock the account's row.
CREATE TABLE ledger.entry (
  council_id      int NOT NULL,
  journal_id      bigint NOT NULL,
  line            int NOT NULL CHECK (line > 0),
  account_id      bigint NOT NULL,
  amount          bigint NOT NULL CHECK (amount <> 0),
  account_version bigint,                -- no_overdraw accounts only: the chain of the account
  balance_after   bigint,
  PRIMARY KEY (council_id, journal_id, line),
  FOREIGN KEY (council_id, journal_id) REFERENCES ledger.journal (council_id, id),
  CHECK ((account_version IS NULL) = (balance_after IS NULL))
);
CREATE INDEX entry_account ON ledger.entry (council_id, account_id, journal_id) INCLUDE (amount);

-- A hold is money promised and not yet spent: a pending debit. It is resolved once, by captures and releases that add up to it.
CREATE TABLE ledger.hold (
  council_id  int NOT NULL,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  account_id  bigint NOT NULL,
  ref         text NOT NULL,
  amount      bigint NOT NULL CHECK (amount > 0),
  captured    bigint NOT NULL DEFAULT 0 CHECK (captured >= 0),
  released    bigint NOT NULL DEFAULT 0 CHECK (released >= 0),
  rest        bigint GENERATED ALWAYS AS (amount - captured - released) STORED CHECK (rest >= 0),
  state       text GENERATED ALWAYS AS (CASE WHEN amount > captured + released THEN 'open' ELSE 'resolved' END) STORED,
  expires_on  date NOT NULL,
  opened_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, id),
  FOREIGN KEY (council_id, account_id) REFERENCES ledger.account (council_id, id)
) WITH (fillfactor = 80);
CREATE INDEX hold_open ON ledger.hold (council_id, account_id) WHERE amount > captured + released;
CREATE INDEX hold_due ON ledger.hold (council_id, expires_on) WHERE amount > captured + released;

-- Every step of every hold, once: the hold row and the account's dr_pending must equal what these add up to.
CREATE TABLE ledger.hold_move (
  council_id  int NOT NULL,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  hold_id     bigint NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('open', 'capture', 'release', 'expire')),
  amount      bigint NOT NULL CHECK (amount > 0),
  journal_id  bigint,
  idem_key    uuid NOT NULL,
  idem_sha256 bytea NOT NULL,
  ref         text NOT NULL,
  actor_id    bigint,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, idem_key),
  FOREIGN KEY (council_id, hold_id) REFERENCES ledger.hold (council_id, id),
  FOREIGN KEY (council_id, journal_id) REFERENCES ledger.journal (council_id, id),
  CHECK ((kind = 'capture') = (journal_id IS NOT NULL))
);
CREATE INDEX hold_move_hold ON ledger.hold_move (council_id, hold_id);

-- What each account came to when a period was closed.
CREATE TABLE ledger.period_total (
  council_id  int NOT NULL,
  period_id   bigint NOT NULL,
  account_id  bigint NOT NULL,
  debits      bigint NOT NULL,
  credits     bigint NOT NULL,
  PRIMARY KEY (council_id, period_id, account_id),
  FOREIGN KEY (council_id, period_id) REFERENCES ledger.period (council_id, id)
);

-- ---------------------------------------------------------------- zero-sum, twice

-- Every statement that adds entries adds whole journals.
CREATE FUNCTION ledger.entries_balance() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  v_journal bigint;
BEGIN
  SELECT journal_id INTO v_journal FROM added GROUP BY council_id, journal_id HAVING sum(amount) <> 0 OR count(*) < 2 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % does not sum to zero over two lines or more', v_journal USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER entries_balance AFTER INSERT ON ledger.entry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.entries_balance();

-- At commit: a journal without entries, which the statement trigger never sees.
CREATE FUNCTION ledger.journal_complete() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF (SELECT count(*) < 2 OR sum(amount) <> 0 FROM ledger.entry WHERE council_id = NEW.council_id AND journal_id = NEW.id) THEN
    RAISE EXCEPTION 'journal % is not complete at commit', NEW.id USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_complete AFTER INSERT ON ledger.journal DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION ledger.journal_complete();

CALL mc.tenant_table('ledger.account');
CALL mc.tenant_table('ledger.period');
CALL mc.tenant_table('ledger.journal');
CALL mc.tenant_table('ledger.entry');
CALL mc.tenant_table('ledger.hold');
CALL mc.tenant_table('ledger.hold_move');
CALL mc.tenant_table('ledger.period_total');
CALL mc.append_only('ledger.journal');
CALL mc.append_only('ledger.entry');
CALL mc.append_only('ledger.hold_move');
CALL mc.append_only('ledger.period_total');
