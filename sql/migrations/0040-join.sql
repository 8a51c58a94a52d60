-- People who want to offer support, and what visitors say about a page. Both come from people who need not be signed in.

CREATE TABLE identity.application (
  council_id  int NOT NULL REFERENCES identity.council,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  ref         text NOT NULL,
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  trading_as  text CHECK (length(trading_as) <= 200),
  work        text NOT NULL CHECK (length(work) BETWEEN 1 AND 1000),
  postcode    text NOT NULL CHECK (postcode ~ '^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$'),
  price       bigint NOT NULL CHECK (price BETWEEN 1 AND 100000),  -- pence an hour
  is_personal_care boolean NOT NULL,     -- regulated: needs registration or an exemption before it may be published
  checks      text[] NOT NULL CHECK (checks <@ ARRAY['dbs', 'insurance', 'training']),
  email       text NOT NULL CHECK (length(email) <= 254),
  phone       text CHECK (length(phone) <= 50),
  sent_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref)
);
CALL mc.tenant_table('identity.application');
CALL mc.append_only('identity.application');

-- Nobody is stored with it: no account, no address, the day alone, and pages without the references in their addresses.
CREATE TABLE identity.feedback (
  key         uuid PRIMARY KEY,
  council_id  int REFERENCES identity.council, -- NULL: a visitor
  page        text NOT NULL CHECK (length(page) <= 300),
  is_useful   boolean NOT NULL,
  words       text CHECK (length(words) <= 2000),
  said_on     date NOT NULL DEFAULT current_date
);
GRANT SELECT ON identity.feedback TO mc_verify;
CALL mc.append_only('identity.feedback');
