-- Months that finance closed: until the end of the last one nothing is dated any more. The figures are what was closed, an account a row.
CREATE TABLE ledger.closed_month (
  council_id int NOT NULL REFERENCES identity.council,
  starts_on  date NOT NULL CHECK (extract(day FROM starts_on) = 1),
  ends_on    date NOT NULL CHECK (ends_on = starts_on + interval '1 month' - interval '1 day'),
  figures    jsonb NOT NULL,             -- [{account, bank, books}]: pence at the end of the month
  closed_by  bigint NOT NULL REFERENCES identity.account,
  closed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (council_id, starts_on)
);
CALL mc.tenant_table('ledger.closed_month');
CALL mc.append_only('ledger.closed_month');
