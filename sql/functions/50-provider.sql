-- What a provider does in the browser: files that it sent, a week of visits said at once.

-- A file that the jail read is received under its own key, and its sender can read what became of it: outcome, invoice, sentence, findings, questions.
CREATE OR REPLACE FUNCTION payments.invoice_file_receive(p_council int, p_ref text, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_answer jsonb := payments.invoice_receive(jobs.file_key(p_council, p_ref), p_request || jsonb_build_object('file', p_ref));
BEGIN
  UPDATE jobs.file SET report = jsonb_strip_nulls(jsonb_build_object('outcome', v_answer->'outcome', 'invoice', v_answer->'ref',
           'number', coalesce(v_answer->'number', payments.invoice_plain(p_request->'model')->'number'), 'sentence', v_answer->'sentence', 'ruleset', p_request->'ruleset', 'xsd', p_request->'xsd'))
         || jsonb_build_object('findings', coalesce(p_request->'rules', '[]'), 'questions', coalesce(v_answer->'exceptions', '[]'))
   WHERE council_id = p_council AND council_id = mc.council() AND ref = p_ref;
  RETURN v_answer;
END $$;

-- ---------------------------------------------------------------- a week of visits

-- Whether a visit's time has come, so that its provider can say what happened.
CREATE OR REPLACE FUNCTION payments.visit_is_due(p_on date, p_at time) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog
RETURN p_on < ledger.today() OR (p_on = ledger.today() AND coalesce(p_at, '00:00') <= (mc.now() AT TIME ZONE 'Europe/London')::time);

-- {"from", "to"}: every visit of those days whose time has come took place as planned. Each is its own act under its own key.
CREATE OR REPLACE FUNCTION payments.visits_deliver(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_visit text;
  v_n     int := 0;
BEGIN
  PERFORM payments.require_role('provider');
  v_prior := mc.idem_begin(p_key, 'visits_deliver', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  FOR v_visit IN SELECT v.ref FROM payments.visit v
                  WHERE v.council_id = mc.council() AND v.organisation_id = mc.organisation() AND v.state = 'planned'
                    AND v.planned_on BETWEEN (p_request->>'from')::date AND (p_request->>'to')::date AND payments.visit_is_due(v.planned_on, v.starts_at)
                  ORDER BY v.order_id, v.planned_on, v.id LIMIT 1000 LOOP
    IF payments.visit_deliver(md5(p_key || ' ' || v_visit)::uuid, jsonb_build_object('visit', v_visit, 'outcome', 'delivered'))->>'outcome' = 'delivered' THEN
      v_n := v_n + 1;
    END IF;
  END LOOP;
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'delivered', 'visits', v_n));
END $$;

REVOKE ALL ON FUNCTION payments.invoice_file_receive(int, text, jsonb), payments.vat_of(bigint), payments.net_of(bigint, int),
  payments.invoice_form(uuid, jsonb), payments.visit_is_due(date, time), payments.visits_deliver(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.invoice_file_receive(int, text, jsonb) TO mc_jobs;
GRANT EXECUTE ON FUNCTION payments.vat_of(bigint), payments.vat_terms(text), payments.net_of(bigint, int), payments.visit_is_due(date, time), payments.amount_words(numeric, text), payments.invoice_form(uuid, jsonb), payments.visits_deliver(uuid, jsonb) TO mc_web;
