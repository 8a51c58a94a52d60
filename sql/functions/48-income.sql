-- Money that comes in: series and their items, what receiving one does to the books, reminders, and the check of every day.

-- The account that money of an item belongs to: on an account of client money the person's own sub-ledger. Worked out inside the query that asks.
CREATE OR REPLACE FUNCTION payments.income_account(p_item bigint) RETURNS TABLE (kind text, code text, person_id bigint)
LANGUAGE sql STABLE ROWS 1 AS $$
  SELECT CASE WHEN b.is_client_money AND p.id IS NOT NULL THEN 'client_money' WHEN s.kind = 'contribution' THEN 'contribution_receivable'
              WHEN s.kind = 'topup' THEN 'direct_payment_clearing' ELSE 'recoveries' END,
         CASE WHEN b.is_client_money AND p.id IS NOT NULL THEN b.ref || ' ' || p.ref WHEN s.kind IN ('contribution', 'topup') THEN coalesce(p.ref, s.ref) ELSE b.ref END,
         CASE WHEN b.is_client_money OR s.kind IN ('contribution', 'topup') THEN p.id END
    FROM payments.income_item i
    JOIN payments.income_series s ON s.council_id = i.council_id AND s.id = i.series_id
    JOIN payments.bank_account b ON b.council_id = s.council_id AND b.id = s.bank_account_id
    LEFT JOIN identity.person p ON p.council_id = s.council_id AND p.id = s.person_id
   WHERE i.council_id = mc.council() AND i.id = p_item
$$;

-- The items of a council's series that are due within two months and not written down yet. Whoever ends a series waits, and removes them with the others.
CREATE OR REPLACE FUNCTION payments.income_extend() RETURNS int
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  WITH added AS (
    INSERT INTO payments.income_item (council_id, ref, series_id, due_on, amount)
    SELECT s.council_id, mc.new_ref(), s.id, d.due_on, s.amount
      FROM payments.income_series s
     CROSS JOIN LATERAL (
       SELECT (s.starts_on + n * CASE s.every WHEN 'week' THEN interval '7 days' WHEN 'four_weeks' THEN interval '28 days' ELSE interval '1 month' END)::date AS due_on
         FROM generate_series(0, CASE s.every WHEN 'once' THEN 0 ELSE 600 END) n) d
     WHERE s.council_id = mc.council() AND d.due_on <= ledger.today() + 60 AND d.due_on <= coalesce(s.ends_on, 'infinity')
       AND NOT EXISTS (SELECT FROM payments.income_item i WHERE i.council_id = s.council_id AND i.series_id = s.id AND i.due_on = d.due_on)
     ORDER BY s.id, d.due_on FOR SHARE OF s
    ON CONFLICT DO NOTHING
    RETURNING 1)
  SELECT count(*)::int FROM added
$$;

-- {"kind", "bank_account": ref?, "person": ref?, "payer_name", "payer_email"?, "amount": pence, "every", "starts_on", "ends_on"?} → expected + ref, reference, items; no_account, no_person,
-- far (the first day), too_long
CREATE OR REPLACE FUNCTION payments.income_expect(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior  jsonb;
  v_ref    text := mc.new_ref();
  v_person bigint := (SELECT id FROM identity.person WHERE council_id = mc.council() AND ref = p_request->>'person');
  v_bank   bigint;
  v_no     text;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'income_expect', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  SELECT b.id INTO v_bank FROM payments.bank_account b
   WHERE b.council_id = mc.council() AND (b.ref = p_request->>'bank_account' OR p_request->>'bank_account' IS NULL AND NOT b.is_client_money) ORDER BY b.id LIMIT 1;
  IF v_bank IS NULL OR (v_person IS NULL AND p_request->>'person' IS NOT NULL) THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', CASE WHEN v_bank IS NULL THEN 'no_account' ELSE 'no_person' END));
  END IF;
  v_no := CASE WHEN (p_request->>'starts_on')::date NOT BETWEEN ledger.today() - interval '2 years' AND ledger.today() + interval '2 years' THEN 'far'
               WHEN (p_request->>'ends_on')::date >= (p_request->>'starts_on')::date + interval '10 years' THEN 'too_long' END;
  IF v_no IS NOT NULL THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', v_no));
  END IF;
  INSERT INTO payments.income_series (council_id, ref, reference, kind, bank_account_id, person_id, payer_name, payer_email, amount, every, starts_on, ends_on, entered_by)
  VALUES (mc.council(), v_ref, 'MC' || replace(v_ref, '-', ''), p_request->>'kind', v_bank, v_person, p_request->>'payer_name', p_request->>'payer_email',
          (p_request->>'amount')::bigint, p_request->>'every', (p_request->>'starts_on')::date, (p_request->>'ends_on')::date, mc.account());
  PERFORM mc.audit('income_expected', 'income_series', v_ref, (p_request->>'amount')::bigint, jsonb_build_object('kind', p_request->>'kind', 'every', p_request->>'every'));
  -- It may have come before anybody said that it would.
  PERFORM mc.outbox('reconcile', '{}');
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'expected', 'ref', v_ref, 'reference', 'MC' || replace(v_ref, '-', ''), 'items', payments.income_extend()));
END $$;

-- Nothing more is expected after today; what is late stays late until somebody decides about it with the payer.
CREATE OR REPLACE FUNCTION payments.income_end(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior  jsonb;
  v_series bigint;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'income_end', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  UPDATE payments.income_series SET ends_on = greatest(ledger.today(), starts_on)
   WHERE council_id = mc.council() AND ref = p_request->>'series' AND coalesce(ends_on, 'infinity') > greatest(ledger.today(), starts_on) RETURNING id INTO v_series;
  IF v_series IS NULL THEN
    RETURN mc.idem_end(p_key, '{"outcome": "state"}');
  END IF;
  DELETE FROM payments.income_item i WHERE i.council_id = mc.council() AND i.series_id = v_series AND i.due_on > ledger.today() AND i.received = 0
     AND NOT EXISTS (SELECT FROM payments.bank_allocation a WHERE a.council_id = i.council_id AND a.income_item_id = i.id);
  PERFORM mc.audit('income_ended', 'income_series', p_request->>'series');
  RETURN mc.idem_end(p_key, '{"outcome": "ended"}');
END $$;

-- ---------------------------------------------------------------- reminders

-- Five working days of grace, at most three reminders by itself, a fortnight apart; then it is a person's.
CREATE OR REPLACE FUNCTION payments.income_is_late(p_due date) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, payments
RETURN payments.add_working_days(p_due, 5) < ledger.today();

CREATE OR REPLACE FUNCTION payments.income_remind_one(p_item payments.income_item) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_series payments.income_series;
  v_own    text := (SELECT name FROM identity.council WHERE id = p_item.council_id);
BEGIN
  SELECT * INTO v_series FROM payments.income_series WHERE council_id = p_item.council_id AND id = p_item.series_id;
  PERFORM mc.outbox('mail', jsonb_build_object('to_email', v_series.payer_email, 'subject', 'A payment has not reached us yet',
    'body', payments.pence_words(p_item.amount - p_item.received) || ' was due on ' || payments.day(p_item.due_on) || ' and has not reached ' || v_own || ' yet.' || E'\n'
            || 'Please pay it with the reference ' || v_series.reference || '. If you have paid in the last few days, thank you: there is nothing to do.' || E'\n'
            || 'If paying is difficult, answer this e-mail or ring us. Nobody loses support because of this e-mail.'));
  UPDATE payments.income_item SET reminders = reminders + 1, reminded_on = ledger.today() WHERE council_id = p_item.council_id AND id = p_item.id;
  PERFORM mc.audit('income_reminded', 'income_item', p_item.ref, p_item.amount - p_item.received);
END $$;

-- {"item": ref} → reminded; nobody (there is no address), too_soon (one went out today), received
CREATE OR REPLACE FUNCTION payments.income_remind(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_item  payments.income_item;
  v_why   text;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'income_remind', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  SELECT * INTO v_item FROM payments.income_item WHERE council_id = mc.council() AND ref = p_request->>'item' FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such expected payment.' USING ERRCODE = 'MC404';
  END IF;
  v_why := CASE WHEN v_item.received = v_item.amount THEN 'received' WHEN v_item.reminded_on = ledger.today() THEN 'too_soon'
                WHEN (SELECT payer_email IS NULL FROM payments.income_series WHERE council_id = v_item.council_id AND id = v_item.series_id) THEN 'nobody' END;
  IF v_why IS NULL THEN
    PERFORM payments.income_remind_one(v_item);
  END IF;
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', coalesce(v_why, 'reminded')));
END $$;

-- ---------------------------------------------------------------- every day

-- Looks at every account once a day and tells finance what does not agree. Says how many rows it wrote.
CREATE OR REPLACE FUNCTION payments.day_check_write() RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_wrong text;
  v_n     int;
BEGIN
  INSERT INTO payments.day_check (council_id, on_day, bank_account_id, ledger, entries, open_amount, difference, missing, client_gap)
  SELECT c.council_id, ledger.today(), c.bank_account_id, c.ledger, c.entries, c.open_amount, c.difference, c.missing, c.client_gap
    FROM payments.bank_check c WHERE c.council_id = mc.council()
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS v_n = ROW_COUNT;
  SELECT string_agg(b.name || ': ' || concat_ws(', ', CASE WHEN d.difference <> 0 THEN 'books and bank differ by ' || payments.pence_words(d.difference) END,
                    CASE WHEN d.missing <> 0 THEN 'bank lines of ' || payments.pence_words(d.missing) || ' are missing' END,
                    CASE WHEN d.client_gap <> 0 THEN 'people''s money and the bank differ by ' || payments.pence_words(d.client_gap) END), E'\n' ORDER BY b.name)
    INTO v_wrong
    FROM payments.day_check d JOIN payments.bank_account b ON b.council_id = d.council_id AND b.id = d.bank_account_id
   WHERE d.council_id = mc.council() AND d.on_day = ledger.today() AND (d.difference <> 0 OR d.missing <> 0 OR d.client_gap <> 0);
  IF v_n > 0 AND v_wrong IS NOT NULL THEN
    PERFORM mc.outbox('mail', jsonb_build_object('to_account', h.account_id, 'subject', 'Bank accounts that do not agree', 'body', v_wrong))
       FROM (SELECT DISTINCT account_id FROM identity.hat WHERE council_id = mc.council() AND role = 'finance' AND ended_at IS NULL) h;
  END IF;
  RETURN v_n;
END $$;

-- Jobs, every minute: the work of the day is done when the first call of the day ends.
CREATE OR REPLACE FUNCTION payments.income_daily() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_n int;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('payments.income_daily'), mc.council());
  v_n := payments.day_check_write();
  IF v_n > 0 THEN
    PERFORM payments.income_extend();
    PERFORM payments.income_remind_one(i)
       FROM payments.income_item i JOIN payments.income_series s ON s.council_id = i.council_id AND s.id = i.series_id
      WHERE i.council_id = mc.council() AND i.received < i.amount AND payments.income_is_late(i.due_on) AND s.payer_email IS NOT NULL
        AND i.reminders < 3 AND coalesce(i.reminded_on, '-infinity') <= ledger.today() - 14
      ORDER BY i.id;
  END IF;
  RETURN v_n;
END $$;
