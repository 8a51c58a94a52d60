-- The payment file: pain.001 of the ISO 20022 message set in its versions 09 and 03, made from rows alone, so that the same run always gives the same bytes.

-- The characters that every UK bank takes: capitals, digits, . & / - and space; anything else becomes a space.
CREATE OR REPLACE FUNCTION payments.bank_text(p_text text, p_length int) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
RETURN left(btrim(regexp_replace(regexp_replace(upper(public.unaccent('public.unaccent', p_text)), '[^A-Z0-9.&/ -]', ' ', 'g'), ' +', ' ', 'g')), p_length);

CREATE OR REPLACE FUNCTION payments.pain_account(p_iban text, p_account text) RETURNS xml
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
RETURN xmlelement(NAME "Id", CASE WHEN p_iban IS NOT NULL THEN xmlelement(NAME "IBAN", p_iban)
  ELSE xmlelement(NAME "Othr", xmlelement(NAME "Id", p_account), xmlelement(NAME "SchmeNm", xmlelement(NAME "Cd", 'BBAN'))) END);

CREATE OR REPLACE FUNCTION payments.pain_agent(p_sort_code text) RETURNS xml
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
RETURN xmlelement(NAME "FinInstnId", xmlelement(NAME "ClrSysMmbId",
         xmlelement(NAME "ClrSysId", xmlelement(NAME "Cd", 'GBDSC')), xmlelement(NAME "MmbId", p_sort_code)));

CREATE OR REPLACE FUNCTION payments.pain_transfer(p payments.payment, p_numbers text) RETURNS xml
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, payments AS $$
  SELECT xmlelement(NAME "CdtTrfTxInf",
    xmlelement(NAME "PmtId", xmlforest(p.reference AS "InstrId", p.reference AS "EndToEndId")),
    xmlelement(NAME "Amt", xmlelement(NAME "InstdAmt", xmlattributes('GBP' AS "Ccy"), payments.decimal(p.amount))),
    xmlelement(NAME "CdtrAgt", payments.pain_agent(p.payee_sort_code)),
    xmlelement(NAME "Cdtr", xmlelement(NAME "Nm", payments.bank_text(p.payee_name, 70))),
    xmlelement(NAME "CdtrAcct", payments.pain_account(p.payee_iban, p.payee_account)),
    xmlelement(NAME "RmtInf", xmlelement(NAME "Ustrd", left(p.reference || ' ' || payments.bank_text(p_numbers, 120), 140))))
$$;

CREATE OR REPLACE FUNCTION payments.pain001(p_run payments.run) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  WITH transfers AS (
    SELECT count(*) AS n, sum(p.amount)::bigint AS total, xmlagg(payments.pain_transfer(p, coalesce(d.numbers, '')) ORDER BY p.id) AS body
      FROM payments.payment p
      CROSS JOIN LATERAL (SELECT string_agg(i.number, ' ' ORDER BY i.id) AS numbers
                            FROM payments.payment_invoice pi JOIN payments.invoice i ON i.council_id = pi.council_id AND i.id = pi.invoice_id
                           WHERE pi.council_id = p.council_id AND pi.payment_id = p.id) d
     WHERE p.council_id = p_run.council_id AND p.run_id = p_run.id)
  SELECT convert_to('<?xml version="1.0" encoding="UTF-8"?>' || E'\n' || xmlserialize(CONTENT
    xmlelement(NAME "Document", xmlattributes('urn:iso:std:iso:20022:tech:xsd:' || p_run.profile AS xmlns),
      xmlelement(NAME "CstmrCdtTrfInitn",
        xmlelement(NAME "GrpHdr",
          xmlforest(p_run.message_id AS "MsgId", to_char(p_run.emitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "CreDtTm",
                    t.n AS "NbOfTxs", payments.decimal(t.total) AS "CtrlSum"),
          xmlelement(NAME "InitgPty", xmlelement(NAME "Nm", payments.bank_text(c.name, 70)))),
        xmlelement(NAME "PmtInf",
          xmlforest(p_run.message_id || '-1' AS "PmtInfId", 'TRF' AS "PmtMtd", 'true' AS "BtchBookg", t.n AS "NbOfTxs", payments.decimal(t.total) AS "CtrlSum"),
          xmlelement(NAME "PmtTpInf", xmlelement(NAME "LclInstrm", xmlelement(NAME "Prtry", b.scheme))),
          xmlelement(NAME "ReqdExctnDt", CASE p_run.profile WHEN 'pain.001.001.03' THEN to_char(p_run.pay_on, 'YYYY-MM-DD')::xml ELSE xmlelement(NAME "Dt", to_char(p_run.pay_on, 'YYYY-MM-DD')) END),
          xmlelement(NAME "Dbtr", xmlelement(NAME "Nm", payments.bank_text(c.name, 70))),
          xmlelement(NAME "DbtrAcct", payments.pain_account(b.iban, b.account_number), xmlelement(NAME "Ccy", b.currency)),
          xmlelement(NAME "DbtrAgt", payments.pain_agent(b.sort_code)),
          xmlelement(NAME "ChrgBr", 'SHAR'), t.body))) AS text) || E'\n', 'UTF8')
    FROM transfers t, identity.council c, payments.bank_account b
   WHERE c.id = p_run.council_id AND b.council_id = p_run.council_id AND b.id = p_run.bank_account_id
$$;

-- What the file says of itself, read back from its bytes: the run is released only when both sums are the run's. Bytes that are no such file say nothing.
CREATE OR REPLACE FUNCTION payments.pain_control(p_bytes bytea, OUT transfers int, OUT control bigint, OUT added bigint)
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, payments AS $$
BEGIN
  SELECT cardinality(xpath('//p:CdtTrfTxInf', d.x, d.ns)),
         payments.pence((xpath('//p:GrpHdr/p:CtrlSum/text()', d.x, d.ns))[1]::text),
         (SELECT sum(payments.pence(a::text)) FROM unnest(xpath('//p:InstdAmt/text()', d.x, d.ns)) a)::bigint
    INTO transfers, control, added
    FROM (SELECT xmlparse(DOCUMENT convert_from(p_bytes, 'UTF8')) AS x, ARRAY[ARRAY['p', substring(convert_from(p_bytes, 'UTF8') FROM 'urn:iso:std:iso:20022:tech:xsd:pain\.001\.001\.0[39]')]] AS ns) d;
EXCEPTION WHEN data_exception THEN
  transfers := NULL;
END $$;

CREATE OR REPLACE FUNCTION payments.remittance_advice(p_payment payments.payment, p_pay_on date) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  SELECT payments.mail_organisation(p_payment.organisation_id, 'Payment ' || p_payment.reference || ' is on its way',
    payments.pence_words(p_payment.amount) || ' leaves our bank on ' || payments.day_long(p_pay_on) || ' with the reference ' || p_payment.reference || '. It pays:' || E'\n'
    || string_agg(CASE i.kind WHEN 'credit_note' THEN 'credit note ' ELSE 'invoice ' END || i.number || ': ' || payments.pence_words(pi.amount), E'\n' ORDER BY i.id))
    FROM payments.payment_invoice pi JOIN payments.invoice i ON i.council_id = pi.council_id AND i.id = pi.invoice_id
   WHERE pi.council_id = p_payment.council_id AND pi.payment_id = p_payment.id
$$;

-- Bytes, their hash and the ledger effect in one transaction: what the bank may get is kept before anyone can fetch it.
CREATE OR REPLACE FUNCTION payments.run_release(p_run payments.run) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_run     payments.run := p_run;
  v_bytes   bytea;
  v_control record;
  v_file    text := mc.new_ref();
  v_answer  jsonb;
BEGIN
  v_run.message_id := 'MCRUN' || replace(p_run.ref, '-', '');
  v_run.emitted_at := date_trunc('second', mc.now());
  v_bytes := payments.payment_file(v_run);
  v_control := payments.file_control(v_bytes);
  IF (v_control.transfers, v_control.control, v_control.added) IS DISTINCT FROM (p_run.payments, p_run.total, p_run.total) THEN
    RAISE EXCEPTION 'the file of run % says %, the run % payments of % in all', p_run.ref, v_control, p_run.payments, p_run.total;
  END IF;
  INSERT INTO jobs.file (council_id, ref, kind, name, sha256, bytes, account_id, state, done_at)
  VALUES (mc.council(), v_file, 'payment_file', 'run-' || p_run.ref || CASE p_run.profile WHEN 'bacs18' THEN '.txt' ELSE '.xml' END, sha256(v_bytes), v_bytes, mc.account(), 'done', mc.now());
  SELECT ledger.post(ledger.key('emit ' || p_run.ref), 'payment_run', jsonb_build_array(jsonb_build_object(
           'account', ledger.account_open('run_clearing', b.ref), 'amount', p_run.total)) || l.debits, p_run.ref)
    INTO v_answer
    FROM payments.bank_account b,
         (SELECT jsonb_agg(jsonb_build_object('account', ledger.payable(p.organisation_id), 'amount', -p.amount) ORDER BY p.id) AS debits
            FROM payments.payment p WHERE p.council_id = p_run.council_id AND p.run_id = p_run.id) l
   WHERE b.council_id = p_run.council_id AND b.id = p_run.bank_account_id;
  IF v_answer->>'outcome' <> 'posted' THEN
    RAISE EXCEPTION 'the ledger refused run %: %', p_run.ref, v_answer;
  END IF;
  UPDATE payments.run SET state = 'emitted', emitted_by = mc.account(), emitted_at = v_run.emitted_at, message_id = v_run.message_id, file_ref = v_file,
         file_sha256 = sha256(v_bytes), journal_id = (v_answer->>'journal')::bigint
   WHERE council_id = p_run.council_id AND id = p_run.id;
  UPDATE payments.payment SET state = 'emitted' WHERE council_id = p_run.council_id AND run_id = p_run.id;
  PERFORM payments.remittance_advice(p, p_run.pay_on) FROM payments.payment p WHERE p.council_id = p_run.council_id AND p.run_id = p_run.id ORDER BY p.id;
  RETURN jsonb_build_object('outcome', 'emitted', 'ref', p_run.ref, 'file', v_file, 'message_id', v_run.message_id, 'total', p_run.total,
                            'sha256', encode(sha256(v_bytes), 'hex'));
END $$;

CREATE OR REPLACE FUNCTION payments.run_emit(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_run   payments.run;
  v_no    text;
  v_rule  text;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'run_emit', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  v_run := payments.run_for_update(p_request->>'run');
  v_no := payments.run_hindrance(v_run);
  IF v_run.state <> 'approved' OR v_no IS NOT NULL THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', CASE WHEN v_run.state = 'approved' THEN 'held' ELSE 'state' END, 'state', v_run.state, 'sentence', v_no));
  END IF;
  BEGIN
    RETURN mc.idem_end(p_key, payments.run_release(v_run));
  EXCEPTION WHEN check_violation THEN
    GET STACKED DIAGNOSTICS v_rule = CONSTRAINT_NAME;
    IF v_rule <> 'run_second_hand' THEN RAISE; END IF;
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'same_person', 'sentence', 'You approved this run. Somebody else has to release it.'));
  END;
END $$;
