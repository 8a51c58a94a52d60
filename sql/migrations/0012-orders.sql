-- Orders from the ask to the delivered visit. Where an order or a visit changes state: payments.transition (sql/functions/24-transition.sql),
-- along the rows of payments.allowed_transition below, one payments.order_event each. There is no other place.

CREATE TABLE payments.allowed_transition (
  kind        text NOT NULL CHECK (kind IN ('order', 'visit')),
  from_state  text NOT NULL,
  verb        text NOT NULL,
  to_state    text NOT NULL,
  PRIMARY KEY (kind, from_state, verb)
);
INSERT INTO payments.allowed_transition (kind, from_state, verb, to_state) VALUES
  ('order', 'new',       'order_place',      'asked'),
  ('order', 'asked',     'order_accept',     'accepted'),
  ('order', 'asked',     'order_decline',    'declined'),
  ('order', 'asked',     'order_expire',     'expired'),
  ('order', 'asked',     'order_cancel',     'cancelled'),
  ('order', 'accepted',  'order_cancel',     'cancelled'),
  ('order', 'accepted',  'order_finish',     'finished'),
  ('visit', 'planned',   'visit_deliver',    'delivered'),
  ('visit', 'planned',   'visit_frustrate',  'frustrated'),   -- the provider came, the person could not be supported
  ('visit', 'planned',   'visit_miss',       'missed'),
  ('visit', 'planned',   'visit_cancel',     'cancelled'),
  ('visit', 'delivered', 'visit_confirm',    'confirmed'),
  ('visit', 'delivered', 'visit_query',      'queried'),
  ('visit', 'frustrated', 'visit_confirm',   'confirmed'),
  ('visit', 'frustrated', 'visit_query',     'queried'),
  ('visit', 'queried',   'visit_deliver',    'delivered'),    -- the provider answers a query with corrected minutes
  ('visit', 'queried',   'visit_miss',       'missed'),
  ('visit', 'queried',   'visit_confirm',    'confirmed');
GRANT SELECT ON payments.allowed_transition TO mc_web, mc_jobs, mc_verify;

-- The table's name is plural because ORDER is a word of SQL.
CREATE TABLE payments.orders (
  council_id      int NOT NULL,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  ref             text NOT NULL,
  person_id       bigint NOT NULL,
  organisation_id bigint NOT NULL REFERENCES identity.organisation,
  state           text NOT NULL,
  total           bigint NOT NULL CHECK (total > 0),   -- pence, what was asked for
  note            text CHECK (length(note) <= 500),
  asked_at        timestamptz NOT NULL DEFAULT now(),
  answer_by       timestamptz NOT NULL,
  answered_at     timestamptz,
  answer_note     text CHECK (length(answer_note) <= 500),
  ordered_by      bigint NOT NULL REFERENCES identity.account,
  mandate_id      bigint,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  FOREIGN KEY (council_id, person_id) REFERENCES identity.person (council_id, id),
  FOREIGN KEY (council_id, mandate_id) REFERENCES identity.mandate (council_id, id)
);
CREATE INDEX orders_person ON payments.orders (council_id, person_id, id);
CREATE INDEX orders_organisation ON payments.orders (council_id, organisation_id, state);
CREATE INDEX orders_mandate ON payments.orders (council_id, mandate_id, asked_at) WHERE mandate_id IS NOT NULL;
CREATE INDEX orders_waiting ON payments.orders (council_id, answer_by) WHERE state = 'asked';

-- The terms in force from a date. Later terms are a new version; the old one stays as it was agreed.
CREATE TABLE payments.order_version (
  council_id  int NOT NULL,
  order_id    bigint NOT NULL,
  version     int NOT NULL CHECK (version > 0),
  from_on     date NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  created_by  bigint REFERENCES identity.account,
  PRIMARY KEY (council_id, order_id, version),
  FOREIGN KEY (council_id, order_id) REFERENCES payments.orders (council_id, id)
);

-- One service on the terms frozen when it was asked for.
CREATE TABLE payments.order_line (
  council_id   int NOT NULL,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  order_id     bigint NOT NULL,
  version      int NOT NULL,
  listing_ref  text NOT NULL,
  listing_id   bigint NOT NULL,
  title        text NOT NULL,
  unit         text NOT NULL,
  unit_price   bigint NOT NULL CHECK (unit_price >= 0),
  price_source text NOT NULL CHECK (price_source IN ('public', 'agreed')),
  quantity     int NOT NULL CHECK (quantity BETWEEN 1 AND 10080),  -- a visit: minutes where the unit is an hour, else units
  recurrence   text NOT NULL CHECK (recurrence IN ('once', 'weekly', 'fortnightly')),
  weekdays     int[] NOT NULL,           -- ISO: 1 is Monday; empty for once
  starts_on    date NOT NULL,
  starts_at    time,
  weeks        int NOT NULL CHECK (weeks BETWEEN 1 AND 53),
  occurrences  int NOT NULL CHECK (occurrences BETWEEN 1 AND 371),
  visit_price  bigint NOT NULL CHECK (visit_price > 0),
  notice_hours int NOT NULL CHECK (notice_hours >= 0),
  outcome_id   bigint,                   -- NULL only where own money alone pays
  PRIMARY KEY (council_id, id),
  FOREIGN KEY (council_id, order_id, version) REFERENCES payments.order_version (council_id, order_id, version),
  FOREIGN KEY (council_id, outcome_id) REFERENCES payments.outcome (council_id, id)
);
CREATE INDEX order_line_order ON payments.order_line (council_id, order_id);

-- Which purse promised how much to an order. One ledger hold a portion.
CREATE TABLE payments.order_hold (
  council_id  int NOT NULL,
  order_id    bigint NOT NULL,
  portion_id  bigint NOT NULL,
  hold_id     bigint NOT NULL,
  position    int NOT NULL,              -- the order in which the purses pay
  amount      bigint NOT NULL CHECK (amount > 0),
  PRIMARY KEY (council_id, order_id, portion_id),
  UNIQUE (council_id, hold_id),
  FOREIGN KEY (council_id, order_id) REFERENCES payments.orders (council_id, id),
  FOREIGN KEY (council_id, portion_id) REFERENCES payments.portion (council_id, id),
  FOREIGN KEY (council_id, hold_id) REFERENCES ledger.hold (council_id, id)
);

-- One of a person's purses as an order finds it under lock: a row of payments.budget_position, cut to what the split needs.
CREATE TYPE payments.purse AS (
  portion_id bigint, ledger_account_id bigint, budget_ref text, kind text, council_funded boolean, starts_on date, ends_on date, free bigint
);

CREATE TABLE payments.visit (
  council_id      int NOT NULL,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  ref             text NOT NULL,
  order_id        bigint NOT NULL,
  order_line_id   bigint NOT NULL,
  organisation_id bigint NOT NULL,
  person_id       bigint NOT NULL,
  planned_on      date NOT NULL,
  starts_at       time,
  planned_minutes int,                   -- NULL where the unit is not an hour
  state           text NOT NULL DEFAULT 'planned',
  actual_minutes  int CHECK (actual_minutes BETWEEN 0 AND 10080),
  price           bigint NOT NULL CHECK (price > 0),      -- pence as ordered
  amount          bigint CHECK (amount BETWEEN 0 AND price), -- pence due; NULL until delivered, missed or cancelled
  held            bigint NOT NULL CHECK (held BETWEEN 0 AND price), -- pence still held for it
  delivered_by    bigint REFERENCES identity.account,
  delivered_at    timestamptz,
  query_reason    text CHECK (length(query_reason) <= 500),
  invoice_ref     text,                  -- set by payments.order_capture: a visit is captured once
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  FOREIGN KEY (council_id, order_id) REFERENCES payments.orders (council_id, id),
  FOREIGN KEY (council_id, order_line_id) REFERENCES payments.order_line (council_id, id)
);
CREATE INDEX visit_order ON payments.visit (council_id, order_id, planned_on);
CREATE INDEX visit_organisation ON payments.visit (council_id, organisation_id, planned_on);
CREATE INDEX visit_person ON payments.visit (council_id, person_id, planned_on);

-- Which purses pay for which visit, fixed when the visits are made, so that a capture or a release never guesses.
CREATE TABLE payments.visit_hold (
  council_id  int NOT NULL,
  visit_id    bigint NOT NULL,
  hold_id     bigint NOT NULL,
  position    int NOT NULL,
  amount      bigint NOT NULL CHECK (amount > 0),
  PRIMARY KEY (council_id, visit_id, hold_id),
  FOREIGN KEY (council_id, visit_id) REFERENCES payments.visit (council_id, id),
  FOREIGN KEY (council_id, hold_id) REFERENCES ledger.hold (council_id, id)
);

CREATE TABLE payments.order_event (
  council_id  int NOT NULL,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  order_id    bigint NOT NULL,
  visit_id    bigint,
  verb        text NOT NULL,
  from_state  text NOT NULL,
  to_state    text NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor_id    bigint,                    -- NULL: a job
  role        text,
  person_id   bigint NOT NULL,
  mandate_id  bigint,
  reason      text,
  PRIMARY KEY (council_id, id),
  FOREIGN KEY (council_id, order_id) REFERENCES payments.orders (council_id, id),
  FOREIGN KEY (council_id, visit_id) REFERENCES payments.visit (council_id, id)
);
CREATE INDEX order_event_order ON payments.order_event (council_id, order_id, id);
CREATE INDEX order_event_visit ON payments.order_event (council_id, visit_id, id) WHERE visit_id IS NOT NULL;

-- What an approved invoice took from which purse; a credit note adds rows below zero that name the row they correct.
CREATE TABLE payments.capture (
  council_id  int NOT NULL,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  order_id    bigint NOT NULL,
  portion_id  bigint NOT NULL,
  hold_id     bigint NOT NULL,
  journal_id  bigint NOT NULL,
  invoice_ref text NOT NULL,             -- of the invoice, or of the credit note
  amount      bigint NOT NULL CHECK (amount <> 0),
  corrects    bigint,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, id),
  FOREIGN KEY (council_id, order_id) REFERENCES payments.orders (council_id, id),
  FOREIGN KEY (council_id, portion_id) REFERENCES payments.portion (council_id, id),
  FOREIGN KEY (council_id, journal_id) REFERENCES ledger.journal (council_id, id),
  FOREIGN KEY (council_id, corrects) REFERENCES payments.capture (council_id, id),
  CHECK ((amount < 0) = (corrects IS NOT NULL))
);
CREATE INDEX capture_order ON payments.capture (council_id, order_id);
CREATE INDEX capture_invoice ON payments.capture (council_id, invoice_ref);

CALL mc.tenant_table('payments.orders');
CALL mc.tenant_table('payments.order_version');
CALL mc.tenant_table('payments.order_line');
CALL mc.tenant_table('payments.order_hold');
CALL mc.tenant_table('payments.visit');
CALL mc.tenant_table('payments.visit_hold');
CALL mc.tenant_table('payments.order_event');
CALL mc.tenant_table('payments.capture');
CALL mc.append_only('payments.order_event');
CALL mc.append_only('payments.capture');
CALL mc.append_only('payments.visit_hold');
CALL mc.append_only('payments.order_hold');
