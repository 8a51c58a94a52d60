-- Payment runs: draft, frozen, approved by a second person, emitted once, settled by the bank. The constraints of payments.run hold the four eyes.

CREATE OR REPLACE FUNCTION payments.run_for_update(p_ref text) RETURNS payments.run
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_run payments.run;
BEGIN
  SELECT * INTO v_run FROM payments.run WHERE council_id = mc.council() AND ref = p_ref FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such payment run.' USING ERRCODE = 'MC404';
  END IF;
  RETURN v_run;
END $$;

-- What could be paid today, and why the rest cannot. Credit notes count against the provider's invoices; a provider that owes us is left out. What was billed for a
-- visit that somebody questions waits until it is answered, and no more of its invoice than that.
-- STABLE and without a search path of its own, so that it is worked out inside the statement that asks.
CREATE OR REPLACE FUNCTION payments.run_candidates(p_refs text[])
RETURNS TABLE (invoice_id bigint, organisation_id bigint, account_id bigint, hindrance text, amount bigint, provider_total bigint)
LANGUAGE sql STABLE AS $$
  WITH questioned AS MATERIALIZED (
    SELECT b.invoice_id, sum(b.amount - b.credited)::bigint AS pence
      FROM payments.visit v JOIN payments.invoice_visit b ON b.council_id = v.council_id AND b.visit_id = v.id
     WHERE v.council_id = mc.council() AND v.state = 'queried' GROUP BY b.invoice_id),
  owed AS MATERIALIZED (
    SELECT i.id, i.organisation_id, i.kind, i.approved - i.scheduled - i.paid AS amount, least(coalesce(q.pence, 0), i.approved - i.scheduled - i.paid) AS waits
      FROM payments.invoice i LEFT JOIN questioned q ON q.invoice_id = i.id
     WHERE i.council_id = mc.council() AND i.state IN ('approved', 'disputed') AND i.approved > i.scheduled + i.paid
       AND (p_refs IS NULL OR i.ref = ANY (p_refs) OR i.kind = 'credit_note'))
  SELECT d.id, d.organisation_id, a.account_id, a.hindrance, d.amount, (sum(d.amount) OVER (PARTITION BY d.organisation_id))::bigint
    FROM (SELECT o.id, o.organisation_id, (o.amount - o.waits) * CASE o.kind WHEN 'credit_note' THEN -1 ELSE 1 END AS amount FROM owed o WHERE o.amount > o.waits) d
    CROSS JOIN LATERAL payments.payable_account(d.organisation_id) a
  UNION ALL
  SELECT o.id, o.organisation_id, NULL, 'Somebody questions a visit that is billed: that much waits until it is answered.', o.waits, NULL FROM owed o WHERE o.waits > 0
$$;

CREATE OR REPLACE FUNCTION payments.run_payment_ids(p_run bigint) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, payments
RETURN ARRAY(SELECT p.id FROM payments.payment p WHERE p.council_id = mc.council() AND p.run_id = p_run);

CREATE OR REPLACE FUNCTION payments.run_fill(p_run payments.run, p_refs text[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  WITH chosen AS (
    SELECT * FROM payments.run_candidates(p_refs) c WHERE c.account_id IS NOT NULL AND c.provider_total > 0),
  payee AS (
    SELECT a.*, mc.ref_of(nextval('mc.ref_number'), k.key) AS payment_ref, t.total
      FROM (SELECT c.account_id, sum(c.amount) AS total FROM chosen c GROUP BY c.account_id) t
      CROSS JOIN mc.ref_key k
      JOIN payments.provider_account a ON a.council_id = p_run.council_id AND a.id = t.account_id),
  paid AS (
    INSERT INTO payments.payment (council_id, ref, reference, run_id, organisation_id, provider_account_id, payee_name, payee_sort_code, payee_account,
                                  payee_iban, amount)
    SELECT p_run.council_id, y.payment_ref, 'MC' || replace(y.payment_ref, '-', ''), p_run.id, y.organisation_id, y.id, y.account_name, y.sort_code,
           y.account_number, y.iban, y.total
      FROM payee y ORDER BY y.organisation_id
    RETURNING id, organisation_id, amount),
  listed AS (
    INSERT INTO payments.payment_invoice (council_id, payment_id, invoice_id, amount)
    SELECT p_run.council_id, p.id, c.invoice_id, c.amount FROM paid p JOIN chosen c ON c.organisation_id = p.organisation_id)
  UPDATE payments.run r SET total = s.total, payments = s.n
    FROM (SELECT coalesce(sum(amount), 0)::bigint AS total, count(*)::int AS n FROM paid) s
   WHERE r.council_id = p_run.council_id AND r.id = p_run.id;
  SELECT payments.payments_count(payments.run_payment_ids(p_run.id), 1);
$$;

-- Whom a run put together now would not pay, and why.
CREATE OR REPLACE FUNCTION payments.run_left_out(p_refs text[]) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT jsonb_agg(DISTINCT jsonb_build_object('provider', o.name, 'why', coalesce(c.hindrance, 'The provider owes more than it is owed.')))
    FROM payments.run_candidates(p_refs) c JOIN identity.organisation o ON o.id = c.organisation_id WHERE c.account_id IS NULL OR c.provider_total <= 0
$$;

-- {"bank_account": ref, "pay_on": date, "invoices": [refs] or absent for all}
CREATE OR REPLACE FUNCTION payments.run_assemble(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_refs  text[] := CASE WHEN p_request ? 'invoices' THEN ARRAY(SELECT jsonb_array_elements_text(p_request->'invoices')) END;
  v_bank  bigint;
  v_profile text;
  v_left  jsonb;
  v_run   payments.run;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'run_assemble', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  IF (p_request->>'pay_on')::date < ledger.today() THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'day_past'));
  ELSIF (p_request->>'pay_on')::date > ledger.today() + 90 THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'day_far'));
  END IF;
  SELECT b.id, b.profile INTO v_bank, v_profile FROM payments.bank_account b
   WHERE b.council_id = mc.council() AND (b.ref = p_request->>'bank_account' OR p_request->>'bank_account' IS NULL AND NOT b.is_client_money) ORDER BY b.id LIMIT 1;
  IF v_bank IS NULL THEN
    RAISE EXCEPTION 'There is no such bank account.' USING ERRCODE = 'MC404';
  END IF;
  -- Two people who assemble at once: the second waits here and then finds nothing left to pay.
  PERFORM pg_advisory_xact_lock(hashtext('payments.run_assemble'), mc.council());
  PERFORM 1 FROM payments.invoice i
    WHERE i.council_id = mc.council() AND i.state IN ('approved', 'disputed') AND i.approved > i.scheduled + i.paid ORDER BY i.id FOR NO KEY UPDATE;
  v_left := payments.run_left_out(v_refs);
  BEGIN
    INSERT INTO payments.run (council_id, ref, bank_account_id, profile, pay_on, assembled_by)
    VALUES (mc.council(), mc.new_ref(), v_bank, v_profile,
            -- Banks work on working days: a Sunday's run is Monday's.
            payments.add_working_days(greatest((p_request->>'pay_on')::date, payments.first_pay_day(v_profile)) - 1, 1), mc.account())
    RETURNING * INTO v_run;
    PERFORM payments.run_fill(v_run, v_refs);
    SELECT * INTO v_run FROM payments.run WHERE council_id = mc.council() AND id = v_run.id;
    IF v_run.payments = 0 THEN
      RAISE EXCEPTION 'nothing to pay' USING ERRCODE = 'MC001';
    END IF;
  EXCEPTION WHEN SQLSTATE 'MC001' THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'nothing_to_pay', 'left_out', payments.run_left_out(v_refs)));
  END;
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'assembled', 'ref', v_run.ref, 'total', v_run.total, 'payments', v_run.payments, 'left_out', v_left));
END $$;

-- The payments of a run, each with its invoices as the content hash, the payment file and the remittance advice name them. One join, not a look for each
-- payment: just after a run was put together PostgreSQL's statistics know nothing of it, and the plan of such a look can be 50,000 times the wrong one.
CREATE OR REPLACE FUNCTION payments.run_lines(p_run payments.run) RETURNS TABLE (payment payments.payment, amounts text, numbers text, advice text)
LANGUAGE sql STABLE AS $$
  SELECT p, string_agg(i.id || ':' || x.amount, ',' ORDER BY i.id), string_agg(i.number, ' ' ORDER BY i.id),
         string_agg(CASE i.kind WHEN 'credit_note' THEN 'credit note ' ELSE 'invoice ' END || i.number || ': ' || payments.pence_words(x.amount), E'\n' ORDER BY i.id)
    FROM payments.payment p
    JOIN payments.payment_invoice x ON x.council_id = p.council_id AND x.payment_id = p.id
    JOIN payments.invoice i ON i.council_id = x.council_id AND i.id = x.invoice_id
   WHERE p.council_id = p_run.council_id AND p.run_id = p_run.id
   GROUP BY p.council_id, p.id
$$;

-- The hash of everything that will be in the file: what the second person approved is what leaves.
CREATE OR REPLACE FUNCTION payments.run_content(p_run payments.run) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT mc.sha256(concat_ws('|', p_run.ref, p_run.pay_on, p_run.bank_account_id, p_run.total, p_run.payments) || E'\n' ||
                   coalesce(string_agg(concat_ws('|', (l.payment).reference, (l.payment).payee_name, (l.payment).payee_sort_code, (l.payment).payee_account,
                                                 (l.payment).payee_iban, (l.payment).amount, l.amounts), E'\n' ORDER BY (l.payment).id), ''))
    FROM payments.run_lines(p_run) l
$$;

-- Whose payment of the run pays for a visit that somebody questions by now: more of its invoice is questioned than is still outside of every run. NULL: nobody's.
CREATE OR REPLACE FUNCTION payments.run_questioned(p_run payments.run) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT p.payee_name
    FROM (SELECT b.invoice_id, sum(b.amount - b.credited) AS pence
            FROM payments.visit v JOIN payments.invoice_visit b ON b.council_id = v.council_id AND b.visit_id = v.id
           WHERE v.council_id = p_run.council_id AND v.state = 'queried' GROUP BY b.invoice_id) q
    JOIN payments.invoice i ON i.council_id = p_run.council_id AND i.id = q.invoice_id AND q.pence > i.approved - i.scheduled - i.paid
    JOIN payments.payment_invoice x ON x.council_id = i.council_id AND x.invoice_id = i.id
    JOIN payments.payment p ON p.council_id = x.council_id AND p.id = x.payment_id AND p.run_id = p_run.id
   ORDER BY p.id LIMIT 1
$$;

-- Why the run may not go on as it is: its lines are not what was frozen, its day has passed, a payee's bank details changed since, or somebody questions a visit that
-- it pays for. NULL: nothing.
CREATE OR REPLACE FUNCTION payments.run_hindrance(p_run payments.run) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT CASE
    WHEN p_run.content_sha256 IS NOT NULL AND p_run.content_sha256 <> payments.run_content(p_run)
      THEN 'The run is not what was frozen. Withdraw it and put together a new one.'
    WHEN p_run.total IS DISTINCT FROM (SELECT sum(p.amount) FROM payments.payment p WHERE p.council_id = p_run.council_id AND p.run_id = p_run.id)
      THEN 'The run does not add up. Withdraw it and put together a new one.'
    -- A bank refuses a file for a day in the past, or pays on another day than the providers were told.
    WHEN p_run.pay_on < ledger.today() THEN 'The day on which it should pay has passed. Withdraw it and put together a new one.'
    WHEN p_run.pay_on < payments.first_pay_day(p_run.profile)
      THEN 'Bacs takes two working days: the bank can no longer pay on the day of the run. Withdraw it and put together a new one.'
    ELSE coalesce(
      (SELECT p.payee_name || ': ' || coalesce(a.hindrance, 'The bank details changed since.') || ' Withdraw the run and put together a new one.'
         FROM payments.payment p CROSS JOIN LATERAL payments.payable_account(p.organisation_id) a
        WHERE p.council_id = p_run.council_id AND p.run_id = p_run.id AND a.account_id IS DISTINCT FROM p.provider_account_id
        ORDER BY p.id LIMIT 1),
      payments.run_questioned(p_run) || ': Somebody questions a visit that is billed. Withdraw the run and put together a new one, which leaves that much out until it is answered.') END
$$;

CREATE OR REPLACE FUNCTION payments.run_freeze(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_run   payments.run;
  v_no    text;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'run_freeze', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  v_run := payments.run_for_update(p_request->>'run');
  v_no := payments.run_hindrance(v_run);
  IF v_run.state <> 'draft' OR v_no IS NOT NULL THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', CASE WHEN v_run.state = 'draft' THEN 'held' ELSE 'state' END, 'state', v_run.state, 'sentence', v_no));
  END IF;
  UPDATE payments.run SET state = 'frozen', frozen_by = mc.account(), frozen_at = mc.now(), content_sha256 = payments.run_content(v_run)
   WHERE council_id = mc.council() AND id = v_run.id;
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'frozen', 'ref', v_run.ref, 'total', v_run.total));
END $$;

CREATE OR REPLACE FUNCTION payments.run_approve(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_run   payments.run;
  v_no    text;
  v_rule  text;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'run_approve', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  v_run := payments.run_for_update(p_request->>'run');
  v_no := payments.run_hindrance(v_run);
  IF v_run.state <> 'frozen' OR v_no IS NOT NULL THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', CASE WHEN v_run.state = 'frozen' THEN 'held' ELSE 'state' END, 'state', v_run.state, 'sentence', v_no));
  END IF;
  IF v_run.total > payments.approval_limit_of(mc.account()) AND mc.account() NOT IN (v_run.assembled_by, v_run.frozen_by) THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'over_limit', 'limit', payments.approval_limit_of(mc.account()), 'sentence',
      'The run comes to ' || payments.pence_words(v_run.total) || '. You may approve up to ' || payments.pence_words(payments.approval_limit_of(mc.account())) || '. '
      || coalesce('Ask ' || payments.approvers_of(v_run) || '.', 'Nobody else may approve it: take it apart and put together smaller runs, or have a limit changed.')));
  END IF;
  -- The constraint decides who may not; here it only becomes a sentence.
  BEGIN
    UPDATE payments.run SET state = 'approved', approved_by = mc.account(), approved_at = mc.now() WHERE council_id = mc.council() AND id = v_run.id;
  EXCEPTION WHEN check_violation THEN
    GET STACKED DIAGNOSTICS v_rule = CONSTRAINT_NAME;
    IF v_rule <> 'run_second_person' THEN RAISE; END IF;
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'same_person', 'sentence', 'You put this run together. Somebody else has to approve it.'));
  END;
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'approved', 'ref', v_run.ref, 'total', v_run.total));
END $$;

CREATE OR REPLACE FUNCTION payments.run_withdraw(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_run   payments.run;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'run_withdraw', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  v_run := payments.run_for_update(p_request->>'run');
  IF v_run.state NOT IN ('draft', 'frozen', 'approved') THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'state', 'state', v_run.state));
  END IF;
  UPDATE payments.run SET state = 'withdrawn' WHERE council_id = mc.council() AND id = v_run.id;
  UPDATE payments.payment SET state = 'withdrawn' WHERE council_id = mc.council() AND run_id = v_run.id;
  PERFORM payments.payments_count(payments.run_payment_ids(v_run.id), -1);
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'withdrawn', 'ref', v_run.ref));
END $$;

-- The bank took the file: a person saw it in the bank's portal. A pain.002 says the same by itself (48-answers.sql).
CREATE OR REPLACE FUNCTION payments.run_acknowledge(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_run   payments.run;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'run_acknowledge', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  v_run := payments.run_for_update(p_request->>'run');
  IF v_run.state <> 'emitted' THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'state', 'state', v_run.state));
  END IF;
  UPDATE payments.run SET state = 'acknowledged' WHERE council_id = mc.council() AND id = v_run.id;
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'acknowledged', 'ref', v_run.ref));
END $$;
