-- What finance decides about itself: how far an invoice may differ before a person is asked, and up to what sum a person may approve a payment run.
-- Both are kept as versions, each with who, when and why; the one in force is the last whose day has come.

ALTER TABLE payments.tolerance DROP CONSTRAINT tolerance_pkey,
  ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY, ADD COLUMN ref text, ADD COLUMN starts_on date NOT NULL DEFAULT '2000-01-01',
  ADD COLUMN reason text, ADD COLUMN set_by bigint REFERENCES identity.account, ADD COLUMN set_at timestamptz NOT NULL DEFAULT mc.now(),
  ALTER absolute DROP NOT NULL, ALTER percent DROP NOT NULL,
  ADD PRIMARY KEY (council_id, id), ADD UNIQUE (council_id, ref), ADD CHECK (num_nonnulls(absolute, percent) IN (0, 2)),
  ADD CHECK (num_nonnulls(ref, reason, set_by) IN (0, 3));
COMMENT ON COLUMN payments.tolerance.absolute IS 'pence; for quantity, units; NULL: from that day on as for every other service, or as built in';
CREATE INDEX tolerance_in_force ON payments.tolerance (council_id, measure, service, starts_on DESC, id DESC);
CALL mc.append_only('payments.tolerance');

-- Which tolerance a check was held against, in words.
ALTER TABLE payments.match_check ADD COLUMN tolerance text;

CREATE TABLE payments.approval_limit (
  council_id int NOT NULL REFERENCES identity.council,
  id         bigint GENERATED ALWAYS AS IDENTITY,
  ref        text NOT NULL,
  account_id bigint REFERENCES identity.account, -- NULL: everybody who has no limit of their own
  amount     bigint CHECK (amount >= 0),         -- pence of one run; NULL: no limit
  starts_on  date NOT NULL,
  reason     text NOT NULL CHECK (btrim(reason) <> ''),
  set_by     bigint NOT NULL REFERENCES identity.account,
  set_at     timestamptz NOT NULL DEFAULT mc.now(),
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref),
  CONSTRAINT approval_limit_second_person CHECK (set_by <> account_id)
);
CREATE INDEX approval_limit_in_force ON payments.approval_limit (council_id, account_id, starts_on DESC, id DESC);
CALL mc.tenant_table('payments.approval_limit');
CALL mc.append_only('payments.approval_limit');

-- Whoever approves, by whatever way: the sum is within their limit.
CREATE FUNCTION payments.run_within_limit() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_limit bigint := payments.approval_limit_of(NEW.approved_by);
BEGIN
  IF NEW.total > v_limit THEN
    RAISE EXCEPTION 'This run is over the limit of whoever approves it.' USING ERRCODE = 'MC409';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER within_limit BEFORE UPDATE OF approved_by ON payments.run FOR EACH ROW WHEN (NEW.approved_by IS NOT NULL AND OLD.approved_by IS NULL)
  EXECUTE FUNCTION payments.run_within_limit();
