-- Several people fund one activity together, each from their own budget. A pool is what was proposed; each share is an order of its own, held from the moment of joining
-- and asked of the provider when the pool closes with enough people.

CREATE TABLE payments.pool (
  council_id      int NOT NULL,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  ref             text NOT NULL,                 -- for those who take part
  invitation      text NOT NULL,                 -- for whoever it is handed to: what it is about, and nothing of who is in
  person_id       bigint NOT NULL,               -- who proposed it
  started_by      bigint NOT NULL REFERENCES identity.account,
  mandate_id      bigint,
  started_at      timestamptz NOT NULL,
  organisation_id bigint NOT NULL REFERENCES identity.organisation,
  listing_ref     text NOT NULL,
  listing_id      bigint NOT NULL,
  title           text NOT NULL,
  unit            text NOT NULL,
  quantity        int NOT NULL,                  -- each time, for all together: minutes where the unit is an hour, else units
  price           bigint NOT NULL,               -- pence each time, of all shares together
  price_source    text NOT NULL CHECK (price_source IN ('public', 'agreed')),
  recurrence      text NOT NULL,
  weekdays        int[] NOT NULL,
  starts_on       date NOT NULL,
  starts_at       time,
  weeks           int NOT NULL,
  occurrences     int NOT NULL,
  notice_hours    int NOT NULL,
  note            text CHECK (length(note) <= 500),
  minimum         int NOT NULL CHECK (minimum BETWEEN 2 AND 20),
  most            int NOT NULL CHECK (most BETWEEN minimum AND 20),
  closes_on       date NOT NULL CHECK (closes_on < starts_on),  -- the last day to join and to leave
  state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'asked', 'ended')),  -- ended: too few
  closed_at       timestamptz,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  UNIQUE (council_id, invitation),
  FOREIGN KEY (council_id, person_id) REFERENCES identity.person (council_id, id),
  FOREIGN KEY (council_id, mandate_id) REFERENCES identity.mandate (council_id, id),
  CHECK (price >= most),                         -- so that every share is a penny at least
  CHECK ((state = 'open') = (closed_at IS NULL))
);
CREATE INDEX pool_person ON payments.pool (council_id, person_id, id);
CREATE INDEX pool_open ON payments.pool (council_id, closes_on) WHERE state = 'open';

-- What somebody answered, and under which mandate. The order of joining is that of the ids. Who left or said no has rows of their own that stay.
CREATE TABLE payments.pool_member (
  council_id  int NOT NULL,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  pool_id     bigint NOT NULL,
  person_id   bigint NOT NULL,
  state       text NOT NULL CHECK (state IN ('in', 'left', 'declined')),
  shown_as    text CHECK (length(shown_as) BETWEEN 1 AND 100),  -- what the others may see of the name; NULL: nothing
  order_id    bigint,                            -- the share
  most        bigint CHECK (most > 0),           -- pence each time that they agreed to at most
  held        bigint CHECK (held > 0),           -- pence set aside when they joined
  given_back  bigint NOT NULL DEFAULT 0 CHECK (given_back BETWEEN 0 AND held - 1),  -- of it, when the pool closed with more than the minimum
  answered_by bigint NOT NULL REFERENCES identity.account,
  mandate_id  bigint,
  answered_at timestamptz NOT NULL,
  left_at     timestamptz,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, order_id),
  FOREIGN KEY (council_id, pool_id) REFERENCES payments.pool (council_id, id),
  FOREIGN KEY (council_id, person_id) REFERENCES identity.person (council_id, id),
  FOREIGN KEY (council_id, mandate_id) REFERENCES identity.mandate (council_id, id),
  FOREIGN KEY (council_id, order_id) REFERENCES payments.orders (council_id, id),
  CHECK ((state = 'declined') = (order_id IS NULL) AND (order_id IS NULL) = (most IS NULL) AND (order_id IS NULL) = (held IS NULL)),
  CHECK ((state = 'left') = (left_at IS NOT NULL))
);
CREATE UNIQUE INDEX pool_member_once ON payments.pool_member (council_id, pool_id, person_id) WHERE state = 'in';
CREATE INDEX pool_member_person ON payments.pool_member (council_id, person_id, id);

CALL mc.tenant_table('payments.pool');
CALL mc.tenant_table('payments.pool_member');

INSERT INTO payments.allowed_transition (kind, from_state, verb, to_state) VALUES
  ('order', 'new',       'pool_join',  'gathering'),
  ('order', 'gathering', 'pool_leave', 'cancelled'),
  ('order', 'gathering', 'pool_end',   'cancelled'),  -- too few people
  ('order', 'gathering', 'pool_ask',   'asked');

-- Told now by which step an order begins; a request may be several orders.
DROP FUNCTION IF EXISTS payments.orders_write(payments.order_draft[]), payments.order_lock_provider(text);
