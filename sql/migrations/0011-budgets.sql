-- Individual budgets: what a person was told they have, who funds it, who holds it, and which outcomes it is for.
-- A budget has funding lines, a line has portions, a portion has one ledger account. Sums are never stored here: payments.budget_position reads
-- allocated from the allocations, held and spent from the ledger account.

CREATE TABLE payments.budget (
  council_id    int NOT NULL,
  id            bigint GENERATED ALWAYS AS IDENTITY,
  ref           text NOT NULL,
  person_id     bigint NOT NULL,
  starts_on     date NOT NULL,
  ends_on       date NOT NULL CHECK (ends_on > starts_on),
  state         text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'frozen', 'ended')),
  state_reason  text,
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  FOREIGN KEY (council_id, person_id) REFERENCES identity.person (council_id, id),
  CHECK (state <> 'frozen' OR state_reason IS NOT NULL)
);
CREATE INDEX budget_person ON payments.budget (council_id, person_id);

CREATE TABLE payments.funding_line (
  council_id      int NOT NULL,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  ref             text NOT NULL,
  budget_id       bigint NOT NULL,
  funder          text NOT NULL,         -- as people know it: Exampleshire Council, the local NHS, Own money
  kind            text NOT NULL CHECK (kind IN ('social_care', 'health', 'education', 'housing', 'grant', 'own_money')),
  council_funded  boolean NOT NULL,      -- the council's agreed price applies only where such a line is debited
  starts_on       date NOT NULL,
  ends_on         date NOT NULL CHECK (ends_on > starts_on),
  use_order       int NOT NULL,          -- purses pay in this order, then by id
  succeeds_id     bigint,                -- the line that this one took over from
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  FOREIGN KEY (council_id, budget_id) REFERENCES payments.budget (council_id, id),
  FOREIGN KEY (council_id, succeeds_id) REFERENCES payments.funding_line (council_id, id),
  CHECK (NOT (council_funded AND kind = 'own_money'))
);
CREATE INDEX funding_line_budget ON payments.funding_line (council_id, budget_id);

CREATE TABLE payments.portion (
  council_id        int NOT NULL,
  id                bigint GENERATED ALWAYS AS IDENTITY,
  ref               text NOT NULL,
  funding_line_id   bigint NOT NULL,
  ledger_account_id bigint NOT NULL,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  UNIQUE (council_id, ledger_account_id),
  FOREIGN KEY (council_id, funding_line_id) REFERENCES payments.funding_line (council_id, id),
  FOREIGN KEY (council_id, ledger_account_id) REFERENCES ledger.account (council_id, id)
);
CREATE INDEX portion_line ON payments.portion (council_id, funding_line_id);

-- Who holds a portion, from when to when. The current one has no end. Route and holder change; the money and its history stay.
CREATE TABLE payments.portion_route (
  council_id             int NOT NULL,
  portion_id             bigint NOT NULL,
  starts_on              date NOT NULL,
  ends_on                date CHECK (ends_on >= starts_on),
  route                  text NOT NULL CHECK (route IN ('direct_payment', 'representative', 'trust', 'broker_account', 'provider_isf', 'council_managed')),
  holder_account_id      bigint REFERENCES identity.account,
  holder_organisation_id bigint REFERENCES identity.organisation,
  PRIMARY KEY (council_id, portion_id, starts_on),
  FOREIGN KEY (council_id, portion_id) REFERENCES payments.portion (council_id, id),
  CHECK (num_nonnulls(holder_account_id, holder_organisation_id) <= 1),
  CHECK (route NOT IN ('broker_account', 'provider_isf') OR holder_organisation_id IS NOT NULL)
);
CREATE UNIQUE INDEX portion_route_current ON payments.portion_route (council_id, portion_id) WHERE ends_on IS NULL;

-- Money given to a portion (or, below zero, taken back with a reason); each row is one journal.
CREATE TABLE payments.allocation (
  council_id  int NOT NULL,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  portion_id  bigint NOT NULL,
  amount      bigint NOT NULL CHECK (amount <> 0),
  reason      text,
  journal_id  bigint NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, id),
  FOREIGN KEY (council_id, portion_id) REFERENCES payments.portion (council_id, id),
  FOREIGN KEY (council_id, journal_id) REFERENCES ledger.journal (council_id, id)
);
CREATE INDEX allocation_portion ON payments.allocation (council_id, portion_id);

-- Outcomes of the support plan: what every order line is for.
CREATE TABLE payments.outcome (
  council_id  int NOT NULL,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  ref         text NOT NULL,
  person_id   bigint NOT NULL,
  title       text NOT NULL,
  agreed_on   date NOT NULL,
  ended_on    date,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  FOREIGN KEY (council_id, person_id) REFERENCES identity.person (council_id, id)
);
CREATE INDEX outcome_person ON payments.outcome (council_id, person_id);

CALL mc.tenant_table('payments.budget');
CALL mc.tenant_table('payments.funding_line');
CALL mc.tenant_table('payments.portion');
CALL mc.tenant_table('payments.portion_route');
CALL mc.tenant_table('payments.allocation');
CALL mc.tenant_table('payments.outcome');
CALL mc.append_only('payments.allocation');
