-- Importing other people's lists. Rows are staged by COPY, applied in batches, and forgotten when the run is finished.

CREATE TABLE catalogue.import_run (
  council_id   int NOT NULL REFERENCES identity.council,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  source       text NOT NULL,
  sha256       text NOT NULL,       -- of the mapping and all files: the same again goes on where it stopped
  rows_total   int NOT NULL,
  rows_failed  int NOT NULL,
  started_at   timestamptz NOT NULL DEFAULT now(),
  finished_at  timestamptz,
  PRIMARY KEY (council_id, id)
);
CREATE UNIQUE INDEX import_run_open ON catalogue.import_run (council_id, source, sha256) WHERE finished_at IS NULL;

CREATE TABLE catalogue.import_batch (
  council_id   int NOT NULL,
  run_id       bigint NOT NULL,
  batch        int NOT NULL,
  added        int NOT NULL,
  changed      int NOT NULL,
  unchanged    int NOT NULL,
  duplicates   int NOT NULL,
  done_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, run_id, batch),
  FOREIGN KEY (council_id, run_id) REFERENCES catalogue.import_run (council_id, id)
);
CALL mc.tenant_table('catalogue.import_run');
CALL mc.tenant_table('catalogue.import_batch');

-- Outside row-level security, because COPY refuses tables under it; it holds nothing but text that is about to be published.
CREATE TABLE catalogue.import_row (
  run_id      bigint NOT NULL,
  batch       int NOT NULL,
  file        int NOT NULL,
  line        int NOT NULL,
  source_key  text NOT NULL,
  kind        text NOT NULL,
  category    text NOT NULL,
  name        text NOT NULL,
  summary     text NOT NULL,
  description text NOT NULL,
  phone       text,
  email       text,
  web         text,
  source_web  text,
  address     text,
  postcode    text,
  lat         double precision,
  lon         double precision,
  PRIMARY KEY (run_id, batch, file, line)
);
CREATE INDEX import_row_key ON catalogue.import_row (run_id, source_key);
CREATE TABLE catalogue.import_postcode (postcode text NOT NULL, lon double precision NOT NULL, lat double precision NOT NULL);

GRANT INSERT ON catalogue.import_row, catalogue.import_postcode TO mc_jobs;
GRANT SELECT ON catalogue.import_row, catalogue.import_postcode TO mc_verify;
