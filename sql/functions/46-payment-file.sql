-- The payment file: pain.001 of the ISO 20022 message set in its versions 09 and 03, made from rows alone, so that the same run always gives the same bytes.

-- The characters that every UK bank takes: capitals, digits, . & / - and space; anything else becomes a space.
CREATE OR REPLACE FUNCTION payments.bank_text(p_text text, p_length int) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN left(btrim(regexp_replace(regexp_replace(upper(public.unaccent('public.unaccent', p_text)), '[^A-Z0-9.&/ -]', ' ', 'g'), ' +', ' ', 'g')), p_length);

-- The same as it stands between two tags: of what is left only & has a meaning there. Everything else in the file is digits or made by us, held by constraints.
CREATE OR REPLACE FUNCTION payments.pain_text(p_text text, p_length int) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN replace(payments.bank_text(p_text, p_length), '&', '&amp;');

CREATE OR REPLACE FUNCTION payments.pain_account(p_iban text, p_account text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '<Id>' || coalesce('<IBAN>' || p_iban || '</IBAN>', '<Othr><Id>' || p_account || '</Id><SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr>') || '</Id>';

CREATE OR REPLACE FUNCTION payments.pain_agent(p_sort_code text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '<FinInstnId><ClrSysMmbId><ClrSysId><Cd>GBDSC</Cd></ClrSysId><MmbId>' || p_sort_code || '</MmbId></ClrSysMmbId></FinInstnId>';

CREATE OR REPLACE FUNCTION payments.pain_transfer(p payments.payment, p_numbers text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN format('<CdtTrfTxInf><PmtId><InstrId>%1$s</InstrId><EndToEndId>%1$s</EndToEndId></PmtId><Amt><InstdAmt Ccy="GBP">%2$s</InstdAmt></Amt>'
              '<CdtrAgt>%3$s</CdtrAgt><Cdtr><Nm>%4$s</Nm></Cdtr><CdtrAcct>%5$s</CdtrAcct><RmtInf><Ustrd>%1$s %6$s</Ustrd></RmtInf></CdtTrfTxInf>',
              p.reference, payments.decimal(p.amount), payments.pain_agent(p.payee_sort_code), payments.pain_text(p.payee_name, 70),
              payments.pain_account(p.payee_iban, p.payee_account), payments.pain_text(p_numbers, 120));

-- Written as text, not with XML functions: those copy everything so far for each transfer, which no run of tens of thousands would ever get through.
CREATE OR REPLACE FUNCTION payments.pain001(p_run payments.run) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  WITH transfers AS (
    SELECT count(*) AS n, sum((l.payment).amount)::bigint AS total, string_agg(payments.pain_transfer(l.payment, l.numbers), '' ORDER BY (l.payment).id) AS body
      FROM payments.run_lines(p_run) l)
  SELECT convert_to(format(E'<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:%12$s"><CstmrCdtTrfInitn>'
    '<GrpHdr><MsgId>%1$s</MsgId><CreDtTm>%2$s</CreDtTm><NbOfTxs>%3$s</NbOfTxs><CtrlSum>%4$s</CtrlSum><InitgPty><Nm>%5$s</Nm></InitgPty></GrpHdr>'
    '<PmtInf><PmtInfId>%1$s-1</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg><NbOfTxs>%3$s</NbOfTxs><CtrlSum>%4$s</CtrlSum>'
    '<PmtTpInf><LclInstrm><Prtry>%6$s</Prtry></LclInstrm></PmtTpInf><ReqdExctnDt>%7$s</ReqdExctnDt>'
    '<Dbtr><Nm>%5$s</Nm></Dbtr><DbtrAcct>%8$s<Ccy>%9$s</Ccy></DbtrAcct><DbtrAgt>%10$s</DbtrAgt><ChrgBr>SHAR</ChrgBr>%11$s'
    '</PmtInf></CstmrCdtTrfInitn></Document>\n',
    p_run.message_id, to_char(p_run.emitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), t.n, payments.decimal(t.total), payments.pain_text(c.name, 70),
    b.scheme, CASE p_run.profile WHEN 'pain.001.001.03' THEN x.day ELSE '<Dt>' || x.day || '</Dt>' END, payments.pain_account(b.iban, b.account_number), b.currency, payments.pain_agent(b.sort_code), t.body,
    p_run.profile), 'UTF8')
    FROM transfers t, identity.council c, payments.bank_account b, to_char(p_run.pay_on, 'YYYY-MM-DD') AS x (day)
   WHERE c.id = p_run.council_id AND b.council_id = p_run.council_id AND b.id = p_run.bank_account_id
$$;

-- What the file says of itself, read back from its bytes: the run is released only when both sums are the run's. Bytes that are no such file say nothing.
CREATE OR REPLACE FUNCTION payments.pain_control(p_bytes bytea, OUT transfers int, OUT control bigint, OUT added bigint)
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, payments AS $$
DECLARE
  v_text  text;
  v_space text;
  v_file  xml;
BEGIN
  v_text := convert_from(p_bytes, 'UTF8');
  v_space := substring(v_text FROM 'urn:iso:std:iso:20022:tech:xsd:pain\.001\.001\.0[39]');
  v_file := xmlparse(DOCUMENT v_text);
  SELECT count(*), sum(payments.pence(x.amount)) INTO transfers, added
    FROM xmltable(xmlnamespaces(v_space AS p), '/p:Document/p:CstmrCdtTrfInitn/p:PmtInf/p:CdtTrfTxInf'
                  PASSING v_file COLUMNS amount text PATH 'p:Amt/p:InstdAmt') x;
  SELECT payments.pence(x.control) INTO control
    FROM xmltable(xmlnamespaces(v_space AS p), '/p:Document/p:CstmrCdtTrfInitn/p:GrpHdr'
                  PASSING v_file COLUMNS control text PATH 'p:CtrlSum') x;
EXCEPTION WHEN data_exception THEN
  transfers := NULL;
END $$;

-- Tells every payee what a run pays. The letters of a large run become due a thousand a minute: a sign-in link asked for meanwhile is due before most of them.
CREATE OR REPLACE FUNCTION payments.remittance_advices(p_run payments.run) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  INSERT INTO jobs.outbox (council_id, topic, payload, not_before)
  SELECT p_run.council_id, 'mail', payments.organisation_letter((l.payment).organisation_id, 'Payment ' || (l.payment).reference || ' is on its way',
           payments.pence_words((l.payment).amount) || ' leaves our bank on ' || payments.day_long(p_run.pay_on) || ' with the reference ' || (l.payment).reference
           || '. It pays:' || E'\n' || l.advice), now() + interval '1 minute' * ((row_number() OVER (ORDER BY (l.payment).id) - 1) / 1000)
    FROM payments.run_lines(p_run) l
$$;

-- The ledger effect of a run: what is owed to each payee is on its way. An approved invoice has opened its provider's account; if one were missing, the
-- journal would not come to nothing and the ledger would refuse it.
CREATE OR REPLACE FUNCTION payments.run_post(p_run payments.run) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_answer jsonb;
BEGIN
  SELECT ledger.post(ledger.key('emit ' || p_run.ref), 'payment_run', jsonb_build_array(jsonb_build_object(
           'account', ledger.account_open('run_clearing', b.ref), 'amount', p_run.total)) || l.debits, p_run.ref)
    INTO v_answer
    FROM payments.bank_account b,
         (SELECT jsonb_agg(jsonb_build_object('account', a.id, 'amount', -p.amount) ORDER BY p.id) AS debits
            FROM payments.payment p
            JOIN identity.organisation o ON o.id = p.organisation_id
            JOIN ledger.account a ON a.council_id = p.council_id AND a.kind = 'payable' AND a.code = o.ref
           WHERE p.council_id = p_run.council_id AND p.run_id = p_run.id) l
   WHERE b.council_id = p_run.council_id AND b.id = p_run.bank_account_id;
  IF v_answer->>'outcome' <> 'posted' THEN
    RAISE EXCEPTION 'the ledger refused run %: %', p_run.ref, v_answer;
  END IF;
  RETURN (v_answer->>'journal')::bigint;
END $$;

-- Bytes, their hash and the ledger effect in one transaction: what the bank may get is kept before anyone can fetch it.
CREATE OR REPLACE FUNCTION payments.run_release(p_run payments.run) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_run     payments.run := p_run;
  v_bytes   bytea;
  v_control record;
  v_file    text := mc.new_ref();
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
  UPDATE payments.run SET state = 'emitted', emitted_by = mc.account(), emitted_at = v_run.emitted_at, message_id = v_run.message_id, file_ref = v_file,
         file_sha256 = sha256(v_bytes), journal_id = payments.run_post(p_run)
   WHERE council_id = p_run.council_id AND id = p_run.id;
  UPDATE payments.payment SET state = 'emitted' WHERE council_id = p_run.council_id AND run_id = p_run.id;
  PERFORM payments.remittance_advices(p_run);
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
