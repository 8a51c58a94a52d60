-- Tenants, accounts, people, organisations, hats and mandates; the audit log, the outbox and the idempotency keys.
-- Roles: mc_owner owns everything and cannot sign in; mc_web and mc_jobs are what workers and jobs connect as; mc_verify reads all for the verifier.

CREATE SCHEMA IF NOT EXISTS mc;
CREATE SCHEMA identity;
CREATE SCHEMA catalogue;
CREATE SCHEMA ledger;
CREATE SCHEMA payments;
CREATE SCHEMA audit;
CREATE SCHEMA jobs;

CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;

GRANT USAGE ON SCHEMA mc, identity, catalogue, ledger, payments, audit, jobs TO mc_web, mc_jobs, mc_verify;

-- ---------------------------------------------------------------- tenants

CREATE TABLE identity.council (
  id          int PRIMARY KEY,
  slug        text NOT NULL UNIQUE CHECK (slug ~ '^[a-z][a-z0-9-]{1,40}$'),
  name        text NOT NULL,
  phone       text NOT NULL,
  email       text NOT NULL,
  settings    jsonb NOT NULL DEFAULT '{}',
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- ---------------------------------------------------------------- accounts: who signs in (no tenant: one person may have hats in several councils)

CREATE TABLE identity.account (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email         text NOT NULL,
  name          text NOT NULL,
  password_hash text,
  created_at    timestamptz NOT NULL DEFAULT now(),
  ended_at      timestamptz
);
CREATE UNIQUE INDEX account_email ON identity.account (lower(email));

-- Providers, charities, groups, broker organisations and in-house services: one record for all councils.
CREATE TABLE identity.organisation (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref         text NOT NULL UNIQUE,
  name        text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('agency', 'charity', 'in_house', 'micro', 'group', 'broker')),
  created_at  timestamptz NOT NULL DEFAULT now(),
  ended_at    timestamptz
);

-- ---------------------------------------------------------------- tenant tables

CREATE TABLE identity.person (
  council_id  int NOT NULL REFERENCES identity.council,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  ref         text NOT NULL,
  name        text NOT NULL,
  postcode    text,
  needs       text,                    -- how to communicate with this person (Accessible Information Standard)
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref)
);

-- What an account may be in a council. One session wears one hat.
CREATE TABLE identity.hat (
  council_id      int NOT NULL REFERENCES identity.council,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  account_id      bigint NOT NULL REFERENCES identity.account,
  role            text NOT NULL CHECK (role IN ('holder', 'supporter', 'broker', 'self_funder', 'provider', 'group',
                                               'commissioner', 'finance', 'auditor', 'safeguarding', 'moderator', 'operator')),
  person_id       bigint,              -- holder, self_funder: whose own pages these are
  organisation_id bigint REFERENCES identity.organisation, -- provider, group, broker
  starts_on       date NOT NULL DEFAULT current_date,
  ended_at        timestamptz,
  PRIMARY KEY (council_id, id),
  FOREIGN KEY (council_id, person_id) REFERENCES identity.person (council_id, id),
  CHECK ((role IN ('holder', 'self_funder')) = (person_id IS NOT NULL)),
  CHECK (role NOT IN ('provider', 'group', 'broker') OR organisation_id IS NOT NULL)
);
CREATE INDEX hat_account ON identity.hat (account_id);

-- domain.md, "Who may act for whom". An actor is an account, or every broker hat of an organisation.
CREATE TABLE identity.mandate (
  council_id      int NOT NULL,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  ref             text NOT NULL,
  person_id       bigint NOT NULL,
  account_id      bigint REFERENCES identity.account,
  organisation_id bigint REFERENCES identity.organisation,
  rights          text[] NOT NULL CHECK (rights <@ ARRAY['see', 'order', 'decide', 'hold', 'pay', 'rate', 'attend_review'] AND cardinality(rights) > 0),
  ceiling_order   bigint CHECK (ceiling_order > 0),   -- pence an order, NULL: none
  ceiling_month   bigint CHECK (ceiling_month > 0),   -- pence a calendar month, NULL: none
  categories      text[],                             -- NULL: all
  basis           text NOT NULL CHECK (basis IN ('consent', 'parent', 'appointee', 'attorney', 'deputy', 'council')),
  evidence        text NOT NULL,
  starts_on       date NOT NULL,
  ends_on         date,
  review_on       date,
  revoked_at      timestamptz,
  revoked_by      bigint REFERENCES identity.account,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  FOREIGN KEY (council_id, person_id) REFERENCES identity.person (council_id, id),
  CHECK (num_nonnulls(account_id, organisation_id) = 1)
);
CREATE INDEX mandate_person ON identity.mandate (council_id, person_id);
CREATE INDEX mandate_account ON identity.mandate (council_id, account_id);
CREATE INDEX mandate_organisation ON identity.mandate (council_id, organisation_id);

-- ---------------------------------------------------------------- sessions and sign-in: reached through functions only

CREATE TABLE identity.session (
  token_sha256  bytea PRIMARY KEY,
  account_id    bigint NOT NULL REFERENCES identity.account,
  council_id    int,
  hat_id        bigint,
  created_at    timestamptz NOT NULL DEFAULT now(),
  seen_at       timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz NOT NULL,
  ended_at      timestamptz,
  FOREIGN KEY (council_id, hat_id) REFERENCES identity.hat (council_id, id)
);
CREATE INDEX session_account ON identity.session (account_id);

CREATE TABLE identity.sign_in_link (
  token_sha256  bytea PRIMARY KEY,
  account_id    bigint NOT NULL REFERENCES identity.account,
  created_at    timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz NOT NULL,
  used_at       timestamptz
);

CREATE TABLE identity.throttle (
  key         text PRIMARY KEY,        -- 'account:…' or 'address:…'
  failures    int NOT NULL DEFAULT 0,
  window_from timestamptz NOT NULL DEFAULT now()
);

-- What this installation is: demonstration mode is a property of the data, so that a server started with the wrong option refuses.
CREATE TABLE mc.installation (
  only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  is_demo      boolean NOT NULL DEFAULT false
);
INSERT INTO mc.installation DEFAULT VALUES;

-- ---------------------------------------------------------------- idempotency, audit, outbox

CREATE TABLE mc.idempotency (
  council_id   int NOT NULL,
  account_id   bigint NOT NULL,        -- 0: no account (jobs, command line)
  key          uuid NOT NULL,
  verb         text NOT NULL,
  request_sha256 bytea NOT NULL,
  answer       jsonb,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, account_id, key)
);

CREATE TABLE audit.event (
  council_id   int NOT NULL,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  account_id   bigint,
  hat_id       bigint,
  role         text,
  person_id    bigint,
  mandate_id   bigint,
  verb         text NOT NULL,
  kind         text NOT NULL,          -- of the object: order, visit, invoice, run, statement, mandate …
  ref          text NOT NULL,
  amount       bigint,                 -- pence
  detail       jsonb NOT NULL DEFAULT '{}', -- no personal text: references and figures only
  PRIMARY KEY (council_id, id)
);
CREATE INDEX event_object ON audit.event (council_id, kind, ref);
CREATE INDEX event_person ON audit.event (council_id, person_id, id);

-- Blocks of events, hash-chained by jobs: sha256(previous block's sha256 || the digests of its events in id order).
-- Membership is explicit, because events commit in another order than their ids are drawn.
CREATE TABLE audit.seal (
  council_id   int NOT NULL,
  block        bigint NOT NULL,
  events       int NOT NULL CHECK (events > 0),
  sha256       bytea NOT NULL,
  sealed_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, block)
);
CREATE TABLE audit.sealed_event (
  council_id   int NOT NULL,
  event_id     bigint NOT NULL,
  block        bigint NOT NULL,
  sha256       bytea NOT NULL,
  PRIMARY KEY (council_id, event_id)
);
CREATE INDEX sealed_event_block ON audit.sealed_event (council_id, block, event_id);

-- Who looked at a person's record on somebody's behalf or as an officer: one row a day, shown to the person.
CREATE TABLE audit.look (
  council_id   int NOT NULL,
  person_id    bigint NOT NULL,
  account_id   bigint NOT NULL,
  hat_id       bigint NOT NULL,
  mandate_id   bigint,
  on_day       date NOT NULL DEFAULT current_date,
  first_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, person_id, account_id, hat_id, on_day)
);

CREATE TABLE jobs.outbox (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  council_id   int,
  topic        text NOT NULL,          -- mail, file, …: one handler each in daemon/jobs.c
  payload      jsonb NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  not_before   timestamptz NOT NULL DEFAULT now(),
  tries        int NOT NULL DEFAULT 0,
  done_at      timestamptz,
  parked_at    timestamptz,            -- after five tries: a person looks at it
  error        text
);
CREATE INDEX outbox_waiting ON jobs.outbox (not_before, id) WHERE done_at IS NULL AND parked_at IS NULL;

-- Mail that was sent (in demonstration mode: what /demo/mail shows).
CREATE TABLE jobs.mail (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  council_id   int,
  outbox_id    bigint,
  to_email     text NOT NULL,
  subject      text NOT NULL,
  body         text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  sent_at      timestamptz,
  UNIQUE (outbox_id, to_email)
);

-- Files that arrived or were made: stored first, parsed in the jail by jobs.
CREATE TABLE jobs.file (
  council_id   int NOT NULL,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  ref          text NOT NULL,
  kind         text NOT NULL,          -- invoice, statement, payment_file, import
  name         text NOT NULL,
  sha256       bytea NOT NULL,
  bytes        bytea NOT NULL,
  account_id   bigint,
  organisation_id bigint,
  state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'reading', 'done', 'refused')),
  report       jsonb NOT NULL DEFAULT '{}',
  created_at   timestamptz NOT NULL DEFAULT now(),
  done_at      timestamptz,
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref)
);

-- ---------------------------------------------------------------- the context of a transaction (see sql/README.md)

CREATE FUNCTION mc.council() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT current_setting('mc.council')::int $$;
CREATE FUNCTION mc.account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('mc.account', true), '')::bigint $$;
CREATE FUNCTION mc.hat() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('mc.hat', true), '')::bigint $$;
CREATE FUNCTION mc.role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('mc.role', true), '') $$;
CREATE FUNCTION mc.organisation() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('mc.organisation', true), '')::bigint $$;
CREATE FUNCTION mc.person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('mc.person', true), '')::bigint $$;
CREATE FUNCTION mc.mandate() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('mc.mandate', true), '')::bigint $$;

-- Turns on and forces row-level security by council, and grants reading to the application roles. Called by every migration for every tenant table.
CREATE PROCEDURE mc.tenant_table(p_table regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', p_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', p_table);
  EXECUTE format('CREATE POLICY tenant ON %s USING (council_id = mc.council()) WITH CHECK (council_id = mc.council())', p_table);
  EXECUTE format('CREATE POLICY verifier ON %s FOR SELECT TO mc_verify USING (true)', p_table);
  EXECUTE format('GRANT SELECT ON %s TO mc_web, mc_jobs, mc_verify', p_table);
END $$;

-- No one, the owner included, changes or removes a row.
CREATE FUNCTION mc.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: corrections are new rows', TG_TABLE_NAME USING ERRCODE = 'MC409';
END $$;
CREATE PROCEDURE mc.append_only(p_table regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION mc.refuse_change()', p_table);
  EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM PUBLIC, mc_web, mc_jobs', p_table);
END $$;

CALL mc.tenant_table('identity.person');
CALL mc.tenant_table('identity.hat');
CALL mc.tenant_table('identity.mandate');
CALL mc.tenant_table('mc.idempotency');
CALL mc.tenant_table('audit.event');
CALL mc.tenant_table('audit.seal');
CALL mc.tenant_table('audit.sealed_event');
CALL mc.tenant_table('audit.look');
CALL mc.tenant_table('jobs.file');
CALL mc.append_only('audit.event');
CALL mc.append_only('audit.seal');
CALL mc.append_only('audit.sealed_event');

REVOKE ALL ON mc.idempotency FROM mc_web, mc_jobs;
GRANT SELECT ON identity.council, identity.organisation TO mc_web, mc_jobs, mc_verify;
GRANT SELECT ON jobs.outbox, jobs.mail TO mc_jobs, mc_verify;
GRANT UPDATE ON jobs.outbox, jobs.mail TO mc_jobs;
GRANT SELECT ON mc.installation TO mc_web, mc_jobs, mc_verify;
GRANT SELECT ON identity.account TO mc_jobs, mc_verify;
