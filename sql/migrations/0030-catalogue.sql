-- The catalogue: storefronts, listings and their prices, community entries, events, postcodes.
-- All of it is public but drafts and agreed prices; only agreed_price is a tenant table.

CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;

-- ---------------------------------------------------------------- where things are
-- Metres on a flat map around 53 degrees north (equirectangular, mean Earth radius, false origin 400 km west and south of 53 N 2 W). Distances are exact
-- at 53 degrees and wrong by at most 7 % east to west between Land's End and Berwick: good enough for "2 miles away", and integers compare fast.

CREATE FUNCTION catalogue.east(p_lon double precision) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT round(400000 + (p_lon + 2) * 111195.08 * 0.601815023)::int $$;   -- cos(53 degrees)
CREATE FUNCTION catalogue.north(p_lat double precision) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT round(400000 + (p_lat - 53) * 111195.08)::int $$;

CREATE TABLE catalogue.postcode (
  postcode  text PRIMARY KEY CHECK (postcode ~ '^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$'),
  outward   text NOT NULL GENERATED ALWAYS AS (split_part(postcode, ' ', 1)) STORED,
  lat       double precision NOT NULL CHECK (lat BETWEEN 49 AND 61),
  lon       double precision NOT NULL CHECK (lon BETWEEN -9 AND 2),
  x         int NOT NULL GENERATED ALWAYS AS (catalogue.east(lon)) STORED,
  y         int NOT NULL GENERATED ALWAYS AS (catalogue.north(lat)) STORED
);
CREATE INDEX postcode_outward ON catalogue.postcode (outward);

-- ---------------------------------------------------------------- categories

CREATE TABLE catalogue.category (
  slug         text PRIMARY KEY CHECK (slug ~ '^[a-z][a-z0-9-]*$'),
  name         text NOT NULL,
  parent       text REFERENCES catalogue.category,
  about        text NOT NULL,            -- two plain sentences
  picture      text NOT NULL,            -- the concept that a pictogram shows
  kind         text NOT NULL CHECK (kind IN ('support', 'activity', 'place', 'advice')),
  is_regulated boolean NOT NULL DEFAULT false, -- personal care: needs CQC registration or a stated exemption
  rank         int NOT NULL
);

-- ---------------------------------------------------------------- storefronts and listings

CREATE TABLE catalogue.storefront (
  organisation_id bigint PRIMARY KEY REFERENCES identity.organisation,
  summary         text NOT NULL DEFAULT '',
  description     text NOT NULL DEFAULT '',
  phone           text,
  email           text,
  web             text CHECK (web ~ '^https?://'),
  languages       text[] NOT NULL DEFAULT '{}',
  area            text,                  -- in words: "Trafford and south Manchester"
  updated_at      timestamptz NOT NULL DEFAULT now()
);

CREATE DOMAIN catalogue.features AS text[] CHECK (VALUE <@ ARRAY['wheelchair', 'hearing_loop', 'quiet_space', 'accessible_toilet', 'bsl',
  'bring_supporter', 'gender_choice', 'same_worker', 'faith_practice', 'special_diets']);

CREATE TABLE catalogue.listing (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref             text NOT NULL UNIQUE CHECK (ref ~ '^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$'),
  organisation_id bigint NOT NULL REFERENCES identity.organisation,
  title           text NOT NULL CHECK (length(title) BETWEEN 3 AND 120),
  summary         text NOT NULL CHECK (length(summary) <= 300),
  description     text NOT NULL DEFAULT '',
  category        text NOT NULL REFERENCES catalogue.category,
  unit            text NOT NULL CHECK (unit IN ('hour', 'session', 'day', 'night', 'week', 'mile', 'trip', 'item', 'meal', 'membership')),
  price           bigint NOT NULL CHECK (price >= 0),          -- public, pence
  minimum_minutes int NOT NULL DEFAULT 0 CHECK (minimum_minutes BETWEEN 0 AND 1440),
  notice_hours    int NOT NULL DEFAULT 24 CHECK (notice_hours BETWEEN 0 AND 2160),
  terms           text NOT NULL DEFAULT '',                    -- of cancelling, in words
  delivered       text[] NOT NULL CHECK (delivered <@ ARRAY['home', 'place', 'remote'] AND cardinality(delivered) > 0),
  address         text,
  postcode        text,
  lat             double precision,
  lon             double precision,
  x               int GENERATED ALWAYS AS (catalogue.east(lon)) STORED,
  y               int GENERATED ALWAYS AS (catalogue.north(lat)) STORED,
  is_rough        boolean NOT NULL DEFAULT false,              -- placed in the middle of its postcode district
  radius_m        int CHECK (radius_m > 0),                    -- travels this far from the postcode
  is_national     boolean NOT NULL DEFAULT false,
  features        catalogue.features NOT NULL DEFAULT '{}',
  languages       text[] NOT NULL DEFAULT '{}',
  faith_diet      text,                                        -- in words
  dbs_on          date,
  insured_until   date,
  cqc_id          text,
  cqc_rating      text CHECK (cqc_rating IN ('Outstanding', 'Good', 'Requires improvement', 'Inadequate', 'Not rated yet')),
  cqc_rated_on    date,
  cqc_exemption   text,                                        -- why personal care may be given without registration
  status          text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'paused', 'closed')),
  published_at    timestamptz,
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CHECK (lat BETWEEN 49 AND 61 AND lon BETWEEN -9 AND 2),
  CHECK ((cqc_rating IS NULL) = (cqc_rated_on IS NULL)),
  CHECK (status = 'draft' OR published_at IS NOT NULL)
);
CREATE INDEX listing_organisation ON catalogue.listing (organisation_id);

-- Public prices for other times than the ordinary hour: the listing's own price stands where no band is named.
CREATE TABLE catalogue.listing_price (
  listing_id  bigint NOT NULL REFERENCES catalogue.listing,
  band        text NOT NULL CHECK (band IN ('evening', 'night', 'weekend', 'bank_holiday', 'two_workers', 'half_hour', 'quarter_hour')),
  price       bigint NOT NULL CHECK (price >= 0),
  PRIMARY KEY (listing_id, band)
);

-- What a council and a provider agreed. Never copied anywhere else: every reader goes through catalogue.price_for or catalogue.viewer_price.
CREATE TABLE catalogue.agreed_price (
  council_id  int NOT NULL REFERENCES identity.council,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  listing_id  bigint NOT NULL REFERENCES catalogue.listing,
  price       bigint NOT NULL CHECK (price >= 0),
  valid_from  date NOT NULL,
  valid_to    date,                      -- last day; NULL: until further notice
  PRIMARY KEY (council_id, id),
  CHECK (valid_to >= valid_from),
  EXCLUDE USING gist (council_id WITH =, listing_id WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX agreed_price_listing ON catalogue.agreed_price (council_id, listing_id, valid_from);
CALL mc.tenant_table('catalogue.agreed_price');

-- ---------------------------------------------------------------- community entries: one record for all councils, kept by one of them

CREATE TABLE catalogue.entry (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref             text NOT NULL UNIQUE CHECK (ref ~ '^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$'),
  council_id      int NOT NULL REFERENCES identity.council,    -- the curator
  kind            text NOT NULL CHECK (kind IN ('public_service', 'business', 'community')),
  name            text NOT NULL CHECK (length(name) BETWEEN 2 AND 200),
  name_key        text NOT NULL GENERATED ALWAYS AS (regexp_replace(lower(name), '[^a-z0-9]+', '', 'g')) STORED,
  summary         text NOT NULL DEFAULT '' CHECK (length(summary) <= 300),
  description     text NOT NULL DEFAULT '',
  category        text NOT NULL REFERENCES catalogue.category,
  phone           text,
  email           text,
  web             text CHECK (web ~ '^https?://'),
  address         text,
  postcode        text,
  lat             double precision,
  lon             double precision,
  x               int GENERATED ALWAYS AS (catalogue.east(lon)) STORED,
  y               int GENERATED ALWAYS AS (catalogue.north(lat)) STORED,
  is_rough        boolean NOT NULL DEFAULT false,
  features        catalogue.features NOT NULL DEFAULT '{}',
  organisation_id bigint REFERENCES identity.organisation,     -- the owner, when it has an account
  assured_on      date NOT NULL,
  check_again_by  date NOT NULL,
  source          text NOT NULL,
  source_key      text NOT NULL,
  source_hash     bytea NOT NULL,
  source_web      text CHECK (source_web ~ '^https?://'),
  status          text NOT NULL DEFAULT 'published' CHECK (status IN ('published', 'hidden', 'proposed_hide')),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (source, source_key),
  CHECK (lat BETWEEN 49 AND 61 AND lon BETWEEN -9 AND 2)
);
CREATE INDEX entry_same ON catalogue.entry (name_key, postcode);

-- ---------------------------------------------------------------- events

CREATE TABLE catalogue.event (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref             text NOT NULL UNIQUE CHECK (ref ~ '^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$'),
  council_id      int NOT NULL REFERENCES identity.council,    -- the curator
  organisation_id bigint REFERENCES identity.organisation,
  title           text NOT NULL CHECK (length(title) BETWEEN 3 AND 120),
  summary         text NOT NULL DEFAULT '' CHECK (length(summary) <= 300),
  description     text NOT NULL DEFAULT '',
  category        text NOT NULL REFERENCES catalogue.category,
  place           text NOT NULL,
  address         text,
  postcode        text,
  lat             double precision,
  lon             double precision,
  x               int GENERATED ALWAYS AS (catalogue.east(lon)) STORED,
  y               int GENERATED ALWAYS AS (catalogue.north(lat)) STORED,
  is_rough        boolean NOT NULL DEFAULT false,
  price           bigint NOT NULL DEFAULT 0 CHECK (price >= 0),
  features        catalogue.features NOT NULL DEFAULT '{}',
  phone           text,
  email           text,
  web             text CHECK (web ~ '^https?://'),
  status          text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'closed')),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CHECK (lat BETWEEN 49 AND 61 AND lon BETWEEN -9 AND 2)
);
CREATE TABLE catalogue.event_occurrence (
  event_id     bigint NOT NULL REFERENCES catalogue.event,
  starts_at    timestamptz NOT NULL,
  ends_at      timestamptz NOT NULL,
  is_cancelled boolean NOT NULL DEFAULT false,
  PRIMARY KEY (event_id, starts_at),
  CHECK (ends_at > starts_at)
);
CREATE INDEX event_occurrence_start ON catalogue.event_occurrence (starts_at);

GRANT SELECT ON catalogue.postcode, catalogue.category, catalogue.storefront, catalogue.listing, catalogue.listing_price, catalogue.entry,
  catalogue.event, catalogue.event_occurrence TO mc_web, mc_jobs, mc_verify;
