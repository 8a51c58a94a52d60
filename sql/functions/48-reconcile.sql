-- From bank line to payment: the matcher (48-rounds.sql) or a person says where a line belongs, payments.allocation_apply posts it.
--
-- An allocation is {"entry": ref, "item": "run:REF" | "payment:REFERENCE" | "return:REFERENCE" | "income:REF" | "income_return:REF" | "suspense:", "amount": signed pence as a number,
-- "rule": text, "evidence": {…}}.

CREATE OR REPLACE FUNCTION payments.payments_settle(p_run bigint, p_payment bigint, p_on date) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  WITH settled AS (
    UPDATE payments.payment p SET state = 'settled', settled_on = p_on
     WHERE p.council_id = mc.council() AND p.run_id = p_run AND (p_payment IS NULL OR p.id = p_payment) AND p.state = 'emitted' RETURNING p.id)
  SELECT payments.payments_count(array_agg(s.id), -1, 1, p_on) FROM settled s;
  UPDATE payments.run r SET state = 'settled', settled_on = p_on
   WHERE r.council_id = mc.council() AND r.id = p_run AND r.state IN ('emitted', 'acknowledged')
     AND NOT EXISTS (SELECT FROM payments.payment p WHERE p.council_id = r.council_id AND p.run_id = r.id AND p.state = 'emitted');
$$;

-- The money came back: the invoices are owed again, and the bank details are stopped until somebody has checked them anew.
CREATE OR REPLACE FUNCTION payments.payment_return(p_payment payments.payment, p_on date, p_reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
BEGIN
  UPDATE payments.payment SET state = 'returned', returned_on = p_on, return_reason = p_reason
   WHERE council_id = p_payment.council_id AND id = p_payment.id;
  UPDATE payments.invoice i SET paid = i.paid - abs(pi.amount), state = CASE i.state WHEN 'paid' THEN 'approved' ELSE i.state END, paid_on = NULL
    FROM payments.payment_invoice pi
   WHERE i.council_id = p_payment.council_id AND pi.council_id = i.council_id AND pi.payment_id = p_payment.id AND i.id = pi.invoice_id;
  UPDATE payments.provider_account SET state = 'stopped', stopped_reason = 'payment ' || p_payment.reference || ' came back'
   WHERE council_id = p_payment.council_id AND id = p_payment.provider_account_id AND state = 'verified';
  PERFORM payments.mail_organisation(p_payment.organisation_id, 'Payment ' || p_payment.reference || ' came back',
    payments.pence_words(p_payment.amount) || ' could not be paid to your account and came back to us on ' || payments.day(p_on)
    || coalesce(' (' || p_reason || ')', '') || '. Please check your bank details with us; then we pay again.');
END $$;

-- What is left of a run for the bank to book in one line: rejected payments never left.
CREATE OR REPLACE FUNCTION payments.run_open(p_run bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT coalesce(sum(p.amount), 0)::bigint FROM payments.payment p WHERE p.council_id = mc.council() AND p.run_id = p_run AND p.state = 'emitted'
$$;

-- What an allocation would settle, when it still can: NULL keeps the entry on the list.
CREATE OR REPLACE FUNCTION payments.allocation_target(p_item text, p_amount bigint, OUT kind text, OUT run_id bigint, OUT payment_id bigint, OUT income_id bigint, OUT bank_ref text)
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT 'run', r.id, NULL::bigint, NULL::bigint, b.ref
    FROM payments.run r JOIN payments.bank_account b ON b.council_id = r.council_id AND b.id = r.bank_account_id
   WHERE r.council_id = mc.council() AND p_item = 'run:' || r.ref AND r.state IN ('emitted', 'acknowledged') AND p_amount = -payments.run_open(r.id)
     AND NOT EXISTS (SELECT FROM payments.payment p WHERE p.council_id = r.council_id AND p.run_id = r.id AND p.state IN ('settled', 'returned'))
  UNION ALL
  SELECT split_part(p_item, ':', 1), p.run_id, p.id, NULL, b.ref
    FROM payments.payment p
    JOIN payments.run r ON r.council_id = p.council_id AND r.id = p.run_id
    JOIN payments.bank_account b ON b.council_id = r.council_id AND b.id = r.bank_account_id
   WHERE p.council_id = mc.council()
     AND ((p_item = 'payment:' || p.reference AND p.state = 'emitted' AND p_amount = -p.amount)
          OR (p_item = 'return:' || p.reference AND p.state = 'settled' AND p_amount = p.amount))
  UNION ALL
  SELECT split_part(p_item, ':', 1), NULL, NULL, i.id, b.ref
    FROM payments.income_item i
    JOIN payments.income_series s ON s.council_id = i.council_id AND s.id = i.series_id
    JOIN payments.bank_account b ON b.council_id = s.council_id AND b.id = s.bank_account_id
   WHERE i.council_id = mc.council()
     AND (p_item = 'income:' || i.ref AND p_amount BETWEEN 1 AND i.amount - i.received OR p_item = 'income_return:' || i.ref AND p_amount BETWEEN -i.received AND -1)
  UNION ALL
  SELECT 'suspense', NULL, NULL, NULL, NULL WHERE p_item = 'suspense:'
$$;

-- Posts one allocation. The journal says where the money of the bank line went or came from.
CREATE OR REPLACE FUNCTION payments.allocation_post(p_entry payments.bank_entry, p_allocation jsonb) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_amount  bigint := (p_allocation->>'amount')::bigint;
  v_to      record;
  v_bank    text := (SELECT b.ref FROM payments.bank_account b WHERE b.council_id = p_entry.council_id AND b.id = p_entry.bank_account_id);
  v_payment payments.payment;
  v_other   bigint;
  v_journal bigint;
BEGIN
  SELECT * INTO v_to FROM payments.allocation_target(p_allocation->>'item', v_amount);
  IF v_to.kind IS NULL OR coalesce(v_to.bank_ref, v_bank) <> v_bank
     OR p_entry.allocated + v_amount NOT BETWEEN least(p_entry.amount, 0) AND greatest(p_entry.amount, 0) THEN
    RETURN 'not_expected';
  END IF;
  SELECT * INTO v_payment FROM payments.payment WHERE council_id = p_entry.council_id AND id = v_to.payment_id;
  v_other := CASE v_to.kind WHEN 'return' THEN ledger.payable(v_payment.organisation_id)
                            WHEN 'income' THEN payments.income_account_of(v_to.income_id) WHEN 'income_return' THEN payments.income_account_of(v_to.income_id)
                            WHEN 'suspense' THEN ledger.account_open('suspense', v_bank) ELSE ledger.account_open('run_clearing', v_bank) END;
  v_journal := payments.post_pair(ledger.key('bank ' || p_entry.ref || ' ' || (p_allocation->>'item')), 'bank_' || v_to.kind, p_entry.ref,
                                  CASE WHEN v_amount < 0 THEN v_other ELSE ledger.account_open('bank', v_bank) END,
                                  CASE WHEN v_amount < 0 THEN ledger.account_open('bank', v_bank) ELSE v_other END, abs(v_amount), p_entry.value_on);
  INSERT INTO payments.bank_allocation (council_id, entry_id, kind, run_id, payment_id, income_item_id, amount, rule, evidence, journal_id, account_id)
  VALUES (p_entry.council_id, p_entry.id, v_to.kind, v_to.run_id, v_to.payment_id, v_to.income_id, v_amount,
          p_allocation->>'rule', coalesce(p_allocation->'evidence', '{}'), v_journal, CASE p_allocation->>'rule' WHEN 'hand' THEN mc.account() END);
  UPDATE payments.bank_entry SET allocated = allocated + v_amount WHERE council_id = p_entry.council_id AND id = p_entry.id;
  IF v_to.kind IN ('run', 'payment') THEN
    PERFORM payments.payments_settle(v_to.run_id, v_to.payment_id, p_entry.value_on);
  ELSIF v_to.kind = 'return' THEN
    PERFORM payments.payment_return(v_payment, p_entry.value_on, p_entry.return_reason);
  ELSIF v_to.income_id IS NOT NULL THEN
    PERFORM payments.income_take(v_to.income_id, v_amount, p_entry.value_on);
  END IF;
  PERFORM mc.audit('entry_allocated', 'bank_entry', p_entry.ref, v_amount,
                   jsonb_build_object('item', p_allocation->>'item', 'rule', p_allocation->>'rule'));
  RETURN v_to.kind;
END $$;

-- Applies a list of allocations in its order. What cannot be applied any more is counted, not an error: the list may be older than the books.
CREATE OR REPLACE FUNCTION payments.allocation_apply(p_allocations jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_one   jsonb;
  v_entry payments.bank_entry;
  v_kind  text;
  v_count jsonb := '{"run": 0, "payment": 0, "return": 0, "income": 0, "income_return": 0, "suspense": 0, "not_expected": 0}';
BEGIN
  PERFORM payments.require_role('finance');
  PERFORM 1 FROM payments.bank_entry e
    WHERE e.council_id = mc.council() AND e.ref IN (SELECT a->>'entry' FROM jsonb_array_elements(p_allocations) a) ORDER BY e.id FOR UPDATE;
  FOR v_one IN SELECT a FROM jsonb_array_elements(p_allocations) WITH ORDINALITY AS t (a, at) ORDER BY at LOOP
    SELECT e.* INTO v_entry
      FROM payments.bank_entry e JOIN payments.statement s ON s.council_id = e.council_id AND s.id = e.statement_id
     WHERE e.council_id = mc.council() AND e.ref = v_one->>'entry' AND s.state = 'open';
    v_kind := CASE WHEN FOUND THEN payments.allocation_post(v_entry, v_one) ELSE 'not_expected' END;
    v_count := jsonb_set(v_count, ARRAY[v_kind], to_jsonb((v_count->>v_kind)::int + 1));
  END LOOP;
  RETURN v_count;
END $$;

-- ---------------------------------------------------------------- decisions

-- A person asks for another round of matching; jobs does it.
CREATE OR REPLACE FUNCTION payments.reconcile(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'reconcile', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  PERFORM mc.outbox('reconcile', '{}');
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'asked'));
END $$;

-- What a person's decision applies: one item, or all that a stored explanation says. NULL: there is no such explanation any more.
CREATE OR REPLACE FUNCTION payments.decided_allocations(p_entry payments.bank_entry, p_request jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT jsonb_agg(a || jsonb_build_object('entry', p_entry.ref, 'rule', 'hand', 'evidence', jsonb_strip_nulls(jsonb_build_object('note', p_request->>'note', 'why', d.why))))
    FROM (SELECT p.allocations, p.why FROM payments.bank_proposal p
           WHERE p.council_id = p_entry.council_id AND p.entry_id = p_entry.id AND p.ref = p_request->>'explanation'
          UNION ALL
          SELECT jsonb_build_array(jsonb_build_object('item', p_request->>'item', 'amount', p_entry.amount - p_entry.allocated)), NULL
           WHERE p_request ? 'item') d
   CROSS JOIN LATERAL jsonb_array_elements(d.allocations) a
$$;

-- All of it or nothing: an explanation of several payments is not taken in part.
CREATE OR REPLACE FUNCTION payments.decision_apply(p_allocations jsonb) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
BEGIN
  IF (payments.allocation_apply(p_allocations)->>'not_expected')::int > 0 THEN
    RAISE EXCEPTION 'This does not fit any more.' USING ERRCODE = 'MC409';
  END IF;
  UPDATE payments.invoice i SET hands = i.hands + 1
    FROM payments.payment_invoice pi JOIN payments.payment p ON p.council_id = pi.council_id AND p.id = pi.payment_id
   WHERE i.council_id = mc.council() AND pi.council_id = i.council_id AND i.id = pi.invoice_id
     AND EXISTS (SELECT FROM jsonb_array_elements(p_allocations) a WHERE a->>'item' IN ('payment:' || p.reference, 'return:' || p.reference));
  RETURN true;
EXCEPTION WHEN SQLSTATE 'MC409' THEN
  RETURN false;
END $$;

-- {"entry": ref, "note": why, "item": "payment:REFERENCE" | "return:REFERENCE" | "suspense:" or "explanation": ref of a stored one}: what a person
-- decides about a line left over.
CREATE OR REPLACE FUNCTION payments.entry_match(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior       jsonb;
  v_entry       payments.bank_entry;
  v_allocations jsonb;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'entry_match', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  IF coalesce(btrim(p_request->>'note'), '') = '' THEN
    RAISE EXCEPTION 'Say why this line belongs there.' USING ERRCODE = 'MC422';
  END IF;
  SELECT * INTO v_entry FROM payments.bank_entry WHERE council_id = mc.council() AND ref = p_request->>'entry' AND allocated <> amount FOR UPDATE;
  v_allocations := payments.decided_allocations(v_entry, p_request);
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', CASE WHEN v_allocations IS NOT NULL AND payments.decision_apply(v_allocations) THEN 'matched' ELSE 'not_expected' END));
END $$;
