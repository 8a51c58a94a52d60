-- Approval (money leaves the purses for the provider's payable), exceptions and disputes. A dispute holds its own line only.

-- The one place that says which state the amounts and lines of a judged invoice amount to. A table of one row, so that it is worked out inside the statement that asks.
CREATE OR REPLACE FUNCTION payments.invoice_state(p_council int, p_invoice bigint, p_approved bigint, p_scheduled bigint, p_paid bigint) RETURNS TABLE (state text)
LANGUAGE sql STABLE ROWS 1 AS $$
  SELECT CASE WHEN EXISTS (SELECT FROM payments.invoice_line l WHERE l.council_id = p_council AND l.invoice_id = p_invoice AND l.state = 'disputed') THEN 'disputed'
              WHEN p_approved = 0 THEN 'rejected'
              WHEN p_paid = p_approved THEN 'paid'
              WHEN p_scheduled + p_paid = p_approved THEN 'in_run'
              ELSE 'approved' END
$$;

CREATE OR REPLACE FUNCTION payments.invoice_settle_state(p_invoice bigint, p_on date DEFAULT NULL) RETURNS text
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  UPDATE payments.invoice i
     SET (state, paid_on) = (SELECT s.state, CASE s.state WHEN 'paid' THEN coalesce(i.paid_on, p_on, ledger.today()) END
                               FROM payments.invoice_state(i.council_id, i.id, i.approved, i.scheduled, i.paid) s)
   WHERE i.council_id = mc.council() AND i.id = p_invoice
  RETURNING i.state
$$;

-- Counts what payments pay of their invoices as scheduled or as paid (1), or takes it back (-1); the states follow. The invoices are locked first: a state that
-- was worked out while somebody else decided about a line of one would miss that.
CREATE OR REPLACE FUNCTION payments.payments_count(p_payments bigint[], p_scheduled int, p_paid int DEFAULT 0, p_on date DEFAULT NULL) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  SELECT FROM payments.invoice i
   WHERE i.council_id = mc.council() AND i.id IN (SELECT l.invoice_id FROM payments.payment_invoice l WHERE l.council_id = mc.council() AND l.payment_id = ANY (p_payments))
   ORDER BY i.id FOR NO KEY UPDATE;
  UPDATE payments.invoice i
     SET (scheduled, paid, state, paid_on) =
         (SELECT n.scheduled, n.paid, s.state, CASE s.state WHEN 'paid' THEN coalesce(i.paid_on, p_on, ledger.today()) END
            FROM (SELECT i.scheduled + p_scheduled * x.amount AS scheduled, i.paid + p_paid * x.amount AS paid) n
           CROSS JOIN LATERAL payments.invoice_state(i.council_id, i.id, i.approved, n.scheduled, n.paid) s)
    FROM (SELECT l.invoice_id, sum(abs(l.amount))::bigint AS amount FROM payments.payment_invoice l
           WHERE l.council_id = mc.council() AND l.payment_id = ANY (p_payments) GROUP BY l.invoice_id) x
   WHERE i.council_id = mc.council() AND i.id = x.invoice_id
$$;

-- Takes the line's money from the purses that hold its order. A penny of rounding within the tolerance is the council's, not the person's.
CREATE OR REPLACE FUNCTION payments.line_capture(p_invoice payments.invoice, p_line payments.invoice_line) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_visits  bigint[];
  v_covered bigint;
  v_take    bigint;
  v_rest    bigint;
  v_answer  jsonb;
BEGIN
  SELECT array_agg(b.visit_id ORDER BY b.visit_id), coalesce(sum(b.amount), 0) INTO v_visits, v_covered
    FROM payments.invoice_visit b
   WHERE b.council_id = p_line.council_id AND b.invoice_id = p_line.invoice_id AND b.line = p_line.line;
  v_take := least(p_line.net + p_line.tax, v_covered);
  IF v_take = 0 THEN
    RETURN 0;
  END IF;
  v_rest := p_line.net + p_line.tax - v_take;
  v_answer := payments.order_capture(p_line.order_id, v_visits, v_take, p_invoice.ref || '-' || p_line.line);
  IF v_answer->>'outcome' <> 'captured' THEN
    RAISE EXCEPTION 'Invoice % line % fits its visits, but the order cannot pay for it: %.', p_invoice.ref, p_line.line, v_answer->>'outcome' USING ERRCODE = 'MC409';
  END IF;
  IF v_rest > (SELECT payments.tolerance_for(o.listing_ref, 'line', p_line.net) FROM payments.order_line o
                WHERE o.council_id = p_line.council_id AND o.id = p_line.order_line_id) THEN
    v_rest := 0;
  ELSIF v_rest > 0 THEN
    PERFORM payments.post_pair(ledger.key('rounding ' || p_invoice.ref || '-' || p_line.line), 'rounding', p_invoice.ref,
                               ledger.account_open('rounding', 'invoices'), ledger.payable(p_invoice.organisation_id), v_rest, NULL);
  END IF;
  UPDATE payments.invoice_line SET captured = v_take
   WHERE council_id = p_line.council_id AND invoice_id = p_line.invoice_id AND line = p_line.line;
  RETURN v_take + v_rest;
END $$;

-- One journal of two lines: debit, credit. Anything but "posted" is a fault of ours, so the whole transaction ends.
CREATE OR REPLACE FUNCTION payments.post_pair(p_key uuid, p_kind text, p_ref text, p_debit bigint, p_credit bigint, p_amount bigint, p_on date) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_answer jsonb := ledger.post(p_key, p_kind, jsonb_build_array(jsonb_build_object('account', p_debit, 'amount', -p_amount),
                                                                 jsonb_build_object('account', p_credit, 'amount', p_amount)), p_ref, NULL, p_on);
BEGIN
  IF v_answer->>'outcome' <> 'posted' THEN
    RAISE EXCEPTION 'the ledger refused % of %: %', p_kind, p_ref, v_answer;
  END IF;
  RETURN (v_answer->>'journal')::bigint;
END $$;

-- What is taken back of a line can be billed again, with a corrected invoice: first of the visits of the credit note's own time, the latest before the
-- others. A line that is taken back whole bills nothing any more, whatever little of a visit it had left unpaid.
CREATE OR REPLACE FUNCTION payments.line_free_visits(p_line payments.invoice_line, p_credit payments.invoice_line, p_back bigint, p_whole boolean) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  UPDATE payments.invoice_visit b
     SET credited = CASE WHEN p_whole THEN b.amount ELSE b.credited + least(s.rest, p_back - s.before) END, credited_by = p_credit.invoice_id
    FROM (SELECT r.visit_id, r.rest, coalesce(sum(r.rest) OVER (ORDER BY r.is_meant DESC, r.planned_on DESC, r.visit_id DESC
                                                                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::bigint AS before
            FROM (SELECT x.visit_id, x.amount - x.credited AS rest, v.planned_on,
                         CASE WHEN cardinality(p_credit.visit_refs) > 0 THEN v.ref = ANY (p_credit.visit_refs)
                              ELSE v.planned_on BETWEEN coalesce(p_credit.period_from, '-infinity') AND coalesce(p_credit.period_to, 'infinity') END AS is_meant
                    FROM payments.invoice_visit x JOIN payments.visit v ON v.council_id = x.council_id AND v.id = x.visit_id
                   WHERE x.council_id = p_line.council_id AND x.invoice_id = p_line.invoice_id AND x.line = p_line.line AND x.credited < x.amount) r) s
   WHERE b.council_id = p_line.council_id AND b.invoice_id = p_line.invoice_id AND b.line = p_line.line AND b.visit_id = s.visit_id
     AND (p_whole OR s.before < p_back)
$$;

-- A credit note's line goes back to the purses that paid the line it corrects.
CREATE OR REPLACE FUNCTION payments.line_uncapture(p_invoice payments.invoice, p_line payments.invoice_line) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_first  payments.invoice := (SELECT i FROM payments.invoice i WHERE i.council_id = p_line.council_id AND i.id = p_invoice.corrects_id);
  v_source payments.invoice_line := (SELECT l FROM payments.invoice_line l
                                      WHERE l.council_id = p_line.council_id AND l.invoice_id = p_invoice.corrects_id AND l.line = p_line.credits_line);
  v_before bigint;
  v_gross  bigint := p_line.net + p_line.tax;
  v_back   bigint;
  v_answer jsonb;
BEGIN
  SELECT coalesce(sum(l.captured), 0) INTO v_before
    FROM payments.invoice i JOIN payments.invoice_line l ON l.council_id = i.council_id AND l.invoice_id = i.id
   WHERE i.council_id = p_line.council_id AND i.corrects_id = p_invoice.corrects_id AND l.credits_line = p_line.credits_line AND l.state = 'approved';
  v_back := least(v_gross, v_source.captured - v_before);
  -- Nothing: all that is left of the line is the council's rounding.
  IF v_back > 0 THEN
    v_answer := payments.order_uncapture(v_source.order_id, v_first.ref || '-' || v_source.line, v_back, p_invoice.ref || '-' || p_line.line);
    IF v_answer->>'outcome' <> 'refunded' THEN
      RAISE EXCEPTION 'Credit note % cannot go back to the purses that paid: %.', p_invoice.ref, v_answer->>'outcome' USING ERRCODE = 'MC409';
    END IF;
  END IF;
  IF v_gross > v_back THEN
    PERFORM payments.post_pair(ledger.key('rounding ' || p_invoice.ref || '-' || p_line.line), 'rounding', p_invoice.ref,
                               ledger.payable(p_invoice.organisation_id), ledger.account_open('rounding', 'invoices'), v_gross - v_back, NULL);
  END IF;
  UPDATE payments.invoice_line SET captured = v_back
   WHERE council_id = p_line.council_id AND invoice_id = p_line.invoice_id AND line = p_line.line;
  PERFORM payments.line_free_visits(v_source, p_line, v_back, v_before + v_back = v_source.captured);
  RETURN v_gross;
END $$;

CREATE OR REPLACE FUNCTION payments.invoice_approve(p_invoice payments.invoice) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_line   payments.invoice_line;
  v_agreed bigint;
  v_state  text;
BEGIN
  UPDATE payments.invoice SET state = 'matched' WHERE council_id = p_invoice.council_id AND id = p_invoice.id AND state IN ('checked', 'exception');
  FOR v_line IN SELECT * FROM payments.invoice_line WHERE council_id = p_invoice.council_id AND invoice_id = p_invoice.id AND state = 'open' ORDER BY line LOOP
    v_agreed := CASE p_invoice.kind WHEN 'credit_note' THEN payments.line_uncapture(p_invoice, v_line) ELSE payments.line_capture(p_invoice, v_line) END;
    UPDATE payments.invoice_line SET state = CASE WHEN v_agreed > 0 THEN 'approved' ELSE 'disputed' END, agreed = v_agreed
     WHERE council_id = v_line.council_id AND invoice_id = v_line.invoice_id AND line = v_line.line;
    PERFORM mc.audit_person(o.person_id, 'invoice_line_approved', 'invoice', p_invoice.ref, v_agreed, jsonb_build_object('line', v_line.line, 'order', o.ref))
       FROM payments.orders o WHERE o.council_id = v_line.council_id AND o.id = v_line.order_id;
  END LOOP;
  UPDATE payments.invoice i
     SET approved = (SELECT coalesce(sum(l.agreed), 0) FROM payments.invoice_line l WHERE l.council_id = i.council_id AND l.invoice_id = i.id),
         approved_at = coalesce(i.approved_at, mc.now())
   WHERE i.council_id = p_invoice.council_id AND i.id = p_invoice.id RETURNING approved INTO v_agreed;
  v_state := payments.invoice_settle_state(p_invoice.id);
  PERFORM payments.mail_organisation(p_invoice.organisation_id, 'Invoice ' || p_invoice.number || ' approved',
    'Invoice ' || p_invoice.number || ': ' || payments.pence_words(v_agreed) || ' is approved, not yet paid: '
    || CASE p_invoice.kind WHEN 'credit_note' THEN 'it counts against your next payment.' ELSE 'expected by ' || payments.day_long(payments.pay_by(p_invoice.due_on)) || '.' END
    || CASE v_state WHEN 'disputed' THEN ' One or more lines are still being looked at; the rest is not held up.' ELSE '' END);
  RETURN jsonb_build_object('outcome', v_state, 'ref', p_invoice.ref, 'approved', v_agreed);
END $$;

CREATE OR REPLACE FUNCTION payments.invoice_except(p_invoice payments.invoice) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_open jsonb;
  v_text text;
BEGIN
  SELECT jsonb_agg(jsonb_build_object('ref', e.ref, 'line', e.line, 'reason', e.reason, 'code', e.code, 'sentence', e.sentence) ORDER BY e.line, e.id),
         string_agg(CASE e.line WHEN 0 THEN '' ELSE 'Line ' || e.line || ': ' END || e.sentence, E'\n' ORDER BY e.line, e.id)
    INTO v_open, v_text FROM payments.exception e
   WHERE e.council_id = p_invoice.council_id AND e.invoice_id = p_invoice.id AND e.state = 'open';
  IF p_invoice.state = 'checked' THEN
    UPDATE payments.invoice SET state = 'exception' WHERE council_id = p_invoice.council_id AND id = p_invoice.id;
    PERFORM payments.mail_organisation(p_invoice.organisation_id, 'A question about invoice ' || p_invoice.number,
      'We could not approve invoice ' || p_invoice.number || ' by itself, so a person is looking at it.' || E'\n' || v_text);
  END IF;
  RETURN jsonb_build_object('outcome', 'exception', 'ref', p_invoice.ref, 'exceptions', v_open);
END $$;

-- ---------------------------------------------------------------- what a finance officer decides

-- What cannot be accepted: there is no order, or nothing delivered, that money could be taken for.
CREATE OR REPLACE FUNCTION payments.exception_hindrance(p_exception payments.exception) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, payments AS $$
DECLARE
  v_line payments.invoice_line := (SELECT l FROM payments.invoice_line l WHERE l.council_id = p_exception.council_id
                                      AND l.invoice_id = p_exception.invoice_id AND l.line = p_exception.line);
BEGIN
  IF p_exception.code IN ('provider', 'order', 'order_line', 'corrects', 'credited_line', 'credit') THEN
    RETURN 'There is nothing that money could be taken for. Return the invoice to the provider, or reject the line.';
  ELSIF p_exception.code = 'paused' THEN
    RETURN 'Nothing is paid for a visit that was paused. Return the invoice to the provider, or reject the line.';
  ELSIF p_exception.line > 0 AND NOT EXISTS (SELECT FROM payments.billable_visit b
                                              WHERE b.council_id = v_line.council_id AND b.order_line_id = v_line.order_line_id) THEN
    RETURN 'Nothing was delivered that is not billed already. Ask the provider to record the visits, or return the invoice.';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION payments.exception_close(p_exception payments.exception, p_resolution text, p_note text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  -- A decision about a line, or about the whole invoice when it goes back, ends every question about it; accepting answers one question.
  UPDATE payments.exception e
     SET state = 'resolved', resolution = p_resolution, note = p_note, resolved_by = mc.account(), resolved_at = mc.now()
   WHERE e.council_id = p_exception.council_id AND e.invoice_id = p_exception.invoice_id AND e.state = 'open'
     AND CASE p_resolution WHEN 'accepted' THEN e.id = p_exception.id WHEN 'returned' THEN true
              ELSE p_exception.line IN (0, e.line) END
$$;

CREATE OR REPLACE FUNCTION payments.invoice_give_up(p_invoice payments.invoice, p_resolution text, p_note text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
BEGIN
  UPDATE payments.invoice_line SET state = 'rejected' WHERE council_id = p_invoice.council_id AND invoice_id = p_invoice.id AND state <> 'approved';
  UPDATE payments.invoice SET state = 'rejected' WHERE council_id = p_invoice.council_id AND id = p_invoice.id;
  PERFORM payments.mail_organisation(p_invoice.organisation_id,
    CASE p_resolution WHEN 'returned' THEN 'Please correct invoice ' ELSE 'We will not pay invoice ' END || p_invoice.number,
    CASE p_resolution WHEN 'returned' THEN 'Invoice ' || p_invoice.number || ' comes back to you: ' || p_note || E'\nPlease correct it and send it again; you may keep the number.'
         ELSE 'Invoice ' || p_invoice.number || ' is rejected: ' || p_note || E'\nIf you think this is wrong, please ring the finance team.' END);
  RETURN jsonb_build_object('outcome', 'rejected', 'ref', p_invoice.ref, 'resolution', p_resolution);
END $$;

-- After a decision: rejected lines drop out, disputed ones wait, and what is left is judged again.
CREATE OR REPLACE FUNCTION payments.invoice_go_on(p_invoice bigint, p_note text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_invoice payments.invoice;
  v_open    int;
  v_live    int;
BEGIN
  SELECT * INTO STRICT v_invoice FROM payments.invoice WHERE council_id = mc.council() AND id = p_invoice;
  SELECT count(*) INTO v_open FROM payments.exception WHERE council_id = mc.council() AND invoice_id = p_invoice AND state = 'open';
  IF v_open > 0 THEN
    RETURN jsonb_build_object('outcome', 'still_open', 'ref', v_invoice.ref, 'open', v_open);
  END IF;
  SELECT count(*) INTO v_live FROM payments.invoice_line WHERE council_id = mc.council() AND invoice_id = p_invoice AND state <> 'rejected';
  IF v_live = 0 THEN
    RETURN payments.invoice_give_up(v_invoice, 'rejected', p_note);
  END IF;
  RETURN payments.invoice_match(p_invoice);
END $$;

CREATE OR REPLACE FUNCTION payments.exception_decide(p_exception payments.exception, p_action text, p_note text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_invoice payments.invoice := (SELECT i FROM payments.invoice i WHERE i.council_id = p_exception.council_id AND i.id = p_exception.invoice_id);
  v_no      text := payments.exception_hindrance(p_exception);
BEGIN
  IF p_action = 'accept' AND v_no IS NOT NULL THEN
    RETURN jsonb_build_object('outcome', 'cannot_accept', 'ref', v_invoice.ref, 'sentence', v_no);
  ELSIF p_action = 'dispute' AND p_exception.line = 0 THEN
    RETURN jsonb_build_object('outcome', 'cannot_dispute', 'ref', v_invoice.ref, 'sentence', 'A dispute is about a line. This question is about the whole invoice.');
  END IF;
  UPDATE payments.invoice SET hands = hands + 1 WHERE council_id = v_invoice.council_id AND id = v_invoice.id;
  PERFORM mc.audit('exception_' || p_action, 'invoice', v_invoice.ref, NULL, jsonb_build_object('exception', p_exception.ref, 'line', p_exception.line, 'code', p_exception.code));
  PERFORM payments.exception_close(p_exception, CASE p_action WHEN 'accept' THEN 'accepted' WHEN 'reject' THEN 'rejected' WHEN 'return' THEN 'returned' ELSE 'disputed' END, p_note);
  IF p_action = 'return' OR (p_action = 'reject' AND p_exception.line = 0) THEN
    RETURN payments.invoice_give_up(v_invoice, CASE p_action WHEN 'return' THEN 'returned' ELSE 'rejected' END, p_note);
  END IF;
  UPDATE payments.invoice_line SET state = CASE p_action WHEN 'reject' THEN 'rejected' ELSE 'disputed' END
   WHERE council_id = v_invoice.council_id AND invoice_id = v_invoice.id AND line = p_exception.line AND p_action IN ('reject', 'dispute');
  RETURN payments.invoice_go_on(v_invoice.id, p_note);
END $$;

-- {"exception": ref, "action": "accept" | "reject" | "return" | "dispute", "note": why}
CREATE OR REPLACE FUNCTION payments.exception_resolve(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
  v_found payments.exception;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'exception_resolve', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  IF coalesce(p_request->>'action', '') NOT IN ('accept', 'reject', 'return', 'dispute') OR coalesce(btrim(p_request->>'note'), '') = '' THEN
    RAISE EXCEPTION 'Choose what to do and say why.' USING ERRCODE = 'MC422';
  END IF;
  SELECT e.* INTO v_found FROM payments.exception e
    JOIN payments.invoice i ON i.council_id = e.council_id AND i.id = e.invoice_id
   WHERE e.council_id = mc.council() AND e.ref = p_request->>'exception' FOR UPDATE OF i;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such question.' USING ERRCODE = 'MC404';
  END IF;
  SELECT * INTO v_found FROM payments.exception WHERE council_id = mc.council() AND id = v_found.id;
  PERFORM payments.must_not_work_for(i.organisation_id) FROM payments.invoice i WHERE i.council_id = mc.council() AND i.id = v_found.invoice_id;
  IF v_found.state <> 'open' THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'already_resolved', 'resolution', v_found.resolution));
  END IF;
  RETURN mc.idem_end(p_key, payments.exception_decide(v_found, p_request->>'action', p_request->>'note'));
END $$;

-- {"invoice": ref, "line": n, "action": "accept" | "reject", "note": why}
CREATE OR REPLACE FUNCTION payments.dispute_end(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior   jsonb;
  v_invoice payments.invoice;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'dispute_end', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  IF coalesce(p_request->>'action', '') NOT IN ('accept', 'reject') OR coalesce(btrim(p_request->>'note'), '') = '' THEN
    RAISE EXCEPTION 'Choose what to do and say why.' USING ERRCODE = 'MC422';
  END IF;
  SELECT * INTO v_invoice FROM payments.invoice WHERE council_id = mc.council() AND ref = p_request->>'invoice' FOR UPDATE;
  PERFORM payments.must_not_work_for(v_invoice.organisation_id);
  UPDATE payments.invoice_line SET state = CASE p_request->>'action' WHEN 'accept' THEN 'open' ELSE 'rejected' END
   WHERE council_id = mc.council() AND invoice_id = v_invoice.id AND line = (p_request->>'line')::int AND state = 'disputed';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'That line is not in dispute.' USING ERRCODE = 'MC404';
  END IF;
  UPDATE payments.invoice SET hands = hands + 1 WHERE council_id = mc.council() AND id = v_invoice.id;
  PERFORM mc.audit('dispute_' || (p_request->>'action'), 'invoice', v_invoice.ref, NULL, jsonb_build_object('line', p_request->'line'));
  IF p_request->>'action' = 'accept' THEN
    RETURN mc.idem_end(p_key, payments.invoice_go_on(v_invoice.id, p_request->>'note'));
  END IF;
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', payments.invoice_settle_state(v_invoice.id), 'ref', v_invoice.ref));
END $$;

-- Jobs: an exception may have answered itself since the last look (the provider recorded the visits, its bank details were checked, money came free).
-- Only then is it judged again, as every look is kept. No hand is counted.
CREATE OR REPLACE FUNCTION payments.invoices_try_again() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_id  bigint;
  v_n   int := 0;
BEGIN
  FOR v_id IN SELECT i.id FROM payments.invoice i
                CROSS JOIN LATERAL (SELECT max(c.at) AS at FROM payments.match_check c WHERE c.council_id = i.council_id AND c.invoice_id = i.id) seen
               WHERE i.council_id = mc.council() AND i.state = 'exception'
                 AND (EXISTS (SELECT FROM payments.invoice_line l JOIN payments.order_event e ON e.council_id = l.council_id AND e.order_id = l.order_id
                               WHERE l.council_id = i.council_id AND l.invoice_id = i.id AND e.at > seen.at)
                   OR EXISTS (SELECT FROM payments.provider_account a WHERE a.council_id = i.council_id AND a.organisation_id = i.organisation_id AND a.verified_at > seen.at)
                   OR EXISTS (SELECT FROM payments.invoice x WHERE x.council_id = i.council_id AND x.organisation_id = i.organisation_id
                                 AND x.kind = 'credit_note' AND x.approved_at > seen.at))
               ORDER BY i.id LIMIT 500 LOOP
    BEGIN
      IF payments.invoice_match(v_id)->>'outcome' IN ('approved', 'disputed') THEN
        v_n := v_n + 1;
      END IF;
    EXCEPTION WHEN SQLSTATE 'MC409' THEN
      RAISE WARNING 'invoice % still cannot be approved: %', v_id, SQLERRM; -- its questions stay open for a person
    END;
  END LOOP;
  RETURN v_n;
END $$;
