-- The other payment file: records in the style of Bacs Standard 18, for one processing day; the bank confirms which labels it wants. And what all files have in common.

CREATE OR REPLACE FUNCTION payments.bacs_day(p_day date) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ' ' || to_char(p_day, 'YYDDD');

-- 100 characters: where to, 99 for a credit or 17 for the contra debit, from where, pence, who pays, its reference, who is paid.
CREATE OR REPLACE FUNCTION payments.bacs_record(p_sort_code text, p_account text, p_code text, p_own payments.bank_account, p_amount bigint, p_from text, p_reference text, p_name text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN p_sort_code || p_account || '0' || p_code || p_own.sort_code || p_own.account_number || '    ' || lpad(p_amount::text, 11, '0')
    || rpad(p_from, 18) || rpad(p_reference, 18) || rpad(payments.bank_text(p_name, 18), 18);

-- The labels before (VOL, HDR, UHL) or after (EOF, UTL) the records: 80 characters each. Bacs processes on the working day before it pays.
CREATE OR REPLACE FUNCTION payments.bacs_labels(p_run payments.run, p_own payments.bank_account, p_is_end boolean) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT CASE WHEN p_is_end THEN '' ELSE rpad('VOL1' || x.serial || repeat(' ', 31) || x.number, 79) || E'1\r\n' END
      || rpad(x.word || '1A' || x.number || 'S  1' || x.number || x.serial || '00010001      ' || payments.bacs_day((p_run.emitted_at AT TIME ZONE 'Europe/London')::date)
              || payments.bacs_day(p_run.pay_on) || ' 000000', 80) || E'\r\n'
      || rpad(rpad(x.word || '2F0200000100', 50) || '00', 80) || E'\r\n'
      || rpad(CASE WHEN p_is_end THEN 'UTL1' || lpad(p_run.total::text, 13, '0') || lpad(p_run.total::text, 13, '0') || '0000001' || lpad(p_run.payments::text, 7, '0')
                   ELSE 'UHL1' || payments.bacs_day(payments.pay_by(p_run.pay_on - 1)) || '999999    000000001 DAILY  001' END, 80) || E'\r\n'
    FROM (SELECT CASE WHEN p_is_end THEN 'EOF' ELSE 'HDR' END AS word, p_own.service_user_number AS number, lpad((p_run.id % 999999 + 1)::text, 6, '0') AS serial) x
$$;

-- The message's name stands in the contra record, so that our own statement tells which run it was.
CREATE OR REPLACE FUNCTION payments.bacs18(p_run payments.run) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT convert_to(payments.bacs_labels(p_run, b, false) || x.credits || E'\r\n'
                    || payments.bacs_record(b.sort_code, b.account_number, '17', b, p_run.total, p_run.message_id, 'CONTRA', c.name) || E'\r\n'
                    || payments.bacs_labels(p_run, b, true), 'UTF8')
    FROM payments.bank_account b
    JOIN identity.council c ON c.id = b.council_id
    CROSS JOIN LATERAL (SELECT string_agg(payments.bacs_record(p.payee_sort_code, p.payee_account, '99', b, p.amount, payments.bank_text(c.name, 18), p.reference, p.payee_name), E'\r\n' ORDER BY p.id) AS credits
                          FROM payments.payment p WHERE p.council_id = b.council_id AND p.run_id = p_run.id) x
   WHERE b.council_id = p_run.council_id AND b.id = p_run.bank_account_id
$$;

-- As payments.pain_control: the control sum is that of the last label, and none where it and the contra record do not agree.
CREATE OR REPLACE FUNCTION payments.bacs_control(p_bytes bytea, OUT transfers int, OUT control bigint, OUT added bigint)
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog AS $$
  SELECT count(*) FILTER (WHERE l ~ '^[0-9]{15}99.{83}$'),
         CASE WHEN sum(substr(l, 36, 11)::bigint) FILTER (WHERE l ~ '^[0-9]{15}17[0-9]{14}.{4}[0-9]{11}.{54}$') = max(substr(l, 18, 13)::bigint) FILTER (WHERE l ~ '^UTL1[0-9]{40}') THEN
              max(substr(l, 18, 13)::bigint) FILTER (WHERE l ~ '^UTL1[0-9]{40}') END,
         sum(substr(l, 36, 11)::bigint) FILTER (WHERE l ~ '^[0-9]{15}99[0-9]{14}.{4}[0-9]{11}.{54}$')
    -- Escaped, no bytes are refused: a spoilt file is named by the verifier, it does not end it.
    FROM unnest(string_to_array(encode(p_bytes, 'escape'), E'\r\n')) AS l
$$;

CREATE OR REPLACE FUNCTION payments.payment_file(p_run payments.run) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, payments
RETURN CASE p_run.profile WHEN 'bacs18' THEN payments.bacs18(p_run) ELSE payments.pain001(p_run) END;

-- What a payment file says of itself, whichever profile it has.
CREATE OR REPLACE FUNCTION payments.file_control(p_bytes bytea, OUT transfers int, OUT control bigint, OUT added bigint)
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, payments AS $$
  SELECT c.* FROM payments.bacs_control(p_bytes) c WHERE substr(p_bytes, 1, 4) = 'VOL1'
  UNION ALL
  SELECT c.* FROM payments.pain_control(p_bytes) c WHERE substr(p_bytes, 1, 4) <> 'VOL1'
$$;

-- {"account": ref, "profile", "service_user_number", "reason"}. Runs that are put together already keep the file they had.
CREATE OR REPLACE FUNCTION payments.bank_profile_set(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior  jsonb;
  v_number text := nullif(p_request->>'service_user_number', '');
  v_from   text;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'bank_profile_set', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  IF v_number !~ '^[0-9]{6}$' OR p_request->>'profile' = 'bacs18' AND v_number IS NULL THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'number'));
  END IF;
  SELECT b.profile INTO v_from FROM payments.bank_account b WHERE b.council_id = mc.council() AND b.ref = p_request->>'account' FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such bank account.' USING ERRCODE = 'MC404';
  END IF;
  UPDATE payments.bank_account SET profile = p_request->>'profile', service_user_number = v_number WHERE council_id = mc.council() AND ref = p_request->>'account';
  PERFORM mc.audit('bank_profile_set', 'bank_account', p_request->>'account', NULL,
                   jsonb_build_object('from', v_from, 'to', p_request->'profile', 'service_user_number', v_number, 'reason', p_request->'reason'));
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'set'));
END $$;
