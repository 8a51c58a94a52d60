-- The bank's answers to payment files (pain.002). A positive answer acknowledges the run; a rejected payment never left: it is owed again, and the bank
-- details are stopped as when money comes back. Silence about a payment means nothing.

-- The reasons that banks give, for people. The list is that of ISO 20022, as far as it concerns credit transfers.
CREATE OR REPLACE FUNCTION payments.rejection_words(p_code text, p_info text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog
RETURN concat_ws('. ', CASE p_code
    WHEN 'AC01' THEN 'There is no such account' WHEN 'AC03' THEN 'There is no such account' WHEN 'AC04' THEN 'The account is closed'
    WHEN 'AC06' THEN 'The account is blocked' WHEN 'AC14' THEN 'The account takes no such payments' WHEN 'AG01' THEN 'The account takes no such payments'
    WHEN 'AM02' THEN 'The amount is over a limit' WHEN 'AM04' THEN 'Our account did not have the money' WHEN 'AM05' THEN 'The bank takes it for a second payment of the same'
    WHEN 'BE01' THEN 'The name does not belong to the account' WHEN 'BE05' THEN 'The bank does not know who sent the file' WHEN 'DT01' THEN 'The day is not one on which the bank pays'
    WHEN 'DUPL' THEN 'The bank takes it for a second payment of the same' WHEN 'MD07' THEN 'The account holder has died' WHEN 'RC01' THEN 'There is no such sort code'
    WHEN 'RR04' THEN 'The law does not allow it' WHEN 'MS02' THEN 'The bank of the payee gives no reason' WHEN 'MS03' THEN 'The bank gives no reason'
    ELSE 'The bank gives ' || coalesce('the reason ' || p_code, 'no reason') END, nullif(p_info, ''));

-- Puts a payment back to owed. Only one that is on its way: what the statement settled can only come back by the statement.
CREATE OR REPLACE FUNCTION payments.payment_reject(p_payment payments.payment, p_bank text, p_reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
BEGIN
  UPDATE payments.payment SET state = 'rejected', return_reason = p_reason WHERE council_id = p_payment.council_id AND id = p_payment.id;
  PERFORM payments.payments_count(ARRAY[p_payment.id], -1);
  PERFORM payments.post_pair(ledger.key('reject ' || p_payment.reference), 'payment_rejected', p_payment.ref, ledger.account_open('run_clearing', p_bank),
                             ledger.payable(p_payment.organisation_id), p_payment.amount, NULL);
  UPDATE payments.provider_account SET state = 'stopped', stopped_reason = 'the bank rejected payment ' || p_payment.reference
   WHERE council_id = p_payment.council_id AND id = p_payment.provider_account_id AND state = 'verified';
  PERFORM payments.mail_organisation(p_payment.organisation_id, 'The bank rejected payment ' || p_payment.reference,
    payments.pence_words(p_payment.amount) || ' could not be paid to your account: ' || p_reason || '. Please check your bank details with us; then we pay again.');
END $$;

-- The answers of one file about one run, each with the payment that it is about: a rejection of the file or of its one batch is one of every payment. What is
-- named without a status is not answered.
CREATE OR REPLACE FUNCTION payments.answered_payments(p_run payments.run, p_answers jsonb)
RETURNS TABLE (payment_id bigint, state text, status text, reason text)
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT DISTINCT ON (p.id) p.id, p.state, a->>'status', CASE a->>'status' WHEN 'RJCT' THEN payments.rejection_words(a->>'code', a->>'info') END
    FROM jsonb_array_elements(p_answers) a
    JOIN payments.payment p ON p.council_id = p_run.council_id AND p.run_id = p_run.id
                           AND (a->>'level' = 'payment' AND p.reference IN (upper(a->>'id'), upper(a->>'instruction_id'))
                                OR a->>'level' = 'batch' AND a->>'status' = 'RJCT' AND a->>'id' = p_run.message_id || '-1'
                                OR a->>'level' = 'group' AND a->>'status' = 'RJCT' AND a->>'id' = p_run.message_id)
   ORDER BY p.id, a->>'status' = 'RJCT' DESC NULLS LAST, a->>'level' = 'payment' DESC
$$;

-- Where a run stands after an answer: nothing of it left, the rest of it settled, or taken by the bank.
CREATE OR REPLACE FUNCTION payments.run_answered(p_run payments.run) RETURNS text
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  UPDATE payments.run r SET state = n.state, settled_on = n.settled_on
    FROM (SELECT CASE WHEN bool_or(p.state = 'emitted') THEN 'acknowledged' WHEN bool_and(p.state = 'rejected') THEN 'rejected' ELSE 'settled' END AS state,
                 CASE WHEN NOT bool_or(p.state = 'emitted') THEN max(p.settled_on) END AS settled_on
            FROM payments.payment p WHERE p.council_id = p_run.council_id AND p.run_id = p_run.id) n
   WHERE r.council_id = p_run.council_id AND r.id = p_run.id AND r.state IN ('emitted', 'acknowledged');
  SELECT r.state FROM payments.run r WHERE r.council_id = p_run.council_id AND r.id = p_run.id
$$;

-- {"file": ref, "answers": [the reader's]} → answered + run, state, accepted, rejected, already_paid, unclear; unknown_file.
CREATE OR REPLACE FUNCTION payments.answer_import(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior  jsonb;
  v_run    payments.run;
  v_bank   text;
  v_counts record;
  v_group  jsonb := (SELECT a FROM jsonb_array_elements(p_request->'answers') a WHERE a->>'level' = 'group' LIMIT 1);
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'answer_import', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  SELECT * INTO v_run FROM payments.run WHERE council_id = mc.council() AND message_id = v_group->>'id' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'unknown_file', 'message', v_group->>'id'));
  END IF;
  SELECT ref INTO v_bank FROM payments.bank_account WHERE council_id = v_run.council_id AND id = v_run.bank_account_id;
  SELECT count(*) FILTER (WHERE a.status <> 'RJCT') AS accepted, count(*) FILTER (WHERE a.status = 'RJCT' AND a.state = 'emitted') AS rejected,
         count(*) FILTER (WHERE a.status = 'RJCT' AND a.state IN ('settled', 'returned')) AS already_paid,
         count(*) FILTER (WHERE a.status IS NULL) AS unclear
    INTO v_counts FROM payments.answered_payments(v_run, p_request->'answers') a;
  -- What the bank has said before is not said again.
  INSERT INTO payments.bank_answer (council_id, run_id, payment_id, file_ref, status, reason)
  SELECT v_run.council_id, v_run.id, a.payment_id, p_request->>'file', a.status, a.reason
    FROM (SELECT NULL::bigint AS payment_id, v_group->>'status' AS status, NULL AS reason WHERE v_group->>'status' IS NOT NULL
          UNION ALL SELECT x.payment_id, x.status, x.reason FROM payments.answered_payments(v_run, p_request->'answers') x WHERE x.status IS NOT NULL) a
   WHERE NOT EXISTS (SELECT FROM payments.bank_answer k WHERE k.council_id = v_run.council_id AND k.run_id = v_run.id
                        AND k.payment_id IS NOT DISTINCT FROM a.payment_id AND k.status = a.status)
   ORDER BY a.payment_id NULLS FIRST;
  PERFORM payments.payment_reject(p, v_bank, a.reason)
     FROM payments.answered_payments(v_run, p_request->'answers') a JOIN payments.payment p ON p.council_id = v_run.council_id AND p.id = a.payment_id
    WHERE a.status = 'RJCT' AND a.state = 'emitted' ORDER BY p.id;
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'answered', 'run', v_run.ref, 'state', payments.run_answered(v_run), 'accepted', v_counts.accepted,
                                               'rejected', v_counts.rejected, 'already_paid', v_counts.already_paid, 'unclear', v_counts.unclear));
END $$;

-- The answer that a stored file holds: imported under the file's own key, and whoever sent it can read what became of it.
CREATE OR REPLACE FUNCTION payments.answer_file_import(p_file text, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_answer jsonb := payments.answer_import(jobs.file_key(mc.council(), p_file), p_request || jsonb_build_object('file', p_file));
BEGIN
  PERFORM payments.statement_report(p_file, v_answer);
  RETURN v_answer;
END $$;
