-- What a provider does in the browser: files that it sent, invoices written in a form, a week of visits said at once.

-- A file that the jail read is received under its own key, and its sender can read what became of it: outcome, invoice, sentence, findings, questions.
CREATE OR REPLACE FUNCTION payments.invoice_file_receive(p_council int, p_ref text, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_answer jsonb := payments.invoice_receive(jobs.file_key(p_council, p_ref), p_request || jsonb_build_object('file', p_ref));
BEGIN
  UPDATE jobs.file SET report = jsonb_strip_nulls(jsonb_build_object('outcome', v_answer->'outcome', 'invoice', v_answer->'ref',
           'number', coalesce(v_answer->'number', payments.invoice_plain(p_request->'model')->'number'), 'sentence', v_answer->'sentence', 'ruleset', p_request->'ruleset'))
         || jsonb_build_object('findings', coalesce(p_request->'rules', '[]'), 'questions', coalesce(v_answer->'exceptions', '[]'))
   WHERE council_id = p_council AND council_id = mc.council() AND ref = p_ref;
  RETURN v_answer;
END $$;

-- ---------------------------------------------------------------- an invoice from a form: the visits are known, so only its number is asked

-- The category that a provider's VAT profile means for care (Notice 701/2), and its rate in percent. A provider with both kinds of supply bills care
-- here, which is exempt; the rest of its work comes from its own software.
CREATE OR REPLACE FUNCTION payments.vat_of(p_organisation bigint, OUT category text, OUT rate int)
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT coalesce(max(CASE a.vat_profile WHEN 'standard' THEN 'S' WHEN 'not_registered' THEN 'O' ELSE 'E' END), 'O'),
         coalesce(max(CASE a.vat_profile WHEN 'standard' THEN 20 END), 0)
    FROM payments.provider_account a
   WHERE a.council_id = mc.council() AND a.organisation_id = p_organisation AND a.state IN ('verified', 'stopped')
$$;

-- The net amount that with its tax comes to p_gross, or a penny less where no amount does: never more than was agreed.
CREATE OR REPLACE FUNCTION payments.net_of(p_gross bigint, p_rate int) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
RETURN ceil(p_gross * 100.0 / (100 + p_rate) - 0.5)::bigint;

-- One line a visit that is due and not billed. NULL: nothing to bill.
CREATE OR REPLACE FUNCTION payments.form_draft(p_organisation bigint, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, payments AS $$
DECLARE
  v_vat   record;
  v_net   bigint;
  v_tax   bigint;
  v_lines jsonb;
BEGIN
  SELECT * INTO v_vat FROM payments.vat_of(p_organisation);
  SELECT sum(x.net), sum(round(x.net * v_vat.rate / 100.0))::bigint,
         jsonb_agg(jsonb_build_object('order', x.order_ref, 'order_line', x.line_no, 'service', x.listing_ref, 'from', x.planned_on, 'to', x.planned_on,
           'visits', jsonb_build_array(x.visit_ref), 'quantity', x.quantity::text, 'unit', x.unit, 'price', (x.unit_price / (100.0 + v_vat.rate))::text,
           'net', payments.decimal(x.net), 'vat_category', v_vat.category, 'vat_rate', v_vat.rate::text) ORDER BY x.planned_on, x.visit_id)
    INTO v_net, v_tax, v_lines
    FROM (SELECT b.*, payments.net_of(b.amount, v_vat.rate) AS net FROM payments.billable_visit b
           WHERE b.council_id = mc.council() AND b.organisation_id = p_organisation AND b.order_ref = p_request->>'order'
             AND b.planned_on BETWEEN (p_request->>'from')::date AND (p_request->>'to')::date) x;
  RETURN CASE WHEN v_lines IS NOT NULL THEN
    jsonb_build_object('number', p_request->>'number', 'issue_on', ledger.today(), 'ruleset', 'web form', 'net', payments.decimal(v_net),
                       'tax', payments.decimal(v_tax), 'gross', payments.decimal(v_net + v_tax), 'lines', v_lines) END;
END $$;

-- {"order": ref, "from", "to", "number"}: for providers without software. The same path as a file that was read.
CREATE OR REPLACE FUNCTION payments.invoice_form(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_draft jsonb;
BEGIN
  PERFORM payments.require_role('provider');
  v_prior := mc.idem_begin(p_key, 'invoice_form', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  v_draft := payments.form_draft(mc.organisation(), p_request);
  IF v_draft IS NULL THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'nothing_to_bill'));
  END IF;
  RETURN mc.idem_end(p_key, payments.invoice_take_in(mc.organisation(), v_draft));
END $$;

-- ---------------------------------------------------------------- a week of visits

-- Whether a visit's time has come, so that its provider can say what happened.
CREATE OR REPLACE FUNCTION payments.visit_is_due(p_on date, p_at time) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog
RETURN p_on < ledger.today() OR (p_on = ledger.today() AND coalesce(p_at, '00:00') <= (now() AT TIME ZONE 'Europe/London')::time);

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
  payments.form_draft(bigint, jsonb), payments.invoice_form(uuid, jsonb), payments.visit_is_due(date, time), payments.visits_deliver(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.invoice_file_receive(int, text, jsonb) TO mc_jobs;
GRANT EXECUTE ON FUNCTION payments.vat_of(bigint), payments.net_of(bigint, int), payments.visit_is_due(date, time), payments.amount_words(numeric, text), payments.invoice_form(uuid, jsonb), payments.visits_deliver(uuid, jsonb) TO mc_web;
