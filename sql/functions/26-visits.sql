-- From the accepted order to the confirmed visit, and cancelling with each provider's notice rule. Money stays held until an invoice is approved.

-- The visit and its order, locked, for those who may act on it: its provider, or the person or a mandate holder (rights order or decide).
CREATE OR REPLACE FUNCTION payments.visit_lock(p_ref text) RETURNS payments.visit
LANGUAGE plpgsql AS $$
DECLARE
  v payments.visit;
BEGIN
  IF mc.role() IS DISTINCT FROM 'provider' THEN
    PERFORM payments.must_act_for(mc.person(), 'order', 'decide');
  END IF;
  PERFORM FROM payments.orders o WHERE o.council_id = mc.council()
     AND o.id = (SELECT order_id FROM payments.visit WHERE council_id = mc.council() AND ref = p_ref) FOR NO KEY UPDATE;
  SELECT * INTO v FROM payments.visit WHERE council_id = mc.council() AND ref = p_ref FOR NO KEY UPDATE;
  IF (CASE mc.role() WHEN 'provider' THEN v.organisation_id = mc.organisation() ELSE v.person_id = mc.person() END) IS NOT TRUE THEN
    PERFORM payments.not_found('visit');
  END IF;
  RETURN v;
END $$;

-- Gives back all that is held for visits that nothing is due for; one release a purse.
CREATE OR REPLACE FUNCTION payments.visits_release(p_order bigint, p_visits bigint[], p_words text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  v_total bigint;
BEGIN
  PERFORM payments.order_lock_accounts(p_order);
  PERFORM ledger.hold_release(ledger.key(p_words || ' ' || h.hold_id), h.hold_id, h.amount, (SELECT ref FROM payments.orders WHERE council_id = mc.council() AND id = p_order))
     FROM (SELECT vh.hold_id, sum(vh.amount)::bigint AS amount FROM payments.visit_hold vh
             JOIN payments.visit v ON v.council_id = vh.council_id AND v.id = vh.visit_id
            WHERE vh.council_id = mc.council() AND v.order_id = p_order AND v.id = ANY (p_visits) AND v.held > 0
            GROUP BY vh.hold_id ORDER BY vh.hold_id) AS h;
  SELECT coalesce(sum(held), 0)::bigint INTO v_total FROM payments.visit WHERE council_id = mc.council() AND order_id = p_order AND id = ANY (p_visits);
  UPDATE payments.visit SET held = 0 WHERE council_id = mc.council() AND order_id = p_order AND id = ANY (p_visits);
  RETURN v_total;
END $$;

-- ---------------------------------------------------------------- the provider says what happened

-- What is due for a visit that took this long. Time beyond what was agreed is recorded and not charged: more needs a new request.
CREATE OR REPLACE FUNCTION payments.visit_due(v payments.visit, p_verb text, p_minutes int) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_verb = 'visit_miss' THEN 0
              WHEN p_verb = 'visit_deliver' AND v.planned_minutes IS NOT NULL THEN least(payments.cost(t.unit, t.unit_price, least(p_minutes, v.planned_minutes)), v.price)
              ELSE v.price END
    FROM payments.order_line t WHERE t.council_id = v.council_id AND t.id = v.order_line_id
$$;

-- {"visit": ref, "outcome": delivered|frustrated|missed, "minutes"?, "note"?}
CREATE OR REPLACE FUNCTION payments.do_visit_deliver(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v         payments.visit;
  v_verb    text := CASE p_request ->> 'outcome' WHEN 'delivered' THEN 'visit_deliver' WHEN 'frustrated' THEN 'visit_frustrate' WHEN 'missed' THEN 'visit_miss' END;
  v_minutes int;
  v_due     bigint;
BEGIN
  PERFORM payments.must_be('provider');
  v := payments.visit_lock(p_request ->> 'visit');
  v_minutes := coalesce((p_request ->> 'minutes')::int, v.planned_minutes);
  IF v_verb IS NULL OR v_minutes NOT BETWEEN 1 AND 10080 THEN
    RAISE EXCEPTION 'Say whether the visit was delivered, and how many minutes it took.' USING ERRCODE = 'MC422';
  ELSIF NOT payments.visit_is_due(v.planned_on, v.starts_at) THEN
    PERFORM payments.refuse('too_early', jsonb_build_object('planned_on', v.planned_on));
  END IF;
  v_due := payments.visit_due(v, v_verb, v_minutes);
  UPDATE payments.visit SET actual_minutes = CASE WHEN v_verb = 'visit_deliver' THEN v_minutes ELSE 0 END, delivered_by = mc.account(), delivered_at = mc.now()
   WHERE council_id = mc.council() AND id = v.id;
  PERFORM payments.transition_visit(v, v_verb, v_due, p_request ->> 'note');
  IF v_verb = 'visit_miss' THEN
    PERFORM payments.visits_release(v.order_id, ARRAY[v.id], 'visit_miss ' || v.ref);
    PERFORM payments.order_finish_if_done(v.order_id);
  END IF;
  PERFORM payments.tell(jsonb_build_object('to_person', v.person_id), 'Did your visit happen?',
    format(E'The provider says that the visit on %s was %s. If that is not right, say so on the page of the visit.', to_char(v.planned_on, 'FMDD FMMonth'), p_request ->> 'outcome'));
  RETURN jsonb_build_object('outcome', p_request ->> 'outcome', 'ref', v.ref, 'amount', v_due, 'minutes', v_minutes);
END $$;

-- ---------------------------------------------------------------- the person answers

-- {"visit": ref}
CREATE OR REPLACE FUNCTION payments.do_visit_confirm(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v payments.visit;
BEGIN
  PERFORM payments.must_be('holder', 'self_funder', 'supporter', 'broker');
  v := payments.visit_lock(p_request ->> 'visit');
  IF identity.works_for(v.organisation_id) THEN
    PERFORM payments.refuse('related_party', jsonb_build_object('next_step', 'Ask the person, or somebody else who helps them, to say whether the visit came.'));
  END IF;
  PERFORM payments.transition_visit(v, 'visit_confirm', v.amount);
  PERFORM payments.order_finish_if_done(v.order_id);
  RETURN jsonb_build_object('outcome', 'confirmed', 'ref', v.ref, 'amount', v.amount);
END $$;

-- {"visit": ref, "reason"}
CREATE OR REPLACE FUNCTION payments.do_visit_query(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v        payments.visit;
  v_reason text := nullif(trim(p_request ->> 'reason'), '');
BEGIN
  PERFORM payments.must_be('holder', 'self_funder', 'supporter', 'broker');
  v := payments.visit_lock(p_request ->> 'visit');
  IF v_reason IS NULL OR length(v_reason) > 500 THEN
    RAISE EXCEPTION 'Say in a few words what was not right.' USING ERRCODE = 'MC422';
  END IF;
  PERFORM payments.transition_visit(v, 'visit_query', v.amount, v_reason);
  UPDATE payments.visit SET query_reason = v_reason WHERE council_id = mc.council() AND id = v.id;
  PERFORM payments.tell(jsonb_build_object('to_organisation', v.organisation_id), 'A question about a visit',
    format(E'Somebody says that the visit %s on %s was not as recorded: %s\nPlease look at it and record it again.', v.ref, to_char(v.planned_on, 'FMDD FMMonth'), v_reason));
  RETURN jsonb_build_object('outcome', 'queried', 'ref', v.ref);
END $$;

-- ---------------------------------------------------------------- cancelling

-- What is still due when a visit is cancelled now: nothing with enough notice, when the provider cancels, or when it was paused before; else its price. A visit
-- without a time starts at midnight.
CREATE OR REPLACE FUNCTION payments.cancel_due(v payments.visit) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN mc.role() = 'provider' OR v.state = 'paused' OR (v.planned_on + coalesce(v.starts_at, '00:00')) AT TIME ZONE 'Europe/London' >= mc.now() + make_interval(hours => t.notice_hours)
              THEN 0 ELSE v.price END
    FROM payments.order_line t WHERE t.council_id = v.council_id AND t.id = v.order_line_id
$$;

-- Cancels visits that have not happened; those that nothing is due for take the step p_free (visit_cancel, or visit_pause) and give their money back. Returns
-- pence given back and pence still due.
CREATE OR REPLACE FUNCTION payments.visits_cancel(p_order bigint, p_visits payments.visit[], p_reason text, p_words text, p_free text, OUT released bigint, OUT still_due bigint)
LANGUAGE plpgsql AS $$
DECLARE
  v      payments.visit;
  v_due  bigint;
  v_free bigint[] := '{}';
BEGIN
  still_due := 0;
  FOREACH v IN ARRAY p_visits LOOP
    v_due := payments.cancel_due(v);
    PERFORM payments.transition_visit(v, CASE v_due WHEN 0 THEN p_free ELSE 'visit_cancel' END, v_due, p_reason);
    still_due := still_due + v_due;
    IF v_due = 0 THEN
      v_free := v_free || v.id;
    END IF;
  END LOOP;
  released := payments.visits_release(p_order, v_free, p_words);
END $$;

-- {"visit": ref, "reason"?}: by the person, a mandate holder, or the provider (then nothing is due).
CREATE OR REPLACE FUNCTION payments.do_visit_cancel(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v payments.visit;
  c record;
BEGIN
  PERFORM payments.must_be('holder', 'self_funder', 'supporter', 'broker', 'provider');
  v := payments.visit_lock(p_request ->> 'visit');
  SELECT * INTO c FROM payments.visits_cancel(v.order_id, ARRAY[v], p_request ->> 'reason', 'visit_cancel ' || v.ref, 'visit_cancel');
  PERFORM payments.order_finish_if_done(v.order_id);
  PERFORM payments.tell(CASE mc.role() WHEN 'provider' THEN jsonb_build_object('to_person', v.person_id) ELSE jsonb_build_object('to_organisation', v.organisation_id) END,
    'A visit was cancelled', format(E'The visit %s on %s was cancelled. %s', v.ref, to_char(v.planned_on, 'FMDD FMMonth'),
      CASE c.still_due WHEN 0 THEN 'Nothing is due for it.' ELSE payments.pounds(c.still_due) || ' is due, because the notice was shorter than agreed.' END));
  RETURN jsonb_build_object('outcome', 'cancelled', 'ref', v.ref, 'released', c.released, 'still_due', c.still_due);
END $$;

-- {"order": ref, "reason"?}: everything that has not happened yet is cancelled; visits already delivered are still paid.
CREATE OR REPLACE FUNCTION payments.do_order_cancel(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  o payments.orders;
  c record;
BEGIN
  PERFORM payments.must_be('holder', 'self_funder', 'supporter', 'broker');
  PERFORM payments.must_act_for(mc.person(), 'order', 'decide');
  SELECT * INTO o FROM payments.orders WHERE council_id = mc.council() AND ref = p_request ->> 'order' AND person_id = mc.person() FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM payments.not_found('order');
  END IF;
  -- A provider answers a pool as it was asked: nobody leaves between the two.
  IF o.state = 'asked' AND EXISTS (SELECT FROM payments.pool_member WHERE council_id = mc.council() AND order_id = o.id) THEN
    PERFORM payments.refuse('state', jsonb_build_object('kind', 'order', 'ref', o.ref, 'state', o.state));
  END IF;
  PERFORM payments.transition(o, 'order_cancel', p_request ->> 'reason');
  IF o.state = 'asked' THEN
    PERFORM payments.order_release(o);
    SELECT o.total AS released, 0::bigint AS still_due INTO c;
  ELSE
    SELECT * INTO c FROM payments.visits_cancel(o.id, ARRAY(SELECT v FROM payments.visit AS v WHERE council_id = mc.council() AND order_id = o.id
                                                              AND state IN ('planned', 'paused') ORDER BY planned_on FOR NO KEY UPDATE),
                                                p_request ->> 'reason', 'order_cancel ' || o.ref, 'visit_cancel');
  END IF;
  PERFORM payments.tell(jsonb_build_object('to_organisation', o.organisation_id), 'An order was cancelled',
    format(E'Order %s was cancelled. Please do not make any more visits for it. %s is due for visits cancelled at short notice.', o.ref, payments.pounds(c.still_due)));
  RETURN jsonb_build_object('outcome', 'cancelled', 'ref', o.ref, 'released', c.released, 'still_due', c.still_due);
END $$;

CREATE OR REPLACE FUNCTION payments.visit_deliver(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'visit_deliver', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.visit_confirm(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'visit_confirm', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.visit_query(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'visit_query', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.visit_cancel(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'visit_cancel', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.order_cancel(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'order_cancel', p_request); END $$;
