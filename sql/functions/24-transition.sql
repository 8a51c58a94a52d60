-- Where an order or a visit changes state: here, along payments.allowed_transition, one event and one audit row each.
-- Nothing else writes a state but payments.orders_write, where an order begins in the one that asking leads to.

CREATE OR REPLACE FUNCTION payments.next_state(p_kind text, p_ref text, p_state text, p_verb text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_to text;
BEGIN
  SELECT to_state INTO v_to FROM payments.allowed_transition WHERE kind = p_kind AND from_state = p_state AND verb = p_verb;
  IF NOT FOUND THEN
    PERFORM payments.refuse('state', jsonb_build_object('kind', p_kind, 'ref', p_ref, 'state', p_state));
  END IF;
  RETURN v_to;
END $$;

-- The event and the audit row of a step that an order has taken.
CREATE OR REPLACE FUNCTION payments.order_step(o payments.orders, p_verb text, p_from text, p_to text, p_reason text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO payments.order_event (council_id, order_id, verb, from_state, to_state, actor_id, role, person_id, mandate_id, reason)
  VALUES (mc.council(), o.id, p_verb, p_from, p_to, mc.account(), mc.role(), o.person_id, mc.mandate(), p_reason);
  PERFORM mc.audit_person(o.person_id, p_verb, 'order', o.ref, o.total);
END $$;

CREATE OR REPLACE FUNCTION payments.transition(o payments.orders, p_verb text, p_reason text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_to text := payments.next_state('order', o.ref, o.state, p_verb);
BEGIN
  UPDATE payments.orders SET state = v_to WHERE council_id = mc.council() AND id = o.id AND state = o.state;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'order % was not locked', o.ref;
  END IF;
  PERFORM payments.order_step(o, p_verb, o.state, v_to, p_reason);
  RETURN v_to;
END $$;

-- The same for a visit; what is due for it is settled in the same step. NULL amount: not known yet.
CREATE OR REPLACE FUNCTION payments.transition_visit(v payments.visit, p_verb text, p_amount bigint, p_reason text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_to text := payments.next_state('visit', v.ref, v.state, p_verb);
BEGIN
  UPDATE payments.visit SET state = v_to, amount = p_amount WHERE council_id = mc.council() AND id = v.id AND state = v.state;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'visit % was not locked', v.ref;
  END IF;
  INSERT INTO payments.order_event (council_id, order_id, visit_id, verb, from_state, to_state, actor_id, role, person_id, mandate_id, reason)
  VALUES (mc.council(), v.order_id, v.id, p_verb, v.state, v_to, mc.account(), mc.role(), v.person_id, mc.mandate(), p_reason);
  PERFORM mc.audit_person(v.person_id, p_verb, 'visit', v.ref, p_amount);
  RETURN v_to;
END $$;

-- An accepted order with nothing left to happen is finished: every visit is settled, or delivered and captured, and no absence may put one back.
CREATE OR REPLACE FUNCTION payments.order_finish_if_done(p_order bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  o payments.orders;
BEGIN
  SELECT * INTO o FROM payments.orders WHERE council_id = mc.council() AND id = p_order;
  IF o.state = 'accepted' AND NOT EXISTS (
       SELECT FROM payments.visit WHERE council_id = mc.council() AND order_id = p_order
          AND (state IN ('planned', 'queried') OR (state IN ('delivered', 'frustrated') AND invoice_ref IS NULL)))
     AND NOT EXISTS (
       SELECT FROM payments.visit v
         JOIN payments.absence_visit x ON x.council_id = v.council_id AND x.visit_id = v.id AND x.answer IS NULL
         JOIN payments.absence a ON a.council_id = x.council_id AND a.id = x.absence_id AND a.state = 'open'
        WHERE v.council_id = mc.council() AND v.order_id = p_order) THEN
    PERFORM payments.transition(o, 'order_finish');
  END IF;
END $$;
