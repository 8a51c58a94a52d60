-- From bank line to payment: the matcher (48-rounds.sql) or a person says where a line belongs, payments.allocation_apply posts it.
--
-- An allocation is {"entry": ref, "item": "run:REF" | "payment:REFERENCE" | "return:REFERENCE" | "income:REF" | "income_return:REF" | "suspense:", "amount": signed pence as a number,
-- "rule": text, "evidence": {…}}.

-- The bank has paid what was on its way of these payments: so their invoices are paid, and a run of which nothing is on its way any more is settled.
CREATE OR REPLACE FUNCTION payments.payments_settle(p_payments bigint[], p_on date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_settled bigint[];
  v_runs    bigint[];
BEGIN
  WITH settled AS (
    UPDATE payments.payment p SET state = 'settled', settled_on = p_on
     WHERE p.council_id = mc.council() AND p.id = ANY (p_payments) AND p.state = 'emitted' RETURNING p.id, p.run_id)
  SELECT array_agg(s.id ORDER BY s.id), array_agg(DISTINCT s.run_id) INTO v_settled, v_runs FROM settled s;
  PERFORM payments.payments_count(v_settled, -1, 1, p_on);
  UPDATE payments.run r SET state = 'settled', settled_on = p_on
   WHERE r.council_id = mc.council() AND r.id = ANY (v_runs) AND r.state IN ('emitted', 'acknowledged')
     AND NOT EXISTS (SELECT FROM payments.payment p WHERE p.council_id = r.council_id AND p.run_id = r.id AND p.state = 'emitted');
END $$;

-- The money came back: the invoices are owed again, and the bank details are stopped until somebody has checked them anew.
CREATE OR REPLACE FUNCTION payments.payment_return(p_payment payments.payment, p_on date, p_reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
BEGIN
  UPDATE payments.payment SET state = 'returned', returned_on = p_on, return_reason = p_reason
   WHERE council_id = p_payment.council_id AND id = p_payment.id;
  PERFORM payments.payments_count(ARRAY[p_payment.id], 0, -1);
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

-- What an allocation would settle, when it still can: no row keeps the entry on the list. An item is KIND:NAME. Without a search path of its own, so that it is
-- worked out inside the query that asks. The name must be a column there: under row-level security an expression is not looked up in an index.
CREATE OR REPLACE FUNCTION payments.allocation_target(p_kind text, p_name text, p_amount bigint) RETURNS TABLE (kind text, run_id bigint, payment_id bigint, income_id bigint, bank_ref text)
LANGUAGE sql STABLE ROWS 1 AS $$
  SELECT p_kind, r.id, NULL::bigint, NULL::bigint, b.ref
    FROM payments.run r JOIN payments.bank_account b ON b.council_id = r.council_id AND b.id = r.bank_account_id
   WHERE r.council_id = mc.council() AND p_kind = 'run' AND r.ref = p_name AND r.state IN ('emitted', 'acknowledged') AND p_amount = -payments.run_open(r.id)
     AND NOT EXISTS (SELECT FROM payments.payment p WHERE p.council_id = r.council_id AND p.run_id = r.id AND p.state IN ('settled', 'returned'))
  UNION ALL
  SELECT p_kind, p.run_id, p.id, NULL, b.ref
    FROM payments.payment p
    JOIN payments.run r ON r.council_id = p.council_id AND r.id = p.run_id
    JOIN payments.bank_account b ON b.council_id = r.council_id AND b.id = r.bank_account_id
   WHERE p_kind IN ('payment', 'return') AND p.council_id = mc.council() AND p.reference = p_name
     AND (p_kind, p.state, p_amount) IN (('payment', 'emitted', -p.amount), ('return', 'settled', p.amount))
  UNION ALL
  SELECT p_kind, NULL, NULL, i.id, b.ref
    FROM payments.income_item i
    JOIN payments.income_series s ON s.council_id = i.council_id AND s.id = i.series_id
    JOIN payments.bank_account b ON b.council_id = s.council_id AND b.id = s.bank_account_id
   WHERE p_kind IN ('income', 'income_return') AND i.council_id = mc.council() AND i.ref = p_name
     AND (p_kind = 'income' AND p_amount BETWEEN 1 AND i.amount - i.received OR p_kind = 'income_return' AND p_amount BETWEEN -i.received AND -1)
  UNION ALL
  SELECT p_kind, NULL, NULL, NULL, NULL WHERE p_kind = 'suspense'
$$;

-- A list of allocations as columns.
CREATE OR REPLACE FUNCTION payments.allocations_read(p_allocations jsonb)
RETURNS TABLE (at bigint, one jsonb, entry text, item text, kind text, name text, amount bigint)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT t.at, t.a, t.a->>'entry', t.a->>'item', split_part(t.a->>'item', ':', 1), split_part(t.a->>'item', ':', 2), (t.a->>'amount')::bigint
    FROM jsonb_array_elements(p_allocations) WITH ORDINALITY AS t (a, at)
$$;

-- Looks at each of these as the books stand: whether it fits, its posting then with the account on the other side of the bank line, and whether it stands alone,
-- so that it may be posted together with others. Not alone: a second one of the same item, a payment beside its own run, and all of a line that they together
-- do not fit. Sorted by bytes: nobody reads the order.
CREATE OR REPLACE FUNCTION payments.placings_judge(p_placings payments.bank_placing[]) RETURNS TABLE (at bigint, is_alone boolean, fits boolean, posting payments.bank_posting)
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  WITH said AS MATERIALIZED (
    SELECT a.ordinality AS at, a.item, a.kind, a.name, a.amount, a.rule, a.evidence, e.id AS entry_id, e.ref AS entry_ref, e.value_on, e.return_reason, b.ref AS bank,
           e.amount - e.allocated AS entry_left, r.run, t.run_id, t.payment_id, t.income_id,
           t.kind IS NOT NULL AND s.state = 'open' AND coalesce(t.bank_ref, b.ref) = b.ref AND e.allocated + a.amount BETWEEN least(e.amount, 0) AND greatest(e.amount, 0) AS fits
      FROM unnest(p_placings) WITH ORDINALITY AS a
      LEFT JOIN payments.bank_entry e ON e.council_id = mc.council() AND e.id = a.entry_id
      LEFT JOIN payments.statement s ON s.council_id = e.council_id AND s.id = e.statement_id
      LEFT JOIN payments.bank_account b ON b.council_id = e.council_id AND b.id = e.bank_account_id
      LEFT JOIN LATERAL payments.allocation_target(a.kind, a.name, a.amount) t ON true
      LEFT JOIN LATERAL (
        SELECT x.ref AS run FROM payments.payment p JOIN payments.run x ON x.council_id = p.council_id AND x.id = p.run_id
         WHERE a.kind IN ('payment', 'return') AND (SELECT bool_or(o.kind = 'run') FROM unnest(p_placings) o) AND p.council_id = mc.council() AND p.reference = a.name
           AND x.ref IN (SELECT o.name FROM unnest(p_placings) o WHERE o.kind = 'run')) r ON true),
  other AS MATERIALIZED (
    SELECT w.*, CASE WHEN w.kind = 'return' THEN 'payable' WHEN w.income_id IS NOT NULL THEN i.kind WHEN w.kind = 'suspense' THEN 'suspense' ELSE 'run_clearing' END AS account,
           coalesce(o.ref, i.code, w.bank) AS code, i.person_id, o.id AS organisation_id
      FROM (SELECT s.*, count(*) OVER (PARTITION BY (CASE WHEN s.run IS NOT NULL THEN 'run' WHEN s.kind = 'return' THEN 'payment' WHEN s.kind = 'income_return' THEN 'income' ELSE s.kind END
                                                     || ':' || coalesce(s.run, CASE s.kind WHEN 'suspense' THEN s.entry_ref ELSE s.name END)) COLLATE "C") = 1 AS of_item,
                   bool_and(coalesce((s.amount > 0) = (s.entry_left > 0), true)) OVER of_entry AND coalesce(sum(abs(s.amount)) OVER of_entry <= abs(s.entry_left), true) AS in_line
              FROM said s WINDOW of_entry AS (PARTITION BY s.entry_id)) w
      LEFT JOIN payments.payment p ON w.kind = 'return' AND p.council_id = mc.council() AND p.id = w.payment_id
      LEFT JOIN identity.organisation o ON o.id = p.organisation_id
      LEFT JOIN LATERAL payments.income_account(w.income_id) i ON true)
  SELECT o.at, bool_and(o.of_item AND o.in_line) OVER (PARTITION BY o.entry_id), coalesce(o.fits, false),
         CASE WHEN o.fits THEN
           ROW(o.entry_id, o.entry_ref, o.value_on, o.return_reason, o.item, o.kind, o.run_id, o.payment_id, o.income_id, o.amount, o.rule, coalesce(o.evidence, '{}'),
               coalesce(b.id, ledger.account_open('bank', o.bank)), coalesce(x.id, ledger.account_open(o.account, o.code, o.person_id, o.organisation_id)))::payments.bank_posting END
    FROM other o
    LEFT JOIN ledger.account b ON b.council_id = mc.council() AND b.kind = 'bank' AND b.code = o.bank
    LEFT JOIN ledger.account x ON x.council_id = mc.council() AND x.kind = o.account AND x.code = o.code
$$;

-- What the bank lines did to payments and expected income.
CREATE OR REPLACE FUNCTION payments.allocations_take_effect(p_posted payments.bank_posting[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
BEGIN
  PERFORM payments.payments_settle(d.payments, d.value_on)
     FROM (SELECT a.value_on, array_agg(p.id) AS payments
             FROM unnest(p_posted) a
            CROSS JOIN LATERAL (SELECT a.payment_id AS id WHERE a.kind = 'payment'
                                UNION ALL SELECT unnest(payments.run_payment_ids(a.run_id)) WHERE a.kind = 'run') p
            GROUP BY a.value_on) d ORDER BY d.value_on;
  PERFORM payments.payment_return(p, a.value_on, a.return_reason)
     FROM unnest(p_posted) a JOIN payments.payment p ON a.kind = 'return' AND p.council_id = mc.council() AND p.id = a.payment_id;
  UPDATE payments.income_item i SET received = i.received + a.amount, received_on = CASE WHEN i.received + a.amount > 0 THEN a.value_on END
    FROM unnest(p_posted) a WHERE i.council_id = mc.council() AND i.id = a.income_id;
END $$;

-- Posts as one set what was judged to fit and to stand alone. How many of each kind.
CREATE OR REPLACE FUNCTION payments.postings_post(p_posted payments.bank_posting[]) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_journals bigint[];
BEGIN
  v_journals := ledger.post_pairs(ARRAY(
    SELECT ROW(ledger.key('bank ' || a.entry_ref || ' ' || a.item), 'bank_' || a.kind, a.entry_ref, CASE WHEN a.amount < 0 THEN a.other ELSE a.bank END,
               CASE WHEN a.amount < 0 THEN a.bank ELSE a.other END, abs(a.amount), a.value_on)::ledger.pair
      FROM unnest(p_posted) WITH ORDINALITY AS a ORDER BY a.ordinality));
  INSERT INTO payments.bank_allocation (council_id, entry_id, kind, run_id, payment_id, income_item_id, amount, rule, evidence, journal_id, account_id)
  SELECT mc.council(), a.entry_id, a.kind, a.run_id, a.payment_id, a.income_id, a.amount, a.rule, a.evidence, v_journals[a.ordinality], CASE a.rule WHEN 'hand' THEN mc.account() END
    FROM unnest(p_posted) WITH ORDINALITY AS a ORDER BY a.ordinality;
  UPDATE payments.bank_entry e SET allocated = e.allocated + a.amount
    FROM (SELECT entry_id, sum(amount)::bigint AS amount FROM unnest(p_posted) GROUP BY entry_id) a WHERE e.council_id = mc.council() AND e.id = a.entry_id;
  -- What is placed needs no explanation any more.
  DELETE FROM payments.bank_proposal x USING payments.bank_entry e
   WHERE e.council_id = mc.council() AND e.id IN (SELECT entry_id FROM unnest(p_posted)) AND e.allocated = e.amount AND x.council_id = e.council_id AND x.entry_id = e.id;
  PERFORM payments.allocations_take_effect(p_posted);
  INSERT INTO audit.event (council_id, account_id, hat_id, role, person_id, mandate_id, verb, kind, ref, amount, detail)
  SELECT mc.council(), mc.account(), mc.hat(), mc.role(), mc.person(), mc.mandate(), 'entry_allocated', 'bank_entry', a.entry_ref, a.amount,
         jsonb_build_object('item', a.item, 'rule', a.rule)
    FROM unnest(p_posted) WITH ORDINALITY AS a ORDER BY a.ordinality;
  RETURN coalesce((SELECT jsonb_object_agg(k.kind, k.n) FROM (SELECT a.kind, count(*) AS n FROM unnest(p_posted) a GROUP BY a.kind) k), '{}');
END $$;

-- Locks what a list would settle: the runs, with them their payments, and the income, in the order of their ids. What is judged then still holds when it is posted,
-- and whoever settles the last payment of a run sees the others settled.
CREATE OR REPLACE FUNCTION payments.placings_lock(p_placings payments.bank_placing[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
BEGIN
  PERFORM 1 FROM payments.run r
    WHERE r.council_id = mc.council()
      AND r.id IN (SELECT x.id FROM unnest(p_placings) a JOIN payments.run x ON a.kind = 'run' AND x.council_id = mc.council() AND x.ref = a.name
                   UNION SELECT p.run_id FROM unnest(p_placings) a JOIN payments.payment p ON a.kind IN ('payment', 'return') AND p.council_id = mc.council() AND p.reference = a.name)
    ORDER BY r.id FOR NO KEY UPDATE;
  PERFORM 1 FROM payments.income_item i
    WHERE i.council_id = mc.council() AND i.ref IN (SELECT a.name FROM unnest(p_placings) a WHERE a.kind IN ('income', 'income_return'))
    ORDER BY i.id FOR NO KEY UPDATE;
END $$;

-- Applies a list in its order, its bank lines locked by the caller. What cannot be applied any more is counted, not an error: the list may be older than the books.
CREATE OR REPLACE FUNCTION payments.placings_apply(p_placings payments.bank_placing[]) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_piece  payments.bank_placing[];
  v_set    payments.bank_posting[];
  v_turn   payments.bank_placing[];
  v_done   jsonb;
  v_count  jsonb := '{"run": 0, "payment": 0, "return": 0, "income": 0, "income_return": 0, "suspense": 0, "not_expected": 0}';
BEGIN
  PERFORM payments.placings_lock(p_placings);
  -- In pieces, so that what one piece needs in memory does not grow with the list.
  FOR v_from IN 1 .. coalesce(cardinality(p_placings), 0) BY 5000 LOOP
    v_piece := p_placings[v_from : v_from + 4999];
    SELECT array_agg(j.posting ORDER BY j.at) FILTER (WHERE j.is_alone AND j.fits), array_agg(v_piece[j.at] ORDER BY j.at) FILTER (WHERE NOT j.is_alone)
      INTO v_set, v_turn FROM payments.placings_judge(v_piece) j;
    FOR v_nth IN 0 .. coalesce(cardinality(v_turn), 0) LOOP
      IF v_nth > 0 THEN
        v_set := ARRAY(SELECT j.posting FROM payments.placings_judge(v_turn[v_nth : v_nth]) j WHERE j.fits);
      END IF;
      IF cardinality(v_set) > 0 THEN
        v_done := payments.postings_post(v_set);
        v_count := (SELECT jsonb_object_agg(c.key, c.value::int + coalesce((v_done->>c.key)::int, 0)) FROM jsonb_each_text(v_count) c);
      END IF;
    END LOOP;
  END LOOP;
  RETURN v_count || jsonb_build_object('not_expected', coalesce(cardinality(p_placings), 0) - (SELECT sum(c.value::int) FROM jsonb_each_text(v_count) c));
END $$;

-- The same for a list as JSON, whose lines are named by their references.
CREATE OR REPLACE FUNCTION payments.allocation_apply(p_allocations jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
BEGIN
  PERFORM payments.require_role('finance');
  PERFORM 1 FROM payments.bank_entry e
    WHERE e.council_id = mc.council() AND e.ref IN (SELECT a.entry FROM payments.allocations_read(p_allocations) a) ORDER BY e.id FOR UPDATE;
  RETURN payments.placings_apply(ARRAY(
    SELECT ROW(e.id, a.item, a.kind, a.name, a.amount, a.one->>'rule', a.one->'evidence')::payments.bank_placing
      FROM payments.allocations_read(p_allocations) a LEFT JOIN payments.bank_entry e ON e.council_id = mc.council() AND e.ref = a.entry ORDER BY a.at));
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
