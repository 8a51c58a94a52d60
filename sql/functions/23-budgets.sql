-- Allocating, freezing and handing over individual budgets. A sum is never edited: money given is one allocation and one journal.

CREATE OR REPLACE FUNCTION payments.person_of(p_ref text) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_id bigint;
BEGIN
  SELECT id INTO v_id FROM identity.person WHERE council_id = mc.council() AND ref = p_ref;
  IF NOT FOUND THEN
    PERFORM payments.not_found('person');
  END IF;
  RETURN v_id;
END $$;

-- Whether council money may pay for this person's orders today: decides whether agreed prices may be shown to them.
CREATE OR REPLACE FUNCTION payments.person_has_council_funding(p_person bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM payments.budget b JOIN payments.funding_line l ON l.council_id = b.council_id AND l.budget_id = b.id
                  WHERE b.council_id = mc.council() AND b.person_id = p_person AND b.state <> 'ended' AND l.council_funded
                    AND ledger.today() BETWEEN l.starts_on AND l.ends_on)
$$;

-- Officers allocate anything; people add their own money to their own budget.
CREATE OR REPLACE FUNCTION payments.must_allocate(p_person bigint, p_lines jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF mc.role() IN ('commissioner', 'finance') THEN
    PERFORM payments.must_not_be_about_oneself(p_person);
    RETURN;
  END IF;
  PERFORM payments.must_be('holder', 'self_funder');
  PERFORM payments.must_act_for(p_person, 'pay');
  IF EXISTS (SELECT FROM jsonb_array_elements(p_lines) AS l WHERE l ->> 'kind' IS DISTINCT FROM 'own_money') THEN
    RAISE EXCEPTION 'You can add your own money only. The council allocates the rest.' USING ERRCODE = 'MC403';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION payments.budget_open(p_person bigint, p_request jsonb) RETURNS payments.budget
LANGUAGE plpgsql AS $$
DECLARE
  b payments.budget;
BEGIN
  IF p_request ? 'budget' THEN
    SELECT * INTO b FROM payments.budget WHERE council_id = mc.council() AND ref = p_request ->> 'budget' AND person_id = p_person FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      PERFORM payments.not_found('budget');
    END IF;
  ELSE
    INSERT INTO payments.budget (council_id, ref, person_id, starts_on, ends_on)
    VALUES (mc.council(), mc.new_ref(), p_person, (p_request ->> 'starts_on')::date, (p_request ->> 'ends_on')::date) RETURNING * INTO b;
  END IF;
  RETURN b;
END $$;

CREATE OR REPLACE FUNCTION payments.funding_line_open(b payments.budget, p_line jsonb) RETURNS payments.funding_line
LANGUAGE plpgsql AS $$
DECLARE
  l payments.funding_line;
BEGIN
  IF p_line ? 'line' THEN
    SELECT * INTO l FROM payments.funding_line WHERE council_id = mc.council() AND budget_id = b.id AND ref = p_line ->> 'line' AND kind = p_line ->> 'kind';
    IF NOT FOUND THEN
      PERFORM payments.not_found('funding line');
    END IF;
  ELSE
    INSERT INTO payments.funding_line (council_id, ref, budget_id, funder, kind, council_funded, starts_on, ends_on, use_order, succeeds_id)
    VALUES (mc.council(), mc.new_ref(), b.id, p_line ->> 'funder', p_line ->> 'kind',
            coalesce((p_line ->> 'council_funded')::boolean, p_line ->> 'kind' IN ('social_care', 'education', 'housing')),
            coalesce((p_line ->> 'starts_on')::date, b.starts_on), coalesce((p_line ->> 'ends_on')::date, b.ends_on),
            coalesce((p_line ->> 'use_order')::int, 1),
            (SELECT id FROM payments.funding_line WHERE council_id = mc.council() AND budget_id = b.id AND ref = p_line ->> 'succeeds'))
    RETURNING * INTO l;
  END IF;
  RETURN l;
END $$;

CREATE OR REPLACE FUNCTION payments.portion_open(b payments.budget, l payments.funding_line, p_portion jsonb) RETURNS payments.portion
LANGUAGE plpgsql AS $$
DECLARE
  p     payments.portion;
  v_ref text := mc.new_ref();
BEGIN
  IF p_portion ? 'portion' THEN
    SELECT * INTO p FROM payments.portion WHERE council_id = mc.council() AND funding_line_id = l.id AND ref = p_portion ->> 'portion';
    IF NOT FOUND THEN
      PERFORM payments.not_found('portion');
    END IF;
    RETURN p;
  END IF;
  INSERT INTO payments.portion (council_id, ref, funding_line_id, ledger_account_id)
  VALUES (mc.council(), v_ref, l.id, ledger.account_open('budget', v_ref, b.person_id)) RETURNING * INTO p;
  UPDATE ledger.account SET frozen = (b.state <> 'active') WHERE council_id = mc.council() AND id = p.ledger_account_id;
  INSERT INTO payments.portion_route (council_id, portion_id, starts_on, route, holder_account_id, holder_organisation_id)
  VALUES (mc.council(), p.id, l.starts_on, p_portion ->> 'route', (p_portion ->> 'holder_account')::bigint,
          (SELECT id FROM identity.organisation WHERE ref = p_portion ->> 'holder_organisation'));
  RETURN p;
END $$;

-- Moves pence from the funder into a portion (or back, below zero) and notes why. Returns the ledger's answer.
CREATE OR REPLACE FUNCTION payments.portion_fund(l payments.funding_line, p payments.portion, p_person bigint, p_amount bigint, p_reason text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_from   bigint := CASE l.kind WHEN 'own_money' THEN ledger.account_open('contribution_receivable', p.ref, p_person) ELSE ledger.account_open('fund', l.funder) END;
  v_posted jsonb;
BEGIN
  v_posted := ledger.post(gen_random_uuid(), 'allocation', jsonb_build_array(
    jsonb_build_object('account', v_from, 'amount', -p_amount), jsonb_build_object('account', p.ledger_account_id, 'amount', p_amount)), p.ref, p_reason);
  IF v_posted ->> 'outcome' = 'posted' THEN
    INSERT INTO payments.allocation (council_id, portion_id, amount, reason, journal_id)
    VALUES (mc.council(), p.id, p_amount, p_reason, (v_posted ->> 'journal')::bigint);
    PERFORM mc.audit_person(p_person, 'budget_allocate', 'portion', p.ref, p_amount, jsonb_build_object('journal', v_posted -> 'journal'));
  END IF;
  RETURN v_posted;
END $$;

-- {"person": ref, "budget": ref?, "starts_on", "ends_on", "reason"?, "lines": [{"line": ref?, "funder", "kind", "council_funded"?, "starts_on"?,
--   "ends_on"?, "use_order"?, "succeeds": ref?, "portions": [{"portion": ref?, "route", "holder_account"?, "holder_organisation": ref?, "amount"}]}]}
CREATE OR REPLACE FUNCTION payments.do_budget_allocate(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_person bigint := payments.person_of(p_request ->> 'person');
  b        payments.budget;
  l        payments.funding_line;
  p        payments.portion;
  v_line   jsonb;
  v_part   jsonb;
  v_amount bigint;
  v_total  bigint := 0;
BEGIN
  PERFORM payments.must_allocate(v_person, p_request -> 'lines');
  IF (p_request ->> 'ends_on')::date < ledger.today() THEN
    PERFORM payments.refuse('over', jsonb_build_object('next_step', 'Choose a last day that is today or later.'));
  END IF;
  IF (p_request ->> 'starts_on')::date NOT BETWEEN ledger.today() - interval '2 years' AND ledger.today() + interval '2 years' THEN
    PERFORM payments.refuse('far', jsonb_build_object('next_step', 'Choose a first day within two years from today.'));
  ELSIF (p_request ->> 'ends_on')::date >= (p_request ->> 'starts_on')::date + interval '5 years' THEN
    PERFORM payments.refuse('too_long', jsonb_build_object('next_step', 'Give a budget for five years at most. It can be given again.'));
  END IF;
  b := payments.budget_open(v_person, p_request);
  FOR v_line IN SELECT * FROM jsonb_array_elements(p_request -> 'lines') LOOP
    l := payments.funding_line_open(b, v_line);
    FOR v_part IN SELECT * FROM jsonb_array_elements(v_line -> 'portions') LOOP
      v_amount := (v_part ->> 'amount')::bigint;
      IF v_amount IS NULL OR v_amount <= 0 THEN
        RAISE EXCEPTION 'Enter an amount above nothing.' USING ERRCODE = 'MC422';
      END IF;
      p := payments.portion_open(b, l, v_part);
      PERFORM payments.portion_fund(l, p, v_person, v_amount, p_request ->> 'reason');
      v_total := v_total + v_amount;
    END LOOP;
  END LOOP;
  RETURN jsonb_build_object('outcome', 'allocated', 'budget', b.ref, 'total', v_total);
END $$;

-- {"portion": ref, "amount", "reason"}: what is free may be taken back, never what is held or spent.
CREATE OR REPLACE FUNCTION payments.do_allocation_take_back(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  p        payments.portion;
  l        payments.funding_line;
  v_person bigint;
  v_amount bigint := (p_request ->> 'amount')::bigint;
  v_posted jsonb;
BEGIN
  PERFORM payments.must_be('commissioner', 'finance');
  SELECT * INTO p FROM payments.portion WHERE council_id = mc.council() AND ref = p_request ->> 'portion';
  IF NOT FOUND THEN
    PERFORM payments.not_found('portion');
  ELSIF v_amount IS NULL OR v_amount <= 0 OR coalesce(p_request ->> 'reason', '') = '' THEN
    RAISE EXCEPTION 'Enter an amount above nothing, and the reason that the person will read.' USING ERRCODE = 'MC422';
  END IF;
  SELECT * INTO l FROM payments.funding_line WHERE council_id = mc.council() AND id = p.funding_line_id;
  SELECT person_id INTO v_person FROM payments.budget WHERE council_id = mc.council() AND id = l.budget_id;
  v_posted := payments.portion_fund(l, p, v_person, -v_amount, p_request ->> 'reason');
  IF v_posted ->> 'outcome' = 'short' THEN
    PERFORM payments.refuse('short', v_posted - 'outcome' - 'account');
  END IF;
  PERFORM payments.tell(jsonb_build_object('to_person', v_person), 'Your budget was changed',
    payments.pounds(v_amount) || ' was taken back from your budget. The reason given: ' || (p_request ->> 'reason'));
  RETURN jsonb_build_object('outcome', 'taken_back', 'amount', v_amount);
END $$;

-- {"budget": ref, "freeze": bool, "reason"}: freezing blocks new holds at once; what is owed is still paid.
CREATE OR REPLACE FUNCTION payments.do_budget_freeze(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  b          payments.budget;
  v_freeze   boolean := (p_request ->> 'freeze')::boolean;
  v_state    text := CASE WHEN v_freeze THEN 'frozen' ELSE 'active' END;
  v_accounts bigint[];
BEGIN
  PERFORM payments.must_be('commissioner', 'finance', 'safeguarding');
  SELECT * INTO b FROM payments.budget WHERE council_id = mc.council() AND ref = p_request ->> 'budget' FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM payments.not_found('budget');
  ELSIF b.state = 'ended' THEN
    PERFORM payments.refuse('state', jsonb_build_object('state', b.state));
  ELSIF v_freeze IS NULL OR coalesce(p_request ->> 'reason', '') = '' THEN
    RAISE EXCEPTION 'Say whether to freeze, and why.' USING ERRCODE = 'MC422';
  END IF;
  IF NOT v_freeze THEN
    PERFORM payments.must_not_be_about_oneself(b.person_id);
  END IF;
  SELECT array_agg(p.ledger_account_id) INTO v_accounts FROM payments.portion p
    JOIN payments.funding_line l ON l.council_id = p.council_id AND l.id = p.funding_line_id
   WHERE p.council_id = mc.council() AND l.budget_id = b.id;
  PERFORM ledger.lock_accounts(v_accounts);
  UPDATE ledger.account SET frozen = v_freeze WHERE council_id = mc.council() AND id = ANY (v_accounts);
  UPDATE payments.budget SET state = v_state, state_reason = p_request ->> 'reason' WHERE council_id = mc.council() AND id = b.id;
  PERFORM mc.audit_person(b.person_id, CASE WHEN v_freeze THEN 'budget_freeze' ELSE 'budget_thaw' END, 'budget', b.ref);
  RETURN jsonb_build_object('outcome', v_state, 'budget', b.ref);
END $$;

-- {"portion": ref, "route", "holder_account"?, "holder_organisation": ref?}: from today; the money and its history stay where they are.
CREATE OR REPLACE FUNCTION payments.do_portion_route_change(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_portion bigint;
BEGIN
  PERFORM payments.must_be('commissioner', 'finance');
  PERFORM payments.must_not_be_about_oneself(b.person_id) FROM payments.portion p
     JOIN payments.funding_line l ON l.council_id = p.council_id AND l.id = p.funding_line_id
     JOIN payments.budget b ON b.council_id = l.council_id AND b.id = l.budget_id
    WHERE p.council_id = mc.council() AND p.ref = p_request ->> 'portion';
  SELECT id INTO v_portion FROM payments.portion WHERE council_id = mc.council() AND ref = p_request ->> 'portion' FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM payments.not_found('portion');
  ELSIF EXISTS (SELECT FROM payments.portion_route WHERE council_id = mc.council() AND portion_id = v_portion AND starts_on >= ledger.today()) THEN
    PERFORM payments.refuse('changed_today', jsonb_build_object('next_step', 'The way this is held already changes today. Change it again tomorrow.'));
  END IF;
  UPDATE payments.portion_route SET ends_on = ledger.today() - 1 WHERE council_id = mc.council() AND portion_id = v_portion AND ends_on IS NULL;
  INSERT INTO payments.portion_route (council_id, portion_id, starts_on, route, holder_account_id, holder_organisation_id)
  VALUES (mc.council(), v_portion, ledger.today(), p_request ->> 'route', (p_request ->> 'holder_account')::bigint,
          (SELECT id FROM identity.organisation WHERE ref = p_request ->> 'holder_organisation'));
  PERFORM mc.audit('portion_route_change', 'portion', p_request ->> 'portion', NULL, jsonb_build_object('route', p_request ->> 'route'));
  RETURN jsonb_build_object('outcome', 'changed', 'portion', p_request ->> 'portion');
END $$;

CREATE OR REPLACE FUNCTION payments.budget_allocate(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'budget_allocate', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.allocation_take_back(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'allocation_take_back', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.budget_freeze(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'budget_freeze', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.portion_route_change(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'portion_route_change', p_request); END $$;
