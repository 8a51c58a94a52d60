-- The clock of business: when something was asked for, received, approved. The demonstration town needs a past, and tests need next week; everybody
-- else needs this clock to be the real one. So the setting mc.clock is honoured only where mc.installation says that this is a demonstration: a
-- property of the data that no application role may write and that `demo load` refuses to set beside real councils. Sessions, sign-in links, the
-- outbox and what the ledger says about when a row was recorded keep the real time everywhere.
CREATE FUNCTION mc.demo_clock() RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  v_set text := nullif(current_setting('mc.clock', true), '');
BEGIN
  IF v_set IS NULL OR NOT (SELECT is_demo FROM mc.installation) THEN
    RETURN NULL;
  END IF;
  RETURN v_set::timestamptz;
END $$;
CREATE FUNCTION mc.now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT coalesce(mc.demo_clock(), now()) $$;

ALTER TABLE identity.concern ALTER raised_at SET DEFAULT mc.now();
ALTER TABLE payments.budget ALTER created_at SET DEFAULT mc.now();
ALTER TABLE payments.allocation ALTER created_at SET DEFAULT mc.now();
ALTER TABLE payments.orders ALTER asked_at SET DEFAULT mc.now();
ALTER TABLE payments.order_version ALTER created_at SET DEFAULT mc.now();
ALTER TABLE payments.order_event ALTER at SET DEFAULT coalesce(mc.demo_clock(), clock_timestamp());
ALTER TABLE payments.capture ALTER created_at SET DEFAULT mc.now();
ALTER TABLE payments.provider_account ALTER entered_at SET DEFAULT mc.now();
ALTER TABLE payments.invoice ALTER received_at SET DEFAULT mc.now();
ALTER TABLE payments.match_check ALTER at SET DEFAULT mc.now();
ALTER TABLE payments.exception ALTER opened_at SET DEFAULT mc.now();
ALTER TABLE payments.run ALTER assembled_at SET DEFAULT mc.now();
ALTER TABLE payments.statement ALTER imported_at SET DEFAULT mc.now();
ALTER TABLE payments.bank_allocation ALTER at SET DEFAULT mc.now();
ALTER TABLE audit.event ALTER at SET DEFAULT coalesce(mc.demo_clock(), clock_timestamp());
