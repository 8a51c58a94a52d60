-- What must hold between invoices, payments, files and the bank, derived anew from the rows; and who may call the functions of 40 to 49.
-- payments.verify() runs as its caller: mc_verify sees every council, anybody else the one that is set.

CREATE OR REPLACE FUNCTION payments.verify_invoices() RETURNS TABLE (check_name text, object text, detail text)
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT 'approved is the sum of agreed lines', i.ref, i.approved || ' is not ' || coalesce(l.agreed, 0)
    FROM payments.invoice i
    LEFT JOIN LATERAL (SELECT sum(l.agreed) AS agreed FROM payments.invoice_line l WHERE l.council_id = i.council_id AND l.invoice_id = i.id) l ON true
   WHERE i.approved <> coalesce(l.agreed, 0)
  UNION ALL
  SELECT 'paid and scheduled are the sums of payments', i.ref, concat_ws(' ', i.paid, i.scheduled, 'is not', p.paid, p.scheduled)
    FROM payments.invoice i
    CROSS JOIN LATERAL (SELECT coalesce(sum(abs(x.amount)) FILTER (WHERE p.state = 'settled'), 0) AS paid,
                               coalesce(sum(abs(x.amount)) FILTER (WHERE p.state IN ('planned', 'emitted')), 0) AS scheduled
                          FROM payments.payment_invoice x JOIN payments.payment p ON p.council_id = x.council_id AND p.id = x.payment_id
                         WHERE x.council_id = i.council_id AND x.invoice_id = i.id) p
   WHERE (i.paid, i.scheduled) <> (p.paid, p.scheduled)
  UNION ALL
  SELECT 'paid is not more than approved', i.ref, i.paid || ' of ' || i.approved FROM payments.invoice i WHERE i.paid + i.scheduled > i.approved
  UNION ALL
  SELECT 'an invoice''s state is what its amounts and lines say', i.ref, i.state || ' is not ' || s.state
    FROM payments.invoice i CROSS JOIN LATERAL payments.invoice_state(i.council_id, i.id, i.approved, i.scheduled, i.paid) s
   WHERE i.state IN ('approved', 'disputed', 'in_run', 'paid') AND i.state <> s.state
  UNION ALL
  SELECT 'captured is what the purses paid', i.ref || '-' || l.line, l.captured || ' is not ' || coalesce(c.amount, 0)
    FROM payments.invoice_line l JOIN payments.invoice i ON i.council_id = l.council_id AND i.id = l.invoice_id
    LEFT JOIN LATERAL (SELECT abs(sum(c.amount)) AS amount FROM payments.capture c WHERE c.council_id = l.council_id AND c.invoice_ref = i.ref || '-' || l.line) c ON true
   WHERE l.captured <> coalesce(c.amount, 0)
  UNION ALL
  SELECT 'no visit is billed twice', v.ref, concat_ws(' ', v.billed, 'of', v.amount, 'is not', coalesce(b.billed, 0))
    FROM payments.visit v
    LEFT JOIN (SELECT b.council_id, b.visit_id, sum(b.amount - b.credited) AS billed FROM payments.invoice_visit b GROUP BY b.council_id, b.visit_id) b
      ON b.council_id = v.council_id AND b.visit_id = v.id
   WHERE v.billed <> coalesce(b.billed, 0) OR v.billed > coalesce(v.amount, 0)
  UNION ALL
  SELECT 'every approval keeps its checks', i.ref, 'none kept'
    FROM payments.invoice i
   WHERE i.approved > 0 AND NOT EXISTS (SELECT FROM payments.match_check c WHERE c.council_id = i.council_id AND c.invoice_id = i.id)
$$;

CREATE OR REPLACE FUNCTION payments.verify_runs() RETURNS TABLE (check_name text, object text, detail text)
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT 'a run is the sum of its payments', r.ref, concat_ws(' ', r.total, r.payments, 'is not', p.total, p.n)
    FROM payments.run r
    CROSS JOIN LATERAL (SELECT coalesce(sum(p.amount), 0) AS total, count(*) AS n FROM payments.payment p WHERE p.council_id = r.council_id AND p.run_id = r.id) p
   WHERE (r.total, r.payments) <> (p.total, p.n)
  UNION ALL
  SELECT 'a run is settled when its last payment is', r.ref, r.state || ', ' || p.n || ' on their way'
    FROM payments.run r
    CROSS JOIN LATERAL (SELECT count(*) AS n FROM payments.payment p WHERE p.council_id = r.council_id AND p.run_id = r.id AND p.state = 'emitted') p
   WHERE CASE WHEN r.state IN ('emitted', 'acknowledged') THEN p.n = 0 ELSE p.n > 0 END
  UNION ALL
  SELECT 'a payment is the sum of its invoices', p.reference, p.amount || ' is not ' || coalesce(x.amount, 0)
    FROM payments.payment p
    LEFT JOIN LATERAL (SELECT sum(x.amount) AS amount FROM payments.payment_invoice x WHERE x.council_id = p.council_id AND x.payment_id = p.id) x ON true
   WHERE p.amount <> coalesce(x.amount, 0)
  UNION ALL
  SELECT 'the file is what was stored', r.ref, 'hash or bytes differ'
    FROM payments.run r LEFT JOIN jobs.file f ON f.council_id = r.council_id AND f.ref = r.file_ref
   WHERE r.file_ref IS NOT NULL AND (f.ref IS NULL OR (sha256(f.bytes), f.sha256) IS DISTINCT FROM (r.file_sha256, r.file_sha256))
  UNION ALL
  SELECT 'the control sum is the run''s total', r.ref, c::text
    FROM payments.run r
    -- The barrier keeps other files from being read as if they were a run's.
    CROSS JOIN LATERAL (SELECT c.* FROM jobs.file f, payments.file_control(f.bytes) c WHERE f.council_id = r.council_id AND f.ref = r.file_ref OFFSET 0) c
   WHERE (c.transfers, c.control, c.added) IS DISTINCT FROM (r.payments, r.total, r.total)
  UNION ALL
  SELECT 'one message a run', r.message_id, 'used by ' || count(*) || ' runs' FROM payments.run r WHERE r.message_id IS NOT NULL
   GROUP BY r.council_id, r.message_id HAVING count(*) > 1
  UNION ALL
  SELECT 'two people released it', r.ref, 'one did' FROM payments.run r
   WHERE r.approved_by IN (r.assembled_by, r.frozen_by) OR r.emitted_by = r.approved_by
$$;

CREATE OR REPLACE FUNCTION payments.verify_bank() RETURNS TABLE (check_name text, object text, detail text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, payments AS $$
BEGIN
  RETURN QUERY SELECT 'allocated is the sum of allocations', e.ref, e.allocated || ' is not ' || coalesce(a.amount, 0)
    FROM payments.bank_entry e
    LEFT JOIN LATERAL (SELECT sum(a.amount) AS amount FROM payments.bank_allocation a WHERE a.council_id = e.council_id AND a.entry_id = e.id) a ON true
   WHERE e.allocated <> coalesce(a.amount, 0)
  UNION ALL
  SELECT 'not more is allocated than was booked', e.ref, e.allocated || ' of ' || e.amount FROM payments.bank_entry e
   WHERE e.allocated NOT BETWEEN least(e.amount, 0) AND greatest(e.amount, 0)
  UNION ALL
  SELECT 'a settled payment has its bank line', p.reference, p.state FROM payments.payment p
   WHERE p.state IN ('settled', 'returned')
     AND NOT EXISTS (SELECT FROM payments.bank_allocation a WHERE a.council_id = p.council_id
                        AND ((a.kind = 'payment' AND a.payment_id = p.id) OR (a.kind = 'run' AND a.run_id = p.run_id)))
  UNION ALL
  SELECT 'what the bank line of a payment settles is settled', p.reference, p.state FROM payments.payment p
   WHERE p.state NOT IN ('settled', 'returned') AND EXISTS (SELECT FROM payments.bank_allocation a WHERE a.council_id = p.council_id AND a.kind = 'payment' AND a.payment_id = p.id)
  UNION ALL
  SELECT 'received is the sum of allocations', i.ref, i.received || ' is not ' || coalesce(a.amount, 0)
    FROM payments.income_item i
    LEFT JOIN LATERAL (SELECT sum(a.amount) AS amount FROM payments.bank_allocation a WHERE a.council_id = i.council_id AND a.income_item_id = i.id) a ON true
   WHERE i.received <> coalesce(a.amount, 0)
  UNION ALL
  SELECT 'nothing is dated into a closed month', j.council_id || ' journal ' || j.id, j.effective_on::text
    FROM ledger.closed_month m JOIN ledger.journal j ON j.council_id = m.council_id AND j.effective_on <= m.ends_on AND j.recorded_at > m.closed_at
  UNION ALL
  SELECT 'the ledger''s bank is the allocated lines', b.ref, b.ledger || ' is not ' || b.entries - b.open_amount FROM payments.bank_check b WHERE b.difference <> 0;
END $$;

-- Every state is reached from the one before by an allowed move, with one event each, and the last event is the state.
CREATE OR REPLACE FUNCTION payments.verify_moves() RETURNS TABLE (check_name text, object text, detail text)
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  WITH thing AS (
    SELECT council_id, 'invoice' AS kind, ref, state FROM payments.invoice
    UNION ALL SELECT council_id, 'run', ref, state FROM payments.run
    UNION ALL SELECT council_id, 'payment', ref, state FROM payments.payment
    UNION ALL SELECT council_id, 'provider_account', ref, state FROM payments.provider_account),
  event AS (
    SELECT e.council_id, e.kind, e.ref, e.id, e.detail->>'from' AS from_state, e.detail->>'to' AS to_state,
           lag(e.detail->>'to', 1, '') OVER (PARTITION BY e.council_id, e.kind, e.ref ORDER BY e.id) AS before,
           row_number() OVER (PARTITION BY e.council_id, e.kind, e.ref ORDER BY e.id DESC) AS from_last
      FROM audit.event e WHERE e.kind IN ('invoice', 'run', 'payment', 'provider_account') AND e.detail ? 'to')
  SELECT 'states move as allowed', e.kind || ' ' || e.ref, e.before || ' / ' || e.from_state || ' to ' || e.to_state FROM event e
   WHERE e.before <> e.from_state
      OR NOT EXISTS (SELECT FROM payments.allowed_move m WHERE m.kind = e.kind AND m.from_state = e.from_state AND m.to_state = e.to_state)
  UNION ALL
  SELECT 'the last event is the state', t.kind || ' ' || t.ref, coalesce(e.to_state, 'no event') || ' is not ' || t.state
    FROM thing t LEFT JOIN event e ON e.council_id = t.council_id AND e.kind = t.kind AND e.ref = t.ref AND e.from_last = 1
   WHERE e.to_state IS DISTINCT FROM t.state
$$;

CREATE OR REPLACE FUNCTION payments.verify() RETURNS TABLE (check_name text, object text, detail text)
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT * FROM payments.verify_invoices() UNION ALL SELECT * FROM payments.verify_runs()
  UNION ALL SELECT * FROM payments.verify_bank() UNION ALL SELECT * FROM payments.verify_moves()
$$;

-- One of the parts of which `marketcross verify` runs several at once. They share nothing, so each may see the books at a moment of its own.
CREATE OR REPLACE FUNCTION payments.verify_part(p_part text) RETURNS TABLE (check_name text, object text, detail text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
BEGIN
  CASE p_part
    WHEN 'events' THEN RETURN QUERY SELECT * FROM audit.verify_events();
    WHEN 'journals' THEN RETURN QUERY SELECT * FROM audit.verify_journals();
    WHEN 'blocks' THEN RETURN QUERY SELECT * FROM audit.verify_blocks();
    WHEN 'ledger' THEN RETURN QUERY SELECT * FROM ledger.verify();
    WHEN 'payments' THEN RETURN QUERY SELECT * FROM payments.verify();
  END CASE;
END $$;

-- ---------------------------------------------------------------- who may call what

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA payments FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.pence_words(numeric), payments.decimal(bigint), payments.pence(text), payments.unit_fits(text, text),
  payments.invoice_number_normal(text), payments.payable_account(bigint), payments.day(date), payments.invoice_state(int, bigint, bigint, bigint, bigint) TO mc_web, mc_jobs, mc_verify;
GRANT EXECUTE ON FUNCTION payments.provider_account_enter(uuid, jsonb), payments.provider_account_verify(uuid, jsonb), payments.invoice_self_bill(uuid, jsonb),
  payments.exception_resolve(uuid, jsonb), payments.dispute_end(uuid, jsonb), payments.run_assemble(uuid, jsonb), payments.run_freeze(uuid, jsonb),
  payments.run_approve(uuid, jsonb), payments.run_withdraw(uuid, jsonb), payments.run_acknowledge(uuid, jsonb), payments.run_emit(uuid, jsonb),
  payments.statement_accept(uuid, jsonb), payments.entry_match(uuid, jsonb), payments.reconcile(uuid, jsonb),
  payments.income_expect(uuid, jsonb), payments.income_end(uuid, jsonb), payments.income_remind(uuid, jsonb), payments.income_is_late(date), payments.add_working_days(date, int),
  payments.tolerance_set(uuid, jsonb), payments.tolerance_decide(uuid, jsonb), payments.tolerance_on(text, text, date, payments.tolerance), payments.tolerance_words(text, text), payments.approval_limit_set(uuid, jsonb), payments.bank_profile_set(uuid, jsonb), payments.tolerance_now(text, text), payments.approval_limit_of(bigint), payments.finance_people(), payments.month_close(uuid, jsonb),
  payments.tolerance_built_in(text), payments.is_working_day(date), payments.pay_by(date) TO mc_web;
GRANT EXECUTE ON FUNCTION payments.bank_holidays_take(jsonb), payments.own_model(text), payments.own_keep(text, bytea, jsonb), payments.invoice_receive(uuid, jsonb), payments.invoice_self_bill(uuid, jsonb), payments.invoices_try_again(),
  payments.statement_import(uuid, jsonb), payments.statement_stage(text, uuid, int, int, text), payments.statement_unstage(text),
  payments.statement_staged_import(text, uuid, int), payments.answer_import(uuid, jsonb), payments.answer_file_import(text, jsonb), payments.income_daily(), payments.allocation_apply(jsonb), payments.matching_accounts(),
  payments.expected_items(bigint, text, bigint, int), payments.open_entries(bigint, date, bigint, int), payments.matching_take(bigint[], text) TO mc_jobs;
GRANT EXECUTE ON FUNCTION payments.entry_explanations(text, int), payments.evidence_words(jsonb), payments.is_matching() TO mc_web;
GRANT EXECUTE ON FUNCTION payments.verify_part(text), payments.verify(), payments.verify_invoices(), payments.verify_runs(), payments.verify_bank(), payments.verify_moves(),
  payments.file_control(bytea), payments.bacs_control(bytea), payments.pain_control(bytea) TO mc_verify, mc_jobs, mc_web;
