-- Invoices that are written here, from visits that are known: self-billed for micro-enterprises, from a form for everybody without software.
-- Each becomes a European invoice (UBL) that the same rules judge and that is kept like one that was sent.

-- What each VAT category says on an invoice for care (VATA 1994 Schedule 9 Group 7; Notice 701/2). Category O has no rate.
CREATE OR REPLACE FUNCTION payments.vat_terms(p_category text, OUT rate int, OUT reason_code text, OUT reason text)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT t.rate, t.reason_code, t.reason
    FROM (VALUES ('S', 20, NULL, NULL), ('E', 0, 'VATEX-EU-132-1G', 'Exempt: VATA 1994 Schedule 9 Group 7'),
                 ('O', NULL, 'VATEX-EU-O', 'Not subject to VAT')) AS t (category, rate, reason_code, reason)
   WHERE t.category = p_category
$$;

-- The one place that decides a provider's VAT category: from its checked profile, never asked of the person who bills. An exempt supply needs a tax number
-- on the invoice (BR-E-02); without one it is outside the scope of VAT. A provider with both kinds of supply bills care here, which is exempt; the rest of
-- its work comes from its own software.
CREATE OR REPLACE FUNCTION payments.vat_of(p_organisation bigint, OUT category text, OUT rate int)
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT c.category, coalesce((payments.vat_terms(c.category)).rate, 0)
    FROM (SELECT coalesce(max(CASE WHEN a.vat_profile = 'standard' THEN 'S' WHEN a.vat_profile <> 'not_registered' AND a.vat_number IS NOT NULL THEN 'E' END), 'O') AS category
            FROM payments.provider_account a
           WHERE a.council_id = mc.council() AND a.organisation_id = p_organisation AND a.state IN ('verified', 'stopped')) c
$$;

-- The net amount that with its tax comes to p_gross, or a penny less where no amount does: never more than was agreed.
CREATE OR REPLACE FUNCTION payments.net_of(p_gross bigint, p_rate int) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
RETURN ceil(p_gross * 100.0 / (100 + p_rate) - 0.5)::bigint;

-- One line a visit that is due and not billed, so that nothing is rounded but what the visit itself rounds. A micro-enterprise agreed to self-billing when
-- it joined; what it is billed for are visits that the person confirmed. NULL: nothing to bill.
CREATE OR REPLACE FUNCTION payments.own_draft(p_organisation bigint, p_kind text, p_number text, p_request jsonb) RETURNS jsonb
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
           WHERE b.council_id = mc.council() AND b.organisation_id = p_organisation AND b.order_ref = coalesce(p_request->>'order', b.order_ref)
             AND b.planned_on BETWEEN coalesce((p_request->>'from')::date, '2000-01-01') AND coalesce((p_request->>'to')::date, ledger.today())
             AND (p_kind <> 'self_billed' OR b.state = 'confirmed')) x;
  RETURN CASE WHEN v_lines IS NOT NULL THEN
    jsonb_build_object('kind', p_kind, 'number', p_number, 'issue_on', ledger.today(), 'ruleset', 'written here', 'net', payments.decimal(v_net),
                       'tax', payments.decimal(v_tax), 'gross', payments.decimal(v_net + v_tax), 'lines', v_lines) END;
END $$;

-- The same path as a file that was read; then jobs writes the file that belongs to it.
CREATE OR REPLACE FUNCTION payments.own_take_in(p_organisation bigint, p_draft jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_answer jsonb := payments.invoice_take_in(p_organisation, p_draft);
BEGIN
  IF v_answer->>'outcome' NOT IN ('duplicate', 'unreadable') THEN
    PERFORM mc.outbox('invoice_written', jsonb_build_object('ref', v_answer->'ref'));
  END IF;
  RETURN v_answer;
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
  v_draft := payments.own_draft(mc.organisation(), 'invoice', p_request->>'number', p_request);
  IF v_draft IS NULL THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'nothing_to_bill'));
  END IF;
  RETURN mc.idem_end(p_key, payments.own_take_in(mc.organisation(), v_draft));
END $$;

CREATE OR REPLACE FUNCTION payments.invoice_self_bill(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_org   identity.organisation;
  v_draft jsonb;
BEGIN
  PERFORM payments.require_role('provider', 'finance');
  v_prior := mc.idem_begin(p_key, 'invoice_self_bill', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  SELECT g.* INTO v_org FROM identity.organisation g
   WHERE (mc.role() IS DISTINCT FROM 'provider' OR g.id = mc.organisation())
     AND g.ref = coalesce(p_request->>'organisation',
                          (SELECT o.ref FROM payments.orders r JOIN identity.organisation o ON o.id = r.organisation_id
                            WHERE r.council_id = mc.council() AND r.ref = p_request->>'order'));
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such order or provider.' USING ERRCODE = 'MC404';
  END IF;
  IF v_org.kind <> 'micro' THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'not_micro'));
  END IF;
  v_draft := payments.own_draft(v_org.id, 'self_billed', 'SB-' || mc.new_ref(), p_request);
  IF v_draft IS NULL THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'nothing_to_bill'));
  END IF;
  RETURN mc.idem_end(p_key, payments.own_take_in(v_org.id, v_draft));
END $$;

-- ---------------------------------------------------------------- the file of an invoice that was written here

CREATE OR REPLACE FUNCTION payments.unit_code(p_unit text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
RETURN CASE p_unit WHEN 'hour' THEN 'HUR' WHEN 'day' THEN 'DAY' WHEN 'week' THEN 'WEE' WHEN 'mile' THEN 'SMI' WHEN 'item' THEN 'EA' ELSE 'E48' END;

CREATE OR REPLACE FUNCTION payments.own_lines(p_invoice payments.invoice, p_rate int) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT jsonb_agg(jsonb_build_object('id', l.line::text, 'quantity', trim_scale(l.quantity)::text, 'unit', payments.unit_code(l.unit), 'net', payments.decimal(l.net),
           'period_start', l.period_from, 'period_end', l.period_to, 'order_line', l.order_ref || '/' || l.order_line_no, 'name', coalesce(ol.title, l.service),
           'seller_item', l.service, 'vat_category', l.vat_category, 'vat_rate', p_rate::text, 'price', trim_scale(round(l.unit_price / 100, 8))::text) ORDER BY l.line)
    FROM payments.invoice_line l
    LEFT JOIN payments.order_line ol ON ol.council_id = l.council_id AND ol.id = l.order_line_id
   WHERE l.council_id = p_invoice.council_id AND l.invoice_id = p_invoice.id
$$;

-- In the terms of EN 16931, as the invoice writer takes them. All lines of one invoice have the provider's category, so the breakdown has one entry.
CREATE OR REPLACE FUNCTION payments.own_model(p_ref text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object('syntax', 'ubl-invoice', 'specification', 'urn:cen.eu:en16931:2017', 'number', i.number, 'issue_date', i.issue_on,
           'due_date', i.due_on, 'type', CASE i.kind WHEN 'self_billed' THEN '389' ELSE '380' END, 'currency', i.currency, 'order', x.order_ref,
           'seller', jsonb_build_object('ids', jsonb_build_array(jsonb_build_object('id', o.ref)), 'name', o.name, 'address', '{"country": "GB"}'::jsonb,
                                        'vat_id', CASE WHEN x.category <> 'O' THEN 'GB' || regexp_replace(a.vat_number, '^GB|[^0-9A-Z]', '', 'g') END),
           'buyer', jsonb_build_object('name', c.name, 'address', '{"country": "GB"}'::jsonb),
           'payments', CASE WHEN a.id IS NOT NULL THEN jsonb_build_array(jsonb_build_object('code', '30', 'reference', i.ref, 'account', a.account_number,
                                                                                            'account_name', a.account_name, 'branch', a.sort_code)) END,
           'vat_total', payments.decimal(i.tax), 'vat', jsonb_build_array(jsonb_build_object('taxable', payments.decimal(i.net), 'tax', payments.decimal(i.tax),
             'category', x.category, 'rate', (x.terms).rate::text, 'reason_code', (x.terms).reason_code, 'reason', (x.terms).reason)),
           'line_total', payments.decimal(i.net), 'total_without_vat', payments.decimal(i.net), 'total_with_vat', payments.decimal(i.gross), 'due', payments.decimal(i.gross),
           'lines', payments.own_lines(i, (x.terms).rate)))
    FROM payments.invoice i
    JOIN identity.organisation o ON o.id = i.organisation_id
    JOIN identity.council c ON c.id = i.council_id
    LEFT JOIN payments.provider_account a ON a.council_id = i.council_id AND a.organisation_id = i.organisation_id AND a.state IN ('verified', 'stopped')
    CROSS JOIN LATERAL (SELECT max(l.vat_category) AS category, payments.vat_terms(max(l.vat_category)) AS terms,
                               CASE count(DISTINCT l.order_ref) WHEN 1 THEN max(l.order_ref) END AS order_ref
                          FROM payments.invoice_line l WHERE l.council_id = i.council_id AND l.invoice_id = i.id) x
   WHERE i.council_id = mc.council() AND i.ref = p_ref AND i.file_ref IS NULL
$$;

-- Keeps the file and the verdict that it was given. Again: nothing.
CREATE OR REPLACE FUNCTION payments.own_keep(p_ref text, p_bytes bytea, p_verdict jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_invoice payments.invoice;
  v_file    text := mc.new_ref();
BEGIN
  SELECT * INTO v_invoice FROM payments.invoice WHERE council_id = mc.council() AND ref = p_ref AND file_ref IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO jobs.file (council_id, ref, kind, name, sha256, bytes, organisation_id, state, done_at)
  VALUES (mc.council(), v_file, 'invoice_copy', v_invoice.number || '.xml', sha256(p_bytes), p_bytes, v_invoice.organisation_id, 'done', mc.now());
  UPDATE payments.invoice SET file_ref = v_file, ruleset = p_verdict->>'ruleset',
         verdict = jsonb_build_object('findings', p_verdict->'rules', 'xsd', p_verdict->'xsd', 'fatal', '[]'::jsonb)
   WHERE council_id = mc.council() AND id = v_invoice.id;
  PERFORM mc.audit('invoice_written', 'invoice', p_ref, v_invoice.gross, jsonb_build_object('file', v_file, 'sha256', encode(sha256(p_bytes), 'hex')));
  RETURN v_file;
END $$;
