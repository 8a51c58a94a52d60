-- What finance decides about itself (tolerances, limits of approval), and the working days that both and the bank go by.

-- ---------------------------------------------------------------- working days

CREATE OR REPLACE FUNCTION payments.is_working_day(p_day date) RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
RETURN extract(isodow FROM p_day) < 6 AND NOT EXISTS (SELECT FROM payments.bank_holiday h WHERE h.day = p_day);

-- The p_days-th working day after p_from, 1 to 250. Between two working days lie at most four others (Christmas), of which two in seven are weekends.
CREATE OR REPLACE FUNCTION payments.add_working_days(p_from date, p_days int) RETURNS date
LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
BEGIN ATOMIC
  SELECT d::date FROM generate_series(p_from + 1, p_from + 10 + p_days * 2, interval '1 day') AS d
   WHERE payments.is_working_day(d::date) ORDER BY d OFFSET p_days - 1 LIMIT 1;
END;

-- The last day on which a bank can pay what is due on a day: that day, or the working day before it.
CREATE OR REPLACE FUNCTION payments.pay_by(p_due date) RETURNS date
LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
BEGIN ATOMIC
  SELECT d::date FROM generate_series(p_due - 10, p_due, interval '1 day') AS d WHERE payments.is_working_day(d::date) ORDER BY d DESC LIMIT 1;
END;

-- The first day on which the bank can pay a run: Bacs takes a working day for itself after the one on which it gets the file.
CREATE OR REPLACE FUNCTION payments.first_pay_day(p_profile text) RETURNS date
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, payments
RETURN CASE p_profile WHEN 'bacs18' THEN payments.add_working_days(ledger.today(), 2) ELSE ledger.today() END;

-- Operator: [{"date", "name"}] → added, changed, and the last day that is known. Days that are there stay, so the same list twice changes nothing.
CREATE OR REPLACE FUNCTION payments.bank_holidays_take(p_days jsonb, OUT added int, OUT changed int, OUT known_until date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
BEGIN
  WITH stated AS (
    SELECT DISTINCT ON (payments.day_read(h->>'date')) payments.day_read(h->>'date') AS day, btrim(h->>'name') AS name FROM jsonb_array_elements(p_days) h ORDER BY 1),
  taken AS (
    INSERT INTO payments.bank_holiday AS b (day, name) SELECT s.day, s.name FROM stated s
    ON CONFLICT (day) DO UPDATE SET name = excluded.name WHERE b.name <> excluded.name RETURNING xmax = 0 AS is_new)
  SELECT count(*) FILTER (WHERE t.is_new), count(*) FILTER (WHERE NOT t.is_new) INTO added, changed FROM taken t;
  SELECT max(b.day) INTO known_until FROM payments.bank_holiday b;
EXCEPTION WHEN not_null_violation OR check_violation THEN
  RAISE EXCEPTION 'Each line needs a date like 2029-01-01 and a name.' USING ERRCODE = 'MC422';
END $$;

-- ---------------------------------------------------------------- tolerances

-- What holds where the council has decided nothing: the strictest that rounding allows.
CREATE OR REPLACE FUNCTION payments.tolerance_built_in(p_measure text) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE p_measure WHEN 'line' THEN 1 WHEN 'document' THEN 5 ELSE 0 END;

-- The version in force for a service on a day: its own before the one for every other service. A version without figures ends the one before it; a wider one holds once
-- a second officer has agreed. p_also is one that is only thought of.
CREATE OR REPLACE FUNCTION payments.tolerance_on(p_service text, p_measure text, p_day date, p_also payments.tolerance) RETURNS payments.tolerance
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT t.last FROM (SELECT DISTINCT ON ((v.t).service) v.t AS last, (v.t).service, (v.t).absolute
                        FROM (SELECT t FROM payments.tolerance t
                               WHERE t.council_id = mc.council() AND t.measure = p_measure AND t.service IN (p_service, '') AND t.starts_on <= p_day
                                 AND (NOT t.is_wider OR EXISTS (SELECT FROM payments.tolerance_decision d
                                                                 WHERE d.council_id = t.council_id AND d.tolerance_id = t.id AND d.verb = 'agree'))
                              UNION ALL SELECT p_also WHERE (p_also).starts_on <= p_day) v
                       ORDER BY (v.t).service, (v.t).starts_on DESC, (v.t).id DESC) t
   WHERE t.absolute IS NOT NULL ORDER BY t.service = '' LIMIT 1
$$;

CREATE OR REPLACE FUNCTION payments.tolerance_now(p_service text, p_measure text) RETURNS payments.tolerance
LANGUAGE sql STABLE SET search_path = pg_catalog, payments
RETURN payments.tolerance_on(p_service, p_measure, ledger.today(), NULL);

-- The most that a version lets through, as absolute and percent: nothing where either is nothing; of none at all, what is built in.
CREATE OR REPLACE FUNCTION payments.tolerance_most(t payments.tolerance, p_measure text) RETURNS numeric[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, payments AS $$
  SELECT CASE WHEN x.absolute = 0 OR x.percent = 0 THEN '{0,0}' ELSE ARRAY[x.absolute, x.percent] END
    FROM (SELECT coalesce(t.absolute, payments.tolerance_built_in(p_measure)) AS absolute, coalesce(t.percent, 100) AS percent) x
$$;

-- Whether on any day from its first on a version would let more through than what holds without it.
CREATE OR REPLACE FUNCTION payments.tolerance_widens(n payments.tolerance) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT bool_or(x.most[1] > x.before[1] OR x.most[2] > x.before[2])
    FROM (SELECT n.starts_on AS day
          UNION SELECT t.starts_on FROM payments.tolerance t
                 WHERE t.council_id = mc.council() AND t.measure = n.measure AND t.service IN (n.service, '') AND t.starts_on > n.starts_on) d
   CROSS JOIN LATERAL (SELECT payments.tolerance_most(payments.tolerance_on(n.service, n.measure, d.day, n), n.measure) AS most,
                              payments.tolerance_most(payments.tolerance_on(n.service, n.measure, d.day, NULL), n.measure) AS before) x
$$;

-- The lesser of absolute and percent of the base: pence, or for quantity the order's units. Without a search path of its own, so that it is worked out inside the
-- query that asks: an invoice of thousands of lines looks its few tolerances up once.
CREATE OR REPLACE FUNCTION payments.tolerance_of(t payments.tolerance, p_measure text, p_base numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(least(t.absolute, abs(p_base) * t.percent / 100), payments.tolerance_built_in(p_measure));

CREATE OR REPLACE FUNCTION payments.tolerance_for(p_service text, p_measure text, p_base numeric) RETURNS numeric
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT payments.tolerance_of(payments.tolerance_now(p_service, p_measure), p_measure, p_base)
$$;

CREATE OR REPLACE FUNCTION payments.tolerance_words(p_service text, p_measure text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT CASE WHEN t.id IS NULL THEN CASE payments.tolerance_built_in(p_measure) WHEN 0 THEN 'none' ELSE payments.pence_words(payments.tolerance_built_in(p_measure)) || ', built in' END
              ELSE CASE p_measure WHEN 'quantity' THEN trim_scale(t.absolute)::text ELSE payments.pence_words(t.absolute) END || ' or ' || trim_scale(t.percent) || '%, the lesser, '
                   || CASE t.service WHEN '' THEN 'for every service' ELSE 'for this service' END
                   || CASE WHEN t.ref IS NOT NULL THEN ' since ' || payments.day(t.starts_on) ELSE '' END END
    FROM payments.tolerance_now(p_service, p_measure) t
$$;

-- A number as typed: "0.05"; NULL when it is none.
CREATE OR REPLACE FUNCTION payments.figure_read(p_text text) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
RETURN CASE WHEN btrim(p_text, ' £%') ~ '^[0-9]{1,9}([.][0-9]{1,4})?$' THEN btrim(p_text, ' £%')::numeric END;

-- {"measure", "service": ref or '', "absolute": pounds or units, "percent", both '' to end it, "starts_on"?, "reason"} → set + ref; asked + ref when it is wider than
-- what holds without it, and waits for a second officer; absolute, percent (not a number), one (one without the other), past, far, no_service
CREATE OR REPLACE FUNCTION payments.tolerance_set(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  t       payments.tolerance;
  v_no    text;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'tolerance_set', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  t.council_id := mc.council();
  t.id := 9223372036854775807; -- the latest
  t.service := coalesce(p_request->>'service', '');
  t.measure := p_request->>'measure';
  t.absolute := payments.figure_read(p_request->>'absolute') * CASE t.measure WHEN 'quantity' THEN 1 ELSE 100 END;
  t.percent := payments.figure_read(p_request->>'percent');
  t.starts_on := coalesce((p_request->>'starts_on')::date, ledger.today());
  v_no := CASE WHEN t.absolute IS NULL AND coalesce(p_request->>'absolute', '') <> '' THEN 'absolute'
               WHEN coalesce(p_request->>'percent', '') <> '' AND coalesce(t.percent > 100, true) THEN 'percent'
               WHEN num_nonnulls(t.absolute, t.percent) = 1 THEN 'one'
               WHEN t.starts_on < ledger.today() THEN 'past'
               WHEN t.starts_on > ledger.today() + interval '2 years' THEN 'far'
               WHEN t.service <> '' AND NOT EXISTS (SELECT FROM payments.order_line l WHERE l.council_id = mc.council() AND l.listing_ref = t.service) THEN 'no_service' END;
  IF v_no IS NOT NULL THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', v_no));
  END IF;
  -- One after the other, so that each is held against the one before.
  PERFORM pg_advisory_xact_lock(hashtext('tolerance'), t.council_id);
  INSERT INTO payments.tolerance (council_id, ref, service, measure, absolute, percent, starts_on, reason, set_by, is_wider)
  VALUES (t.council_id, mc.new_ref(), t.service, t.measure, t.absolute, t.percent, t.starts_on, p_request->>'reason', mc.account(), payments.tolerance_widens(t)) RETURNING * INTO t;
  PERFORM mc.audit(CASE WHEN t.is_wider THEN 'tolerance_asked' ELSE 'tolerance_set' END, 'tolerance', t.ref, NULL, p_request || jsonb_build_object('starts_on', t.starts_on));
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', CASE WHEN t.is_wider THEN 'asked' ELSE 'set' END, 'ref', t.ref));
END $$;

-- {"tolerance", "decision": agree or refuse} → agreed, refused; same_person (who asked may only take it back), not_waiting
CREATE OR REPLACE FUNCTION payments.tolerance_decide(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_verb  text := p_request->>'decision';
  t       payments.tolerance;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'tolerance_decide', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  SELECT * INTO t FROM payments.tolerance WHERE council_id = mc.council() AND ref = p_request->>'tolerance';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such tolerance.' USING ERRCODE = 'MC404';
  ELSIF v_verb = 'agree' AND t.set_by = mc.account() THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'same_person'));
  END IF;
  INSERT INTO payments.tolerance_decision (council_id, tolerance_id, verb, set_by, decided_by)
  SELECT t.council_id, t.id, v_verb, t.set_by, mc.account() WHERE t.is_wider ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'not_waiting'));
  END IF;
  PERFORM mc.audit('tolerance_' || v_verb, 'tolerance', t.ref);
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', CASE v_verb WHEN 'agree' THEN 'agreed' ELSE 'refused' END, 'ref', t.ref));
END $$;

-- ---------------------------------------------------------------- limits of approval

-- Up to how many pence somebody may approve a run: their own limit, else the one for everybody else. NULL: any sum.
CREATE OR REPLACE FUNCTION payments.approval_limit_of(p_account bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT l.amount FROM payments.approval_limit l
   WHERE l.council_id = mc.council() AND (l.account_id = p_account OR l.account_id IS NULL) AND l.starts_on <= ledger.today()
   ORDER BY l.account_id IS NULL, l.starts_on DESC, l.id DESC LIMIT 1
$$;

-- {"account": their e-mail or "everybody" else, "amount": pence or absent for no limit, "starts_on"?, "reason"} → set + ref; own_limit (nobody decides their own:
-- the limit for everybody else is set by somebody who has one of their own), no_account, past, far
CREATE OR REPLACE FUNCTION payments.approval_limit_set(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior   jsonb;
  v_ref     text := mc.new_ref();
  v_is_all  boolean := p_request->>'account' = 'everybody';
  v_account bigint := (SELECT a.id FROM identity.account a WHERE lower(a.email) = lower(p_request->>'account'));
  v_from    date := coalesce((p_request->>'starts_on')::date, ledger.today());
  v_no      text;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'approval_limit_set', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  v_no := CASE WHEN v_account = mc.account() OR v_is_all AND NOT EXISTS (
                      SELECT FROM payments.approval_limit l WHERE l.council_id = mc.council() AND l.account_id = mc.account() AND l.starts_on <= v_from) THEN 'own_limit'
               WHEN NOT v_is_all AND NOT EXISTS (SELECT FROM identity.hat h WHERE h.council_id = mc.council() AND h.account_id = v_account
                                                             AND h.role = 'finance' AND h.ended_at IS NULL) THEN 'no_account'
               WHEN v_from < ledger.today() THEN 'past'
               WHEN v_from > ledger.today() + interval '2 years' THEN 'far' END;
  IF v_no IS NOT NULL THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', v_no));
  END IF;
  INSERT INTO payments.approval_limit (council_id, ref, account_id, amount, starts_on, reason, set_by)
  VALUES (mc.council(), v_ref, v_account, (p_request->>'amount')::bigint, v_from, p_request->>'reason', mc.account());
  PERFORM mc.audit('approval_limit_set', 'approval_limit', v_ref, (p_request->>'amount')::bigint, jsonb_build_object('account', v_account, 'starts_on', v_from, 'reason', p_request->'reason'));
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'set', 'ref', v_ref));
END $$;

-- Who works in finance here.
CREATE OR REPLACE FUNCTION payments.finance_people() RETURNS TABLE (id bigint, email text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
  SELECT a.id, a.email, a.name FROM identity.account a
   WHERE mc.role() IN ('finance', 'auditor', 'commissioner')
     AND a.id IN (SELECT h.account_id FROM identity.hat h WHERE h.council_id = mc.council() AND h.role = 'finance' AND h.ended_at IS NULL)
$$;

-- Who else may approve a run, in words; NULL: nobody.
CREATE OR REPLACE FUNCTION payments.approvers_of(p_run payments.run) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT string_agg(f.name, ' or ' ORDER BY f.name) FROM payments.finance_people() f
   WHERE f.id NOT IN (p_run.assembled_by, p_run.frozen_by) AND p_run.total <= coalesce(payments.approval_limit_of(f.id), p_run.total)
$$;
