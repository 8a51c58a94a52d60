-- Bank details of a provider: entered by one person, verified by another through a number already on file, then a cooling-off.

CREATE OR REPLACE FUNCTION payments.provider_account_enter(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_org   identity.organisation;
  v_ref   text := mc.new_ref();
  v_next  int;
BEGIN
  PERFORM payments.require_role('finance', 'provider');
  v_prior := mc.idem_begin(p_key, 'provider_account_enter', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  SELECT * INTO v_org FROM identity.organisation o
   WHERE o.ref = p_request->>'organisation' AND o.ended_at IS NULL AND (mc.role() <> 'provider' OR o.id = mc.organisation());
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such provider.' USING ERRCODE = 'MC404';
  END IF;
  -- Two people who enter at once: the later details replace the earlier, as they would a minute later.
  PERFORM pg_advisory_xact_lock(hashtextextended('payments.provider_account ' || mc.council() || ' ' || v_org.id, 0));
  UPDATE payments.provider_account SET state = 'refused'
   WHERE council_id = mc.council() AND organisation_id = v_org.id AND state = 'entered';
  SELECT coalesce(max(version), 0) + 1 INTO v_next FROM payments.provider_account
   WHERE council_id = mc.council() AND organisation_id = v_org.id;
  INSERT INTO payments.provider_account (council_id, ref, organisation_id, version, account_name, sort_code, account_number, iban,
                                         vat_profile, vat_number, account_check, entered_by, notice_at)
  VALUES (mc.council(), v_ref, v_org.id, v_next, p_request->>'account_name', regexp_replace(p_request->>'sort_code', '[ -]', '', 'g'),
          p_request->>'account_number', nullif(upper(replace(p_request->>'iban', ' ', '')), ''),
          p_request->>'vat_profile', nullif(p_request->>'vat_number', ''), coalesce(p_request->>'account_check', 'unchecked'), mc.account(), CASE WHEN v_next > 1 THEN mc.now() END);
  PERFORM payments.mail_organisation(v_org.id, 'New bank details were entered for ' || v_org.name,
    'New bank details for ' || v_org.name || ' were entered. Nothing is paid to them until a second person has checked them with you. '
    || 'If you did not ask for this, please ring the council at once.');
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'entered', 'ref', v_ref, 'version', v_next));
END $$;

CREATE OR REPLACE FUNCTION payments.provider_account_verify(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_new   payments.provider_account;
  v_until timestamptz;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'provider_account_verify', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  SELECT * INTO v_new FROM payments.provider_account
   WHERE council_id = mc.council() AND ref = p_request->>'ref' FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There are no such bank details.' USING ERRCODE = 'MC404';
  END IF;
  IF v_new.state <> 'entered' THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'not_waiting', 'state', v_new.state));
  END IF;
  IF v_new.entered_by = mc.account() THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'same_person'));
  END IF;
  PERFORM payments.must_not_work_for(v_new.organisation_id);
  IF p_request->>'decision' = 'refuse' THEN
    UPDATE payments.provider_account SET state = 'refused' WHERE council_id = mc.council() AND id = v_new.id;
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'refused', 'ref', v_new.ref));
  END IF;
  -- The first details of a provider need no cooling-off: there is no older account that a fraudster would turn away from.
  v_until := CASE WHEN v_new.version = 1 THEN mc.now() ELSE payments.add_working_days(ledger.today(), payments.cooling_days()) END;
  UPDATE payments.provider_account SET state = 'replaced'
   WHERE council_id = mc.council() AND organisation_id = v_new.organisation_id AND state IN ('verified', 'stopped');
  UPDATE payments.provider_account
     SET state = 'verified', verified_by = mc.account(), verified_at = mc.now(), evidence = p_request->>'evidence', cooling_until = v_until
   WHERE council_id = mc.council() AND id = v_new.id;
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'verified', 'ref', v_new.ref, 'cooling_until', v_until));
END $$;

CREATE OR REPLACE FUNCTION payments.cooling_days() RETURNS int
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT coalesce((c.settings->>'bank_cooling_days')::int, 3) FROM identity.council c WHERE c.id = mc.council()
$$;

-- The details that may be paid to today, or the reason in words why there are none: one row. A waiting change holds every payment to its provider.
-- STABLE, without a search path of its own and returning a table, so that a payment run works it out for all its providers in one join.

CREATE OR REPLACE FUNCTION payments.payable_account(p_organisation bigint) RETURNS TABLE (account_id bigint, hindrance text)
LANGUAGE sql STABLE ROWS 1 AS $$
  SELECT CASE WHEN w.hindrance IS NULL THEN a.id END, w.hindrance
    FROM (SELECT 1) one
    LEFT JOIN payments.provider_account a
      ON a.council_id = mc.council() AND a.organisation_id = p_organisation AND a.state IN ('verified', 'stopped')
    CROSS JOIN LATERAL (SELECT CASE
      WHEN EXISTS (SELECT FROM payments.provider_account n
                    WHERE n.council_id = mc.council() AND n.organisation_id = p_organisation AND n.state = 'entered')
        THEN 'New bank details wait for a second person to check them.'
      WHEN a.id IS NULL THEN 'There are no verified bank details.'
      WHEN a.state = 'stopped' THEN 'The bank details were stopped: ' || a.stopped_reason || '.'
      WHEN a.cooling_until > (SELECT mc.now()) THEN 'The bank details changed; payments start again on ' || payments.day((a.cooling_until AT TIME ZONE 'Europe/London')::date) || '.'
    END AS hindrance) w
$$;
