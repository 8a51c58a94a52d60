-- An invoice arrives: stored once, numbered, judged by the rules, matched. Called by jobs with what the jail read from the file or form.

-- What a line's unit is called in the catalogue. Minutes are hours here; a counted thing fits any counted unit of the order.
CREATE OR REPLACE FUNCTION payments.unit_fits(p_stated text, p_ordered text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
RETURN p_stated = p_ordered OR CASE p_stated
  WHEN 'HUR' THEN p_ordered = 'hour' WHEN 'DAY' THEN p_ordered = 'day' WHEN 'WEE' THEN p_ordered = 'week' WHEN 'SMI' THEN p_ordered = 'mile'
  WHEN 'E48' THEN p_ordered IN ('session', 'night', 'trip', 'meal', 'membership')
  WHEN 'EA' THEN p_ordered NOT IN ('hour', 'day', 'week', 'mile')
  WHEN 'C62' THEN p_ordered NOT IN ('hour', 'day', 'week', 'mile') ELSE false END;

CREATE OR REPLACE FUNCTION payments.invoice_add_lines(p_invoice payments.invoice, p_lines jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  WITH stated AS (
    SELECT l.at::int AS line, l.body AS b, coalesce(l.body->>'unit', '') = 'MIN' AS in_minutes, payments.pence(l.body->>'net') AS net,
           round(payments.pence(l.body->>'net') * coalesce((l.body->>'vat_rate')::numeric, 0) / 100)::bigint AS tax
      FROM jsonb_array_elements(p_lines) WITH ORDINALITY AS l (body, at)),
  -- VAT is rounded once for the invoice and here once a line: the few pence between go to the last line that bears tax.
  spare AS MATERIALIZED (
    SELECT max(line) FILTER (WHERE tax > 0) AS line, p_invoice.tax - sum(tax) AS pence, payments.tolerance_for('', 'document', p_invoice.gross) AS most FROM stated)
  INSERT INTO payments.invoice_line (council_id, invoice_id, line, order_ref, order_line_no, service, period_from, period_to, quantity, unit,
                                     unit_price, net, tax, vat_category, visit_refs)
  SELECT p_invoice.council_id, p_invoice.id, s.line, upper(btrim(s.b->>'order')), (s.b->>'order_line')::int, coalesce(s.b->>'service', ''),
         (s.b->>'from')::date, (s.b->>'to')::date,
         CASE WHEN s.in_minutes THEN round((s.b->>'quantity')::numeric / 60, 6) ELSE (s.b->>'quantity')::numeric END,
         CASE WHEN s.in_minutes THEN 'HUR' ELSE coalesce(s.b->>'unit', '') END,
         (s.b->>'price')::numeric * 100 * CASE WHEN s.in_minutes THEN 60 ELSE 1 END,
         s.net, s.tax + CASE WHEN s.line = spare.line AND abs(spare.pence) <= spare.most THEN spare.pence ELSE 0 END,
         coalesce(s.b->>'vat_category', 'O'), ARRAY(SELECT upper(jsonb_array_elements_text(coalesce(s.b->'visits', '[]'))))
    FROM stated s CROSS JOIN spare
$$;

-- NULL when another live invoice of this provider has the number already: the unique index decides between two that arrive at once.
CREATE OR REPLACE FUNCTION payments.invoice_insert(p_organisation bigint, p_request jsonb, p_normal text) RETURNS payments.invoice
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  INSERT INTO payments.invoice (council_id, ref, organisation_id, kind, number, number_normal, corrects_id, issue_on, due_on, currency, net, tax, gross,
                                bank_sort_code, bank_account, bank_iban, file_ref, ruleset, verdict)
  SELECT mc.council(), mc.new_ref(), p_organisation, coalesce(p_request->>'kind', 'invoice'), btrim(p_request->>'number'), p_normal,
         (SELECT c.id FROM payments.invoice c WHERE c.council_id = mc.council() AND c.organisation_id = p_organisation AND c.kind <> 'credit_note'
             AND c.number_normal = payments.invoice_number_normal(p_request->>'corrects') AND c.state <> 'rejected'),
         (p_request->>'issue_on')::date, coalesce((p_request->>'due_on')::date, ledger.today() + 30), coalesce(p_request->>'currency', 'GBP'),
         payments.pence(p_request->>'net'), payments.pence(p_request->>'tax'), payments.pence(p_request->>'gross'),
         nullif(regexp_replace(coalesce(p_request#>>'{bank,sort_code}', ''), '[^0-9]', '', 'g'), ''),
         nullif(regexp_replace(coalesce(p_request#>>'{bank,account}', ''), '[^0-9]', '', 'g'), ''),
         nullif(upper(regexp_replace(coalesce(p_request#>>'{bank,iban}', ''), '[^0-9A-Za-z]', '', 'g')), ''),
         p_request->>'file', coalesce(p_request->>'ruleset', 'none'), coalesce(p_request->'verdict', '{}')
  ON CONFLICT (council_id, organisation_id, number_normal) WHERE state <> 'rejected' DO NOTHING
  RETURNING *
$$;

-- The reader gives each value as {"text", "line"}, the line of the document where it stands: here the texts alone. Values are strings whose quotes are
-- escaped, so nothing inside one can look like such an object.
CREATE OR REPLACE FUNCTION payments.invoice_plain(p_model jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
RETURN regexp_replace(p_model::text, '\{"line": [0-9]+, "text": ("(?:[^"\\]|\\.)*")\}', '\1', 'g')::jsonb;

-- NULL for what is no day: the rules have said so already, and their words are better than the database's.
CREATE OR REPLACE FUNCTION payments.day_read(p_text text) RETURNS date
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
BEGIN
  RETURN CASE WHEN p_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN p_text::date END;
EXCEPTION WHEN datetime_field_overflow THEN
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION payments.number_read(p_text text) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
RETURN CASE WHEN p_text ~ '^[+-]?([0-9]{1,15}([.][0-9]{0,15})?|[.][0-9]{1,15})$' THEN p_text::numeric END;

-- What the invoice reader writes ({ruleset, valid, rules, model}, EN 16931 terms) in the form of this file. A request in that form already stays.
-- An order of a line may stand in its own reference ("AB12-CD34/2"); else the whole invoice is about one order.
CREATE OR REPLACE FUNCTION payments.invoice_from_model(p jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, payments AS $$
  SELECT CASE WHEN NOT p ? 'model' THEN p ELSE jsonb_build_object(
    'organisation', p->'organisation', 'file', p->'file', 'ruleset', p->'ruleset',
    'verdict', jsonb_build_object('findings', p->'rules', 'xsd', p->'xsd', 'fatal', coalesce(
      (SELECT jsonb_agg(jsonb_build_object('id', r->>'id', 'text', r->>'message')) FROM jsonb_array_elements(p->'rules') r WHERE r->>'severity' = 'fatal'),
      CASE WHEN p->>'valid' = 'false' THEN '[{"id": "EN 16931", "text": "It breaks the rules for European invoices"}]'
           WHEN payments.pence(m->>'due') <> payments.pence(m->>'total_with_vat')
             THEN '[{"id": "BT-115", "text": "The amount due is not the total. Leave out what was paid before"}]' ELSE '[]' END::jsonb)),
    'kind', CASE WHEN m->>'type' IN ('381', '396') OR p->>'syntax' LIKE '%redit%' THEN 'credit_note' ELSE 'invoice' END,
    'number', m->>'number', 'corrects', m#>>'{preceding,0,number}', 'issue_on', payments.day_read(m->>'issue_date'), 'due_on', payments.day_read(m->>'due_date'),
    'currency', m->>'currency', 'net', m->>'total_without_vat', 'tax', coalesce(m->>'vat_total', '0'), 'gross', m->>'total_with_vat',
    'bank', jsonb_build_object('account', CASE WHEN b.iban THEN NULL ELSE b.account END, 'iban', CASE WHEN b.iban THEN b.account END,
                               'sort_code', CASE WHEN m#>>'{payments,0,branch}' ~ '^[0-9 -]+$' THEN m#>>'{payments,0,branch}' END),
    'lines', (SELECT jsonb_agg(jsonb_build_object(
       'order', CASE WHEN l->>'order_line' ~ '-' THEN split_part(l->>'order_line', '/', 1) ELSE m->>'order' END,
       'order_line', substring(l->>'order_line' FROM '^(?:.*-.*/)?([0-9]{1,4})$'),
       'service', coalesce(l->>'seller_item', l->>'name'), 'from', payments.day_read(coalesce(l->>'period_start', m->>'period_start')),
       'to', payments.day_read(coalesce(l->>'period_end', l->>'period_start', m->>'period_end', m->>'period_start')), 'quantity', l->>'quantity', 'unit', l->>'unit',
       'price', (payments.number_read(l->>'price') / coalesce(nullif(payments.number_read(l->>'base_quantity'), 0), 1))::text, 'net', l->>'net',
       'vat_category', l->>'vat_category', 'vat_rate', l->>'vat_rate') ORDER BY at) FROM jsonb_array_elements(m->'lines') WITH ORDINALITY AS t (l, at))) END
    FROM (SELECT payments.invoice_plain(p->'model') AS m) x, LATERAL (SELECT m#>>'{payments,0,account}' AS account, coalesce(m#>>'{payments,0,account}' ~ '^ *[A-Za-z]{2}[0-9]{2}', false) AS iban) b
$$;

-- Invoice and lines together, or the reason in words why they cannot be taken in: amounts that are none, sums that are not, quantities below zero.
CREATE OR REPLACE FUNCTION payments.invoice_store(p_organisation bigint, p_request jsonb, p_normal text, OUT invoice payments.invoice, OUT sentence text)
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
BEGIN
  invoice := payments.invoice_insert(p_organisation, p_request, p_normal);
  IF invoice.id IS NOT NULL THEN
    PERFORM payments.invoice_add_lines(invoice, p_request->'lines');
  END IF;
EXCEPTION
  WHEN SQLSTATE 'MC422' THEN
    sentence := SQLERRM;
  WHEN check_violation OR not_null_violation OR data_exception THEN
    sentence := 'An amount, date or quantity is missing or does not fit. Net and VAT must make the total, and what takes money back is a credit note.';
END $$;

CREATE OR REPLACE FUNCTION payments.invoice_refuse_duplicate(p_organisation bigint, p_number text, p_normal text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_first payments.invoice;
BEGIN
  SELECT * INTO STRICT v_first FROM payments.invoice
   WHERE council_id = mc.council() AND organisation_id = p_organisation AND number_normal = p_normal AND state <> 'rejected';
  PERFORM mc.audit('invoice_duplicate', 'invoice', v_first.ref);
  PERFORM payments.mail_organisation(p_organisation, 'We already have your invoice ' || p_number,
    'Your invoice ' || p_number || ' looks the same as number ' || v_first.number || ', which reached us on ' || payments.day((v_first.received_at AT TIME ZONE 'Europe/London')::date)
    || '. It was not taken in a second time. If it is a different invoice, please send it under another number.');
  RETURN jsonb_build_object('outcome', 'duplicate', 'reason', 'REF', 'ref', v_first.ref, 'number', v_first.number);
END $$;

-- The rules of EN 16931 said no: the provider is told which, and the number is free again.
CREATE OR REPLACE FUNCTION payments.invoice_refuse_invalid(p_invoice payments.invoice) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_why text := payments.fatal_words(p_invoice.verdict);
BEGIN
  UPDATE payments.invoice SET state = 'rejected' WHERE council_id = p_invoice.council_id AND id = p_invoice.id;
  UPDATE payments.invoice_line SET state = 'rejected' WHERE council_id = p_invoice.council_id AND invoice_id = p_invoice.id;
  INSERT INTO payments.exception (council_id, ref, invoice_id, line, code, reason, sentence, state, resolution, note, resolved_at)
  VALUES (p_invoice.council_id, mc.new_ref(), p_invoice.id, 0, 'rules', 'OTH', 'The invoice does not follow the rules for invoices: ' || v_why || '.',
          'resolved', 'returned', 'Returned by the rules.', mc.now());
  PERFORM payments.mail_organisation(p_invoice.organisation_id, 'Please correct invoice ' || p_invoice.number,
    'We could not take in invoice ' || p_invoice.number || ': ' || v_why || '. Please correct it and send it again; you may keep the number.');
  RETURN jsonb_build_object('outcome', 'rejected', 'reason', 'OTH', 'ref', p_invoice.ref, 'sentence', v_why);
END $$;

-- The fatal findings of the rules as one sentence; NULL when there are none.
CREATE OR REPLACE FUNCTION payments.fatal_words(p_verdict jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, payments
RETURN (SELECT string_agg(coalesce(f->>'text', f->>'id') || ' (' || (f->>'id') || ')', '; ') FROM jsonb_array_elements(p_verdict->'fatal') f);

CREATE OR REPLACE FUNCTION payments.invoice_take_in(p_organisation bigint, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_normal  text := payments.invoice_number_normal(p_request->>'number');
  v_stored  record;
  v_invoice payments.invoice;
BEGIN
  IF coalesce(v_normal, '') = '' OR jsonb_array_length(coalesce(p_request->'lines', '[]')) NOT BETWEEN 1 AND 10000 THEN
    RETURN jsonb_build_object('outcome', 'unreadable', 'sentence',
      coalesce(payments.fatal_words(p_request->'verdict'), 'An invoice needs a number with letters or digits, and between 1 and 10,000 lines.'));
  END IF;
  SELECT * INTO v_stored FROM payments.invoice_store(p_organisation, p_request, v_normal);
  v_invoice := v_stored.invoice;
  IF v_stored.sentence IS NOT NULL THEN
    v_stored.sentence := coalesce(payments.fatal_words(p_request->'verdict'), v_stored.sentence);
    PERFORM payments.mail_organisation(p_organisation, 'Please correct invoice ' || (p_request->>'number'),
                                       'We could not take in invoice ' || (p_request->>'number') || '. ' || v_stored.sentence);
    RETURN jsonb_build_object('outcome', 'unreadable', 'sentence', v_stored.sentence);
  ELSIF v_invoice.id IS NULL THEN
    RETURN payments.invoice_refuse_duplicate(p_organisation, p_request->>'number', v_normal);
  END IF;
  IF jsonb_array_length(coalesce(v_invoice.verdict->'fatal', '[]')) > 0 THEN
    RETURN payments.invoice_refuse_invalid(v_invoice);
  END IF;
  UPDATE payments.invoice SET state = 'checked', valid_at = mc.now() WHERE council_id = v_invoice.council_id AND id = v_invoice.id;
  RETURN payments.invoice_match(v_invoice.id);
END $$;

CREATE OR REPLACE FUNCTION payments.invoice_receive(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_org   bigint;
BEGIN
  PERFORM payments.require_role('provider', 'finance');
  v_prior := mc.idem_begin(p_key, 'invoice_receive', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  -- Who sent the file is who bills: what the document says about its supplier never chooses another provider.
  SELECT o.id INTO v_org FROM identity.organisation o
   WHERE CASE WHEN p_request ? 'file' THEN o.id = (SELECT f.organisation_id FROM jobs.file f WHERE f.council_id = mc.council() AND f.ref = p_request->>'file')
              ELSE o.ref = p_request->>'organisation' END
     AND (mc.role() IS DISTINCT FROM 'provider' OR o.id = mc.organisation());
  IF NOT FOUND THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'unknown_provider', 'reason', 'LEG'));
  END IF;
  RETURN mc.idem_end(p_key, payments.invoice_take_in(v_org, payments.invoice_from_model(p_request)));
END $$;
