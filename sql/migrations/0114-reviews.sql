-- Reviews: what people say about an order that was delivered, once an order, with one answer by its provider.

CREATE DOMAIN catalogue.said AS text CHECK (VALUE IN ('yes', 'partly', 'no'));    -- NULL: cannot say

-- Who said what. Nothing of the writer leaves this table: what everybody reads is catalogue.review_shown.
CREATE TABLE catalogue.review (
  council_id      int NOT NULL,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  ref             text NOT NULL,
  order_id        bigint NOT NULL,
  person_id       bigint NOT NULL,
  organisation_id bigint NOT NULL REFERENCES identity.organisation,
  listing_id      bigint NOT NULL REFERENCES catalogue.listing,
  on_time         catalogue.said,
  as_agreed       catalogue.said,
  was_kind        catalogue.said,
  use_again       catalogue.said,
  words           text CHECK (length(words) BETWEEN 1 AND 500),
  words_checked   boolean NOT NULL DEFAULT false,                  -- a moderator has read them; nobody else does before
  written_by      text NOT NULL CHECK (written_by IN ('person', 'helper', 'broker')),
  account_id      bigint NOT NULL REFERENCES identity.account,     -- who wrote or changed it last, and under which mandate
  mandate_id      bigint,
  written_at      timestamptz NOT NULL DEFAULT mc.now(),
  changed_at      timestamptz,
  reply           text CHECK (length(reply) BETWEEN 1 AND 500),
  replied_at      timestamptz,
  replied_by      bigint REFERENCES identity.account,
  state           text NOT NULL DEFAULT 'shown' CHECK (state IN ('shown', 'hidden', 'withdrawn')),
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  UNIQUE (council_id, order_id),
  FOREIGN KEY (council_id, order_id) REFERENCES payments.orders (council_id, id),
  FOREIGN KEY (council_id, person_id) REFERENCES identity.person (council_id, id),
  FOREIGN KEY (council_id, mandate_id) REFERENCES identity.mandate (council_id, id),
  CHECK (num_nonnulls(on_time, as_agreed, was_kind, use_again) > 0),
  CHECK ((reply IS NULL) = (replied_at IS NULL) AND (reply IS NULL) = (replied_by IS NULL)),
  CHECK (state <> 'withdrawn' OR (words IS NULL AND reply IS NULL))
);
CREATE INDEX review_organisation ON catalogue.review (council_id, organisation_id, id);

-- What anybody says is wrong with a review. Nobody is stored with it: no account, no address, the day alone.
CREATE TABLE catalogue.review_report (
  council_id  int NOT NULL,
  key         uuid NOT NULL,
  review_id   bigint NOT NULL,
  reason      text NOT NULL CHECK (reason IN ('unkind', 'names_somebody', 'untrue', 'other_matter')),
  words       text CHECK (length(words) BETWEEN 1 AND 500),
  said_on     date NOT NULL DEFAULT (mc.now() AT TIME ZONE 'Europe/London')::date,
  PRIMARY KEY (council_id, key),
  FOREIGN KEY (council_id, review_id) REFERENCES catalogue.review (council_id, id)
);
CREATE INDEX review_report_review ON catalogue.review_report (council_id, review_id);

-- What the moderator decided: hidden with a reason, or left to be read. It answers the reports that there were.
CREATE TABLE catalogue.review_decision (
  council_id  int NOT NULL,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  review_id   bigint NOT NULL,
  verb        text NOT NULL CHECK (verb IN ('hide', 'show')),
  reason      text CHECK (reason IN ('unkind', 'names_somebody', 'untrue', 'other_matter')),
  note        text CHECK (length(note) BETWEEN 1 AND 500),
  reports     int NOT NULL CHECK (reports >= 0),        -- how many there were until then
  account_id  bigint NOT NULL REFERENCES identity.account,
  decided_at  timestamptz NOT NULL DEFAULT mc.now(),
  PRIMARY KEY (council_id, id),
  FOREIGN KEY (council_id, review_id) REFERENCES catalogue.review (council_id, id),
  CHECK ((verb = 'hide') = (reason IS NOT NULL))
);
CREATE INDEX review_decision_review ON catalogue.review_decision (council_id, review_id, id);

CALL mc.tenant_table('catalogue.review');
CALL mc.tenant_table('catalogue.review_report');
CALL mc.tenant_table('catalogue.review_decision');
CALL mc.append_only('catalogue.review_report');
CALL mc.append_only('catalogue.review_decision');

-- What everybody reads: outside row-level security, like the search documents, and written by a trigger on catalogue.review. The month and not the day, so
-- that a provider does not find the writer in its calendar. Which council the writer belongs to is for the functions that take reports.
CREATE TABLE catalogue.review_shown (
  id              bigint PRIMARY KEY,
  ref             text NOT NULL UNIQUE,
  council_id      int NOT NULL REFERENCES identity.council,
  organisation_id bigint NOT NULL REFERENCES identity.organisation,
  listing_id      bigint NOT NULL REFERENCES catalogue.listing,
  on_time         catalogue.said,
  as_agreed       catalogue.said,
  was_kind        catalogue.said,
  use_again       catalogue.said,
  words           text,
  written_by      text NOT NULL,
  written_in      date NOT NULL CHECK (extract(day FROM written_in) = 1),
  is_changed      boolean NOT NULL,
  reply           text,
  replied_in      date CHECK (extract(day FROM replied_in) = 1)
);
CREATE INDEX review_shown_organisation ON catalogue.review_shown (organisation_id, id);
CREATE INDEX review_shown_listing ON catalogue.review_shown (listing_id, id);
GRANT SELECT (id, ref, organisation_id, listing_id, on_time, as_agreed, was_kind, use_again, words, written_by, written_in, is_changed, reply, replied_in)
  ON catalogue.review_shown TO mc_web;
GRANT SELECT ON catalogue.review_shown TO mc_verify;

-- The same counted, a row a listing and question (1 on time, 2 as agreed, 3 kind, 4 use again), so that a page costs the same however many reviews there are.
CREATE TABLE catalogue.review_tally (
  listing_id      bigint NOT NULL REFERENCES catalogue.listing,
  place           int NOT NULL CHECK (place BETWEEN 1 AND 4),
  organisation_id bigint NOT NULL REFERENCES identity.organisation,
  reviews         int NOT NULL,
  answers         int NOT NULL,
  yes             int NOT NULL,
  partly          int NOT NULL,
  no              int NOT NULL,
  PRIMARY KEY (listing_id, place)
);
CREATE INDEX review_tally_organisation ON catalogue.review_tally (organisation_id);
GRANT SELECT ON catalogue.review_tally TO mc_web, mc_verify;
