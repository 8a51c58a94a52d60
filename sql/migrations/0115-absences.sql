-- "I am away": a time in which nothing is delivered to a person. Planned visits are paused once, by each provider's notice rule, and can be put back.

CREATE TABLE payments.absence (
  council_id  int NOT NULL,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  ref         text NOT NULL,
  person_id   bigint NOT NULL,
  starts_on   date NOT NULL,
  ends_on     date CHECK (ends_on >= starts_on),  -- the last day away; NULL: until they say that they are back
  reason      text NOT NULL CHECK (reason IN ('hospital', 'holiday', 'other')),
  words       text CHECK (length(words) <= 500),  -- neither this nor the reason is told to a provider
  state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'back', 'over')),  -- ended by what was said, or by its last day
  back_on     date,                               -- visits go on again from this day, said before the last day had passed
  said_by     bigint NOT NULL REFERENCES identity.account,
  said_at     timestamptz NOT NULL,
  mandate_id  bigint,
  ended_at    timestamptz,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  FOREIGN KEY (council_id, person_id) REFERENCES identity.person (council_id, id),
  FOREIGN KEY (council_id, mandate_id) REFERENCES identity.mandate (council_id, id),
  CHECK ((state = 'open') = (ended_at IS NULL)),
  -- Nobody is away twice at once, so that a visit is paused by one absence and put back by the same.
  EXCLUDE USING gist (council_id WITH =, person_id WITH =, daterange(starts_on, least(ends_on, back_on - 1), '[]') WITH &&) WHERE (state = 'open')
);
CREATE INDEX absence_person ON payments.absence (council_id, person_id, id);
CREATE INDEX absence_open ON payments.absence (council_id) WHERE state = 'open';

-- What an absence did with a visit: paused it, free of charge, or cancelled it when the notice was too short. Later: what became of it when they came back.
CREATE TABLE payments.absence_visit (
  council_id  int NOT NULL,
  absence_id  bigint NOT NULL,
  visit_id    bigint NOT NULL,
  became      text NOT NULL CHECK (became IN ('paused', 'cancelled')),
  due         bigint NOT NULL CHECK (due >= 0),   -- pence
  answer      text CHECK (answer IN ('planned', 'past', 'order_ended', 'changed', 'billed', 'provider_ended', 'frozen', 'budget_ended', 'short')),
  PRIMARY KEY (council_id, absence_id, visit_id),
  FOREIGN KEY (council_id, absence_id) REFERENCES payments.absence (council_id, id),
  FOREIGN KEY (council_id, visit_id) REFERENCES payments.visit (council_id, id),
  CHECK ((became = 'cancelled') = (due > 0))
);
CREATE INDEX absence_visit_visit ON payments.absence_visit (council_id, visit_id);

-- Requests that waited for an answer when the absence was said: what their provider accepts of that time is paused as it is made.
CREATE TABLE payments.absence_request (
  council_id  int NOT NULL,
  absence_id  bigint NOT NULL,
  order_id    bigint NOT NULL,
  PRIMARY KEY (council_id, absence_id, order_id),
  FOREIGN KEY (council_id, absence_id) REFERENCES payments.absence (council_id, id),
  FOREIGN KEY (council_id, order_id) REFERENCES payments.orders (council_id, id)
);
CREATE INDEX absence_request_order ON payments.absence_request (council_id, order_id);

CALL mc.tenant_table('payments.absence');
CALL mc.tenant_table('payments.absence_visit');
CALL mc.tenant_table('payments.absence_request');

INSERT INTO payments.allowed_transition (kind, from_state, verb, to_state) VALUES
  ('visit', 'planned',   'visit_pause',  'paused'),
  ('visit', 'paused',    'visit_resume', 'planned'),
  ('visit', 'cancelled', 'visit_resume', 'planned'),    -- by the absence that cancelled it, and by nothing else
  ('visit', 'paused',    'visit_cancel', 'cancelled');

-- It is told now by which step a visit that costs nothing leaves the plan; the match knows of paused visits.
DROP FUNCTION IF EXISTS payments.visits_cancel(bigint, payments.visit[], text, text), payments.invoice_line_facts(payments.invoice);
