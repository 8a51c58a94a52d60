-- Provider bank details, invoices, their lines, the checks they went through and the exceptions that a person looks at.
-- Amounts are pence. A state only moves along payments.allowed_move, and each move writes one audit event (payments.state_moves).

CREATE TABLE payments.allowed_move (
  kind       text NOT NULL,            -- invoice, run, payment, provider_account
  from_state text NOT NULL,            -- '': the row is new
  to_state   text NOT NULL,
  PRIMARY KEY (kind, from_state, to_state)
);
INSERT INTO payments.allowed_move (kind, from_state, to_state) VALUES
  ('provider_account', '', 'entered'), ('provider_account', 'entered', 'verified'), ('provider_account', 'entered', 'refused'),
  ('provider_account', 'verified', 'replaced'), ('provider_account', 'verified', 'stopped'), ('provider_account', 'stopped', 'replaced'),
  ('invoice', '', 'received'), ('invoice', 'received', 'checked'), ('invoice', 'received', 'rejected'),
  ('invoice', 'checked', 'matched'), ('invoice', 'checked', 'exception'),
  ('invoice', 'exception', 'matched'), ('invoice', 'exception', 'rejected'),
  ('invoice', 'matched', 'approved'), ('invoice', 'matched', 'disputed'),
  ('invoice', 'disputed', 'approved'), ('invoice', 'disputed', 'paid'), ('invoice', 'disputed', 'rejected'), ('invoice', 'disputed', 'in_run'),
  ('invoice', 'approved', 'in_run'), ('invoice', 'in_run', 'approved'), ('invoice', 'in_run', 'paid'), ('invoice', 'paid', 'approved'),
  ('run', '', 'draft'), ('run', 'draft', 'frozen'), ('run', 'frozen', 'approved'), ('run', 'approved', 'emitted'),
  ('run', 'emitted', 'acknowledged'), ('run', 'emitted', 'settled'), ('run', 'acknowledged', 'settled'),
  ('run', 'draft', 'withdrawn'), ('run', 'frozen', 'withdrawn'), ('run', 'approved', 'withdrawn'),
  ('payment', '', 'planned'), ('payment', 'planned', 'withdrawn'), ('payment', 'planned', 'emitted'),
  ('payment', 'emitted', 'settled'), ('payment', 'settled', 'returned');
GRANT SELECT ON payments.allowed_move TO mc_web, mc_jobs, mc_verify;
CALL mc.append_only('payments.allowed_move');

CREATE FUNCTION payments.state_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_kind text := TG_ARGV[0];
  v_from text := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD)->>'state' ELSE '' END;
  v_new  jsonb := to_jsonb(NEW);
BEGIN
  IF v_from = v_new->>'state' THEN
    RETURN NULL;
  END IF;
  IF NOT EXISTS (SELECT FROM payments.allowed_move t WHERE t.kind = v_kind AND t.from_state = v_from AND t.to_state = v_new->>'state') THEN
    RAISE EXCEPTION 'The % % cannot go from "%" to "%".', replace(v_kind, '_', ' '), v_new->>'ref', v_from, v_new->>'state' USING ERRCODE = 'MC409';
  END IF;
  PERFORM mc.audit(v_kind || '_' || (v_new->>'state'), v_kind, v_new->>'ref', (v_new->>TG_ARGV[1])::bigint,
                   jsonb_build_object('from', v_from, 'to', v_new->>'state'));
  RETURN NULL;
END $$;

-- ---------------------------------------------------------------- bank details of providers: versions, never edited

CREATE TABLE payments.provider_account (
  council_id      int NOT NULL REFERENCES identity.council,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  ref             text NOT NULL,
  organisation_id bigint NOT NULL REFERENCES identity.organisation,
  version         int NOT NULL CHECK (version > 0),
  account_name    text NOT NULL CHECK (account_name ~ '[A-Za-z0-9]' AND length(account_name) <= 70),
  sort_code       text NOT NULL CHECK (sort_code ~ '^[0-9]{6}$'),
  account_number  text NOT NULL CHECK (account_number ~ '^[0-9]{8}$'),
  iban            text CHECK (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  vat_profile     text NOT NULL CHECK (vat_profile IN ('exempt', 'not_registered', 'standard', 'mixed')),
  vat_number      text,
  state           text NOT NULL DEFAULT 'entered' CHECK (state IN ('entered', 'verified', 'replaced', 'stopped', 'refused')),
  entered_by      bigint NOT NULL REFERENCES identity.account,
  entered_at      timestamptz NOT NULL DEFAULT now(),
  verified_by     bigint REFERENCES identity.account,
  verified_at     timestamptz,
  evidence        text,                -- how it was verified: which number on file was called
  cooling_until   timestamptz,
  notice_at       timestamptz,         -- when the contact already on file was told of the change
  stopped_reason  text,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  UNIQUE (council_id, organisation_id, version),
  CONSTRAINT provider_account_second_person CHECK (verified_by <> entered_by),
  CHECK (num_nonnulls(verified_by, verified_at, evidence, cooling_until) IN (0, 4)),
  CHECK (state NOT IN ('verified', 'replaced', 'stopped') OR verified_by IS NOT NULL),
  CHECK (vat_profile IN ('exempt', 'not_registered') OR vat_number IS NOT NULL)
);
-- One version is in force, and one change at a time waits for its second person.
CREATE UNIQUE INDEX provider_account_in_force ON payments.provider_account (council_id, organisation_id) WHERE state IN ('verified', 'stopped');
CREATE UNIQUE INDEX provider_account_waiting ON payments.provider_account (council_id, organisation_id) WHERE state = 'entered';

-- What was typed stays as typed: only the verification and the state are written later.
CREATE FUNCTION payments.provider_account_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.organisation_id, NEW.version, NEW.account_name, NEW.sort_code, NEW.account_number, NEW.iban, NEW.vat_profile, NEW.vat_number, NEW.entered_by)
     IS DISTINCT FROM (OLD.organisation_id, OLD.version, OLD.account_name, OLD.sort_code, OLD.account_number, OLD.iban, OLD.vat_profile, OLD.vat_number, OLD.entered_by)
     OR (OLD.verified_by IS NOT NULL AND NEW.verified_by IS DISTINCT FROM OLD.verified_by) THEN
    RAISE EXCEPTION 'Bank details are never edited: a change is a new version that a second person verifies.' USING ERRCODE = 'MC409';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON payments.provider_account FOR EACH ROW EXECUTE FUNCTION payments.provider_account_frozen();
CREATE TRIGGER moves AFTER INSERT OR UPDATE OF state ON payments.provider_account
  FOR EACH ROW EXECUTE FUNCTION payments.state_moves('provider_account', 'no_amount');
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments.provider_account FOR EACH STATEMENT EXECUTE FUNCTION mc.refuse_change();

-- ---------------------------------------------------------------- tolerances: data, the lesser of absolute and percent wins

CREATE TABLE payments.tolerance (
  council_id int NOT NULL REFERENCES identity.council,
  service    text NOT NULL DEFAULT '',  -- reference of a listing; '': every other service
  measure    text NOT NULL CHECK (measure IN ('price', 'quantity', 'line', 'document')),
  absolute   numeric NOT NULL CHECK (absolute >= 0), -- pence; for quantity, units
  percent    numeric NOT NULL CHECK (percent BETWEEN 0 AND 100),
  PRIMARY KEY (council_id, service, measure)
);

-- ---------------------------------------------------------------- invoices

CREATE TABLE payments.invoice (
  council_id      int NOT NULL REFERENCES identity.council,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  ref             text NOT NULL,
  organisation_id bigint NOT NULL REFERENCES identity.organisation,
  kind            text NOT NULL CHECK (kind IN ('invoice', 'self_billed', 'credit_note')),
  number          text NOT NULL CHECK (length(number) BETWEEN 1 AND 60),
  number_normal   text NOT NULL CHECK (number_normal ~ '^[A-Z0-9]+$'),
  corrects_id     bigint,               -- credit note: the invoice that it takes back
  issue_on        date NOT NULL,
  due_on          date NOT NULL,
  currency        text NOT NULL CHECK (currency = 'GBP'),
  net             bigint NOT NULL CHECK (net >= 0),
  tax             bigint NOT NULL CHECK (tax >= 0),
  gross           bigint NOT NULL CHECK (gross > 0),
  bank_sort_code  text,                 -- as printed on the invoice: compared with the verified record, never paid to
  bank_account    text,
  bank_iban       text,
  state           text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'checked', 'matched', 'approved', 'in_run', 'paid', 'exception', 'disputed', 'rejected')),
  received_at     timestamptz NOT NULL DEFAULT now(),
  valid_at        timestamptz,
  file_ref        text,
  ruleset         text NOT NULL,
  verdict         jsonb NOT NULL,
  approved        bigint NOT NULL DEFAULT 0, -- pence of lines agreed; a dispute holds its own line only
  scheduled       bigint NOT NULL DEFAULT 0, -- pence in payment runs that the bank has not paid yet
  paid            bigint NOT NULL DEFAULT 0,
  hands           int NOT NULL DEFAULT 0 CHECK (hands >= 0), -- decisions that a person had to take about it
  approved_at     timestamptz,
  paid_on         date,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  FOREIGN KEY (council_id, corrects_id) REFERENCES payments.invoice (council_id, id),
  FOREIGN KEY (council_id, file_ref) REFERENCES jobs.file (council_id, ref),
  CHECK (gross = net + tax),
  CHECK (approved BETWEEN 0 AND gross),
  CHECK (scheduled >= 0 AND paid >= 0 AND scheduled + paid <= approved),
  CHECK ((state = 'paid') = (paid_on IS NOT NULL)),
  CHECK (state NOT IN ('approved', 'in_run', 'paid') OR approved > 0)
);
-- The hard stop against paying twice. A rejected invoice is no debt, so the provider may send its number again.
CREATE UNIQUE INDEX invoice_number ON payments.invoice (council_id, organisation_id, number_normal) WHERE state <> 'rejected';
CREATE INDEX invoice_state ON payments.invoice (council_id, state, received_at);
CREATE INDEX invoice_organisation ON payments.invoice (council_id, organisation_id, received_at DESC);
CREATE TRIGGER moves AFTER INSERT OR UPDATE OF state ON payments.invoice FOR EACH ROW EXECUTE FUNCTION payments.state_moves('invoice', 'gross');
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments.invoice FOR EACH STATEMENT EXECUTE FUNCTION mc.refuse_change();

CREATE TABLE payments.invoice_line (
  council_id    int NOT NULL,
  invoice_id    bigint NOT NULL,
  line          int NOT NULL CHECK (line > 0),
  order_ref     text,                   -- as stated on the invoice
  order_line_no int,                    -- as stated on the invoice
  order_id      bigint,                 -- found by the match
  order_line_id bigint,
  service       text NOT NULL,
  period_from   date,
  period_to     date,
  quantity      numeric NOT NULL CHECK (quantity > 0),
  unit          text NOT NULL,
  unit_price    numeric NOT NULL CHECK (unit_price >= 0), -- pence, may have fractions
  net           bigint NOT NULL CHECK (net >= 0),
  tax           bigint NOT NULL DEFAULT 0 CHECK (tax >= 0),
  vat_category  text NOT NULL,
  visit_refs    text[] NOT NULL DEFAULT '{}',
  credits_line  int,                    -- credit note: the line of the invoice that it takes back
  captured      bigint NOT NULL DEFAULT 0 CHECK (captured >= 0), -- pence out of the person's purses; agreed beyond it is rounding
  agreed        bigint NOT NULL DEFAULT 0 CHECK (agreed >= 0), -- pence that are owed for it: all of it, or what a person accepted
  state         text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'matched', 'disputed', 'approved', 'rejected')),
  PRIMARY KEY (council_id, invoice_id, line),
  FOREIGN KEY (council_id, invoice_id) REFERENCES payments.invoice (council_id, id),
  FOREIGN KEY (council_id, order_id) REFERENCES payments.orders (council_id, id),
  FOREIGN KEY (council_id, order_line_id) REFERENCES payments.order_line (council_id, id),
  CHECK (period_to >= period_from),
  CHECK (agreed <= net + tax),
  CHECK (state <> 'approved' OR (order_line_id IS NOT NULL AND agreed > 0))
);
CREATE INDEX invoice_line_order ON payments.invoice_line (council_id, order_line_id);

-- A delivered visit is billed by one live invoice line; a credit note gives it back.
CREATE TABLE payments.invoice_visit (
  council_id  int NOT NULL,
  visit_id    bigint NOT NULL,
  invoice_id  bigint NOT NULL,
  line        int NOT NULL,
  credited_by bigint,
  PRIMARY KEY (council_id, invoice_id, line, visit_id),
  FOREIGN KEY (council_id, visit_id) REFERENCES payments.visit (council_id, id),
  FOREIGN KEY (council_id, invoice_id, line) REFERENCES payments.invoice_line (council_id, invoice_id, line),
  FOREIGN KEY (council_id, credited_by) REFERENCES payments.invoice (council_id, id)
);
CREATE UNIQUE INDEX invoice_visit_once ON payments.invoice_visit (council_id, visit_id) WHERE credited_by IS NULL;

-- ---------------------------------------------------------------- the evaluated checks, kept with every approval and exception

CREATE TABLE payments.match_check (
  council_id int NOT NULL,
  invoice_id bigint NOT NULL,
  round      int NOT NULL,              -- the how manieth evaluation
  line       int NOT NULL,              -- 0: the whole invoice
  place      int NOT NULL,              -- order of evaluation
  code       text NOT NULL,
  reason     text NOT NULL CHECK (reason IN ('LEG', 'REF', 'ITM', 'PRI', 'QTY', 'DEL', 'FIN', 'PAY', 'OTH')),
  measured   text NOT NULL,
  allowed    text NOT NULL,
  verdict    text NOT NULL CHECK (verdict IN ('pass', 'fail', 'not_asked')),
  sentence   text,                      -- a failure in plain words
  at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, invoice_id, round, line, place),
  FOREIGN KEY (council_id, invoice_id) REFERENCES payments.invoice (council_id, id),
  CHECK ((verdict = 'fail') = (sentence IS NOT NULL))
);

CREATE TABLE payments.exception (
  council_id  int NOT NULL,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  ref         text NOT NULL,
  invoice_id  bigint NOT NULL,
  line        int NOT NULL,             -- 0: the whole invoice
  code        text NOT NULL,
  reason      text NOT NULL CHECK (reason IN ('LEG', 'REF', 'ITM', 'PRI', 'QTY', 'DEL', 'FIN', 'PAY', 'OTH')),
  sentence    text NOT NULL,
  state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved')),
  opened_at   timestamptz NOT NULL DEFAULT now(),
  resolution  text CHECK (resolution IN ('accepted', 'rejected', 'returned', 'disputed', 'cleared')), -- cleared: the next match passed
  note        text,
  resolved_by bigint REFERENCES identity.account,
  resolved_at timestamptz,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  FOREIGN KEY (council_id, invoice_id) REFERENCES payments.invoice (council_id, id),
  CHECK ((state = 'resolved') = (resolution IS NOT NULL AND resolved_at IS NOT NULL)),
  CHECK (resolution IN ('cleared') OR (resolution IS NULL) = (note IS NULL))
);
CREATE INDEX exception_invoice ON payments.exception (council_id, invoice_id);
CREATE INDEX exception_open ON payments.exception (council_id, opened_at) WHERE state = 'open';

CALL mc.tenant_table('payments.provider_account');
CALL mc.tenant_table('payments.tolerance');
CALL mc.tenant_table('payments.invoice');
CALL mc.tenant_table('payments.invoice_line');
CALL mc.tenant_table('payments.invoice_visit');
CALL mc.tenant_table('payments.match_check');
CALL mc.tenant_table('payments.exception');
CALL mc.append_only('payments.match_check');
