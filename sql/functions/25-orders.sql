-- Asking for a service, and the provider's answer. The terms are frozen into the order line; the money is held before anybody is told.

-- Pence for a quantity: minutes where the unit is an hour (half a penny rounds up), else whole units.
CREATE OR REPLACE FUNCTION payments.cost(p_unit text, p_price bigint, p_quantity int) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE p_unit WHEN 'hour' THEN (p_price * p_quantity + 30) / 60 ELSE p_price * p_quantity END;
END $$;

-- The days of a recurrence, first to last.
CREATE OR REPLACE FUNCTION payments.occurrences(p_recurrence text, p_weekdays int[], p_starts_on date, p_weeks int) RETURNS date[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF p_recurrence = 'once' THEN
    RETURN ARRAY[p_starts_on];
  END IF;
  RETURN ARRAY(SELECT p_starts_on + n FROM generate_series(0, p_weeks * 7 - 1) AS n
                WHERE extract(isodow FROM p_starts_on + n)::int = ANY (p_weekdays) AND (p_recurrence = 'weekly' OR n / 7 % 2 = 0) ORDER BY n);
END $$;

-- Which purse pays for which visit. The rule, for everybody to redo by hand: the earliest visit first; for each visit the purses whose dates cover it,
-- in their order of use; each gives what it can, the last one the remainder. Stops at the first visit that cannot be paid in full.
CREATE OR REPLACE FUNCTION payments.split(p_dates date[], p_each bigint, p_purses payments.purse[])
RETURNS TABLE (visit_no int, purse int, amount bigint) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_left bigint;
BEGIN
  FOR v IN 1 .. cardinality(p_dates) LOOP
    v_left := p_each;
    FOR p IN 1 .. cardinality(p_purses) LOOP
      IF v_left > 0 AND p_purses[p].free > 0 AND p_dates[v] BETWEEN p_purses[p].starts_on AND p_purses[p].ends_on THEN
        visit_no := v;
        purse    := p;
        amount   := least(v_left, p_purses[p].free);
        p_purses[p].free := p_purses[p].free - amount;
        v_left   := v_left - amount;
        RETURN NEXT;
      END IF;
    END LOOP;
    EXIT WHEN v_left > 0;
  END LOOP;
END $$;

-- ---------------------------------------------------------------- the terms

CREATE OR REPLACE FUNCTION payments.order_dates(p_request jsonb, INOUT t payments.order_line) LANGUAGE plpgsql AS $$
DECLARE
  v_dates date[];
BEGIN
  t.weekdays   := '{}';
  IF p_request ? 'weekdays' THEN
    t.weekdays := ARRAY(SELECT DISTINCT d::int FROM jsonb_array_elements_text(p_request -> 'weekdays') AS d ORDER BY 1);
  END IF;
  t.recurrence := coalesce(p_request ->> 'every', CASE WHEN t.weekdays = '{}' THEN 'once' ELSE 'weekly' END);
  t.starts_on  := (p_request ->> 'starts_on')::date;
  t.starts_at  := (p_request ->> 'starts_at')::time;
  t.weeks      := CASE t.recurrence WHEN 'once' THEN 1 ELSE coalesce((p_request ->> 'weeks')::int, 1) END;
  IF t.starts_on IS NULL OR t.starts_on NOT BETWEEN ledger.today() AND ledger.today() + 366 OR t.weeks NOT BETWEEN 1 AND 53 THEN
    PERFORM payments.refuse('bad_dates', jsonb_build_object('next_step', 'Choose a first day from today to a year from now, and up to 53 weeks.'));
  END IF;
  v_dates := payments.occurrences(t.recurrence, t.weekdays, t.starts_on, t.weeks);
  IF cardinality(v_dates) = 0 THEN
    PERFORM payments.refuse('bad_dates', jsonb_build_object('next_step', 'No visit falls on the weekdays you chose. Choose at least one weekday.'));
  END IF;
  t.occurrences := cardinality(v_dates);
END $$;

-- Public money is for an agreed outcome; own money needs none.
CREATE OR REPLACE FUNCTION payments.order_outcome(p_person bigint, p_ref text) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_id bigint;
BEGIN
  SELECT id INTO v_id FROM payments.outcome
   WHERE council_id = mc.council() AND person_id = p_person AND ref = p_ref AND (ended_on IS NULL OR ended_on >= ledger.today());
  IF p_ref IS NOT NULL AND v_id IS NULL THEN
    PERFORM payments.refuse('no_outcome', jsonb_build_object('next_step', 'Choose one of the outcomes in the plan, or ask the council to agree a new one.'));
  END IF;
  RETURN v_id;
END $$;

-- The listing at the council's price (p_agreed) or the public one, written into the line.
CREATE OR REPLACE FUNCTION payments.order_price(p_request jsonb, p_agreed boolean, INOUT t payments.order_line, OUT organisation bigint)
LANGUAGE plpgsql AS $$
DECLARE
  f record;
BEGIN
  SELECT * INTO f FROM catalogue.price_for(p_request ->> 'listing', CASE WHEN p_agreed THEN mc.council() END, t.starts_on);
  IF NOT FOUND OR f.price IS NULL OR f.price = 0 THEN
    PERFORM payments.refuse('no_listing', jsonb_build_object('next_step', 'This service cannot be asked for here now. Look for a similar one, or ask a person.'));
  END IF;
  t.listing_ref := p_request ->> 'listing';
  t.quantity    := coalesce((p_request ->> CASE f.unit WHEN 'hour' THEN 'minutes' ELSE 'quantity' END)::int, CASE f.unit WHEN 'hour' THEN 60 ELSE 1 END);
  IF t.quantity NOT BETWEEN 1 AND 10080 THEN
    RAISE EXCEPTION 'Enter how long or how many.' USING ERRCODE = 'MC422';
  ELSIF f.unit = 'hour' AND t.quantity < f.minimum_minutes THEN
    PERFORM payments.refuse('too_short', jsonb_build_object('minimum_minutes', f.minimum_minutes));
  ELSIF identity.works_for(f.organisation_id) THEN
    PERFORM payments.refuse('related_party', jsonb_build_object('next_step', 'Ask the person or the council to order this.'));
  END IF;
  t.listing_id   := f.listing_id;
  t.title        := f.title;
  t.unit         := f.unit;
  t.unit_price   := f.price;
  t.price_source := f.source;
  t.notice_hours := f.notice_hours;
  t.visit_price  := payments.cost(f.unit, f.price, t.quantity);
  organisation   := f.organisation_id;
END $$;

-- ---------------------------------------------------------------- the money

-- The person's purses in their order of use.
CREATE OR REPLACE FUNCTION payments.purses_of(p_person bigint) RETURNS payments.purse[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN ARRAY(SELECT ROW(portion_id, ledger_account_id, budget_ref, kind, council_funded, starts_on, ends_on, free, frozen)::payments.purse FROM payments.budget_position
                WHERE council_id = mc.council() AND person_id = p_person AND budget_state <> 'ended' ORDER BY use_order, funding_line_id, portion_id);
END $$;

-- The same as they are after their accounts are locked.
CREATE OR REPLACE FUNCTION payments.purses_lock(p_person bigint) RETURNS payments.purse[]
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger.lock_person(p_person);
  RETURN payments.purses_of(p_person);
END $$;

-- By when a provider that is asked at that moment has to answer.
CREATE OR REPLACE FUNCTION payments.answer_by(p_asked timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN p_asked + make_interval(hours => (SELECT coalesce((settings ->> 'answer_hours')::int, 48) FROM identity.council WHERE id = mc.council()));
END $$;

-- Refuses with what a person needs to decide again: what it costs, what is free, what is missing, how many weeks would fit. Nothing is missing on a day that no
-- budget is for (p_free NULL): then more money would not help.
CREATE OR REPLACE FUNCTION payments.refuse_short(t payments.order_line, p_dates date[], p_paid_visits int, p_free bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_total bigint := t.visit_price * t.occurrences;
  v_weeks int := (p_dates[p_paid_visits + 1] - t.starts_on) / 7;
  v_fewer text := CASE WHEN v_weeks > 0 THEN format('Ask for %s %s instead', v_weeks, CASE v_weeks WHEN 1 THEN 'week' ELSE 'weeks' END)
                       WHEN p_paid_visits > 0 THEN 'Ask for fewer visits' END;
BEGIN
  IF p_free IS NULL THEN
    PERFORM payments.refuse('no_budget', jsonb_build_object('total', v_total, 'fits_visits', p_paid_visits, 'fits_weeks', v_weeks,
      'next_step', format('%s: there is no budget for %s. Or ask the council about one.', coalesce(v_fewer, 'Choose other days'),
                          to_char(p_dates[p_paid_visits + 1], 'FMDD FMMonth YYYY'))));
  END IF;
  PERFORM payments.refuse('short', jsonb_build_object('total', v_total, 'free', p_free, 'short_by', greatest(v_total - p_free, 0),
    'fits_visits', p_paid_visits, 'fits_weeks', v_weeks,
    'next_step', coalesce(v_fewer, 'Ask for shorter visits, look for a lower price') || ', or ask the council about more money.'));
END $$;

-- What each purse pays of visits at that price, how many they pay in full, and whether a purse that the council funds, or any public one, is among them.
CREATE OR REPLACE FUNCTION payments.purses_pay(p_dates date[], p_each bigint, p_purses payments.purse[],
                                               OUT amounts bigint[], OUT visits int, OUT is_council boolean, OUT is_public boolean)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_part record;
  v_sum  bigint := 0;
BEGIN
  amounts := array_fill(0::bigint, ARRAY[cardinality(p_purses)]);
  is_council := false;
  is_public := false;
  FOR v_part IN SELECT * FROM payments.split(p_dates, p_each, p_purses) LOOP
    amounts[v_part.purse] := amounts[v_part.purse] + v_part.amount;
    v_sum := v_sum + v_part.amount;
    is_council := is_council OR p_purses[v_part.purse].council_funded;
    is_public := is_public OR p_purses[v_part.purse].kind <> 'own_money';
  END LOOP;
  visits := v_sum / greatest(p_each, 1);
END $$;

-- Refuses what the purses do not pay in full, and public money without an outcome.
CREATE OR REPLACE FUNCTION payments.must_be_paid(t payments.order_line, p_dates date[], p_purses payments.purse[], p_visits int, p_is_public boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_visits < t.occurrences THEN
    PERFORM payments.refuse_short(t, p_dates, p_visits,
      (SELECT sum(free)::bigint FROM unnest(p_purses) WHERE p_dates[p_visits + 1] BETWEEN starts_on AND ends_on));
  ELSIF t.outcome_id IS NULL AND p_is_public THEN
    PERFORM payments.refuse('no_outcome', jsonb_build_object('next_step', 'Choose the outcome in the plan that this is for.'));
  END IF;
END $$;

-- What each purse pays of the order, with the terms at the price that the purses allow: the council's agreed price is used only if a purse that the council
-- funds pays for part of the order.
CREATE OR REPLACE FUNCTION payments.order_funding(p_request jsonb, p_dates date[], p_purses payments.purse[], INOUT t payments.order_line,
                                                  OUT organisation bigint, OUT amounts bigint[])
LANGUAGE plpgsql AS $$
DECLARE
  v_agreed boolean := true;
  v_priced record;
  v_paid   record;
BEGIN
  LOOP
    v_priced := payments.order_price(p_request, v_agreed, t);
    t := v_priced.t;
    organisation := v_priced.organisation;
    v_paid := payments.purses_pay(p_dates, t.visit_price, p_purses);
    EXIT WHEN t.price_source = 'public' OR v_paid.is_council;
    v_agreed := false;
  END LOOP;
  PERFORM payments.must_be_paid(t, p_dates, p_purses, v_paid.visits, v_paid.is_public);
  amounts := v_paid.amounts;
END $$;

-- What each purse that pays promises, until 90 days after the last visit, and which hold of the order that becomes.
CREATE OR REPLACE FUNCTION payments.order_promise(o payments.orders, p_purses payments.purse[], p_amounts bigint[], p_last date,
                                                  OUT promises ledger.promise[], OUT holds payments.order_hold[])
LANGUAGE plpgsql AS $$
DECLARE
  p      payments.purse;
  v_hold bigint;
BEGIN
  FOR n IN 1 .. cardinality(p_amounts) LOOP
    CONTINUE WHEN p_amounts[n] = 0;
    p := p_purses[n];
    IF p.frozen THEN
      PERFORM payments.refuse('frozen', jsonb_build_object('budget', p.budget_ref, 'next_step', 'Talk to the council: this budget cannot be used now.'));
    END IF;
    v_hold := nextval('ledger.hold_id_seq');
    promises := promises || ROW(v_hold, p.ledger_account_id, p_amounts[n], p_last + 90, o.ref, o.ordered_by, ledger.key('order ' || o.ref || ' ' || n))::ledger.promise;
    holds := holds || ROW(o.council_id, o.id, p.portion_id, v_hold, n, p_amounts[n])::payments.order_hold;
  END LOOP;
END $$;

-- ---------------------------------------------------------------- asking

-- Somebody's broker never acts silently: the person is told of every order made for them.
CREATE OR REPLACE FUNCTION payments.order_letters(o payments.orders, t payments.order_line) RETURNS jsonb[]
LANGUAGE plpgsql AS $$
DECLARE
  v_by text := 'by you';
BEGIN
  IF o.mandate_id IS NOT NULL THEN
    v_by := 'on your behalf by ' || (SELECT name FROM identity.account WHERE id = o.ordered_by);
  END IF;
  RETURN ARRAY[
    payments.letter(jsonb_build_object('to_organisation', o.organisation_id), 'A new request: ' || t.title,
      format(E'Somebody has asked for %s, %s times from %s. The money is set aside.\nPlease accept or decline request %s by %s.', t.title, t.occurrences,
             to_char(t.starts_on, 'FMDD FMMonth YYYY'), o.ref, payments.said_at(o.answer_by))),
    payments.letter(jsonb_build_object('to_person', o.person_id), 'Asked for: ' || t.title,
      format(E'%s was asked for %s. It costs %s in all, which is now set aside in your budget.\nThe reference is %s. We will tell you when the provider answers.',
             t.title, v_by, payments.pounds(o.total), o.ref))];
END $$;

-- The order that terms and money come to, within what a mandate allows; nobody is told yet.
CREATE OR REPLACE FUNCTION payments.order_drawn_up(t payments.order_line, p_organisation bigint, p_note text, p_from timestamptz, p_dates date[],
                                                p_purses payments.purse[], p_amounts bigint[]) RETURNS payments.order_draft
LANGUAGE plpgsql AS $$
DECLARE
  v_given record;
  o       payments.orders;
  m       identity.mandate;
BEGIN
  o.total := t.visit_price * t.occurrences;
  IF mc.mandate() IS NOT NULL THEN
    m := payments.mandate_lock(mc.person(), ARRAY['order']);
    PERFORM payments.mandate_allows(m, o.total, t.listing_id);
  END IF;
  o.council_id := mc.council();
  o.id := nextval('payments.orders_id_seq');
  o.ref := mc.new_ref();
  o.person_id := mc.person();
  o.organisation_id := p_organisation;
  o.note := p_note;
  o.answer_by := payments.answer_by(p_from);
  o.ordered_by := mc.account();
  o.mandate_id := mc.mandate();
  v_given := payments.order_promise(o, p_purses, p_amounts, p_dates[cardinality(p_dates)]);
  RETURN ROW(o, t, mc.hat(), mc.role(), v_given.promises, v_given.holds, ARRAY[]::jsonb[]);
END $$;

-- Everything about an order that can be refused, and nothing that is stored: what the request comes to, under the locks of the mandate and of the person's money.
CREATE OR REPLACE FUNCTION payments.order_decide(p_request jsonb) RETURNS payments.order_draft
LANGUAGE plpgsql AS $$
DECLARE
  v_dates  date[];
  v_purses payments.purse[];
  v_funded record;
  t        payments.order_line;
  d        payments.order_draft;
BEGIN
  PERFORM payments.must_act_for(mc.person(), 'order');
  t := payments.order_dates(p_request, t);
  v_dates := payments.occurrences(t.recurrence, t.weekdays, t.starts_on, t.weeks);
  t.outcome_id := payments.order_outcome(mc.person(), p_request ->> 'outcome');
  v_purses := payments.purses_lock(mc.person());
  v_funded := payments.order_funding(p_request, v_dates, v_purses, t);
  d := payments.order_drawn_up(v_funded.t, v_funded.organisation, nullif(trim(p_request ->> 'note'), ''), mc.now(), v_dates, v_purses, v_funded.amounts);
  d.letters := payments.order_letters(d.o, d.t);
  RETURN d;
END $$;

CREATE OR REPLACE FUNCTION payments.order_answer(d payments.order_draft) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
  o payments.orders := d.o;
  t payments.order_line := d.t;
BEGIN
  RETURN jsonb_build_object('outcome', 'placed', 'ref', o.ref, 'total', o.total, 'visits', t.occurrences, 'price_source', t.price_source, 'answer_by', o.answer_by);
END $$;

-- Stores orders as they were decided, each with its first version, its line, its holds, event and audit row, in the state that its first step leads to (order_place,
-- pool_join). One statement for however many they are; all of one council, and of no person more than one: the next is decided by what this one leaves.
CREATE OR REPLACE FUNCTION payments.orders_write(p_drafts payments.order_draft[], p_verb text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_state text := payments.next_state('order', '', 'new', p_verb);
BEGIN
  PERFORM ledger.holds_open(ARRAY(SELECT p FROM unnest(p_drafts) AS d, unnest(d.promises) AS p));
  WITH draft AS MATERIALIZED (
    SELECT * FROM unnest(p_drafts)
  ), asked AS (
    INSERT INTO payments.orders (council_id, id, ref, person_id, organisation_id, state, total, note, answer_by, ordered_by, mandate_id) OVERRIDING SYSTEM VALUE
    SELECT mc.council(), (o).id, (o).ref, (o).person_id, (o).organisation_id, v_state, (o).total, (o).note, (o).answer_by, (o).ordered_by, (o).mandate_id FROM draft
  ), terms AS (
    INSERT INTO payments.order_version (council_id, order_id, version, from_on, created_by)
    SELECT mc.council(), (o).id, 1, (t).starts_on, (o).ordered_by FROM draft
  ), line AS (
    INSERT INTO payments.order_line (council_id, order_id, version, listing_ref, listing_id, title, unit, unit_price, price_source, quantity, recurrence,
                                     weekdays, starts_on, starts_at, weeks, occurrences, visit_price, notice_hours, outcome_id)
    SELECT mc.council(), (o).id, 1, (t).listing_ref, (t).listing_id, (t).title, (t).unit, (t).unit_price, (t).price_source, (t).quantity, (t).recurrence,
           (t).weekdays, (t).starts_on, (t).starts_at, (t).weeks, (t).occurrences, (t).visit_price, (t).notice_hours, (t).outcome_id FROM draft
  ), held AS (
    INSERT INTO payments.order_hold (council_id, order_id, portion_id, hold_id, position, amount)
    SELECT mc.council(), h.order_id, h.portion_id, h.hold_id, h.position, h.amount FROM draft, unnest(holds) AS h
  ), step AS (
    INSERT INTO payments.order_event (council_id, order_id, verb, from_state, to_state, actor_id, role, person_id, mandate_id)
    SELECT mc.council(), (o).id, p_verb, 'new', v_state, (o).ordered_by, role, (o).person_id, (o).mandate_id FROM draft
  )
  INSERT INTO audit.event (council_id, account_id, hat_id, role, person_id, mandate_id, verb, kind, ref, amount)
  SELECT mc.council(), (o).ordered_by, hat_id, role, (o).person_id, (o).mandate_id, p_verb, 'order', (o).ref, (o).total FROM draft;
  PERFORM mc.outbox('mail', VARIADIC ARRAY(SELECT l FROM unnest(p_drafts) AS d, unnest(d.letters) AS l));
END $$;

-- {"listing": ref, "minutes" or "quantity", "weekdays": [1..7], "every"?: weekly|fortnightly|once, "starts_on", "starts_at"?, "weeks", "outcome": ref, "note"?}
CREATE OR REPLACE FUNCTION payments.do_order_place(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  d payments.order_draft := payments.order_decide(p_request);
BEGIN
  PERFORM payments.orders_write(ARRAY[d], 'order_place');
  RETURN payments.order_answer(d);
END $$;

-- ---------------------------------------------------------------- answering

-- The provider's own request, locked: one order, or those of all who share it, which are answered together. Another provider's does not exist.
CREATE OR REPLACE FUNCTION payments.request_lock(p_ref text) RETURNS payments.orders[]
LANGUAGE plpgsql AS $$
DECLARE
  o  payments.orders;
  os payments.orders[] := '{}';
BEGIN
  PERFORM payments.must_be('provider');
  FOR o IN SELECT * FROM payments.orders WHERE council_id = mc.council() AND organisation_id = mc.organisation() AND id = ANY (payments.order_mates(p_ref))
            ORDER BY id FOR NO KEY UPDATE LOOP
    os := os || o;
  END LOOP;
  IF cardinality(os) = 0 THEN
    PERFORM payments.not_found('request');
  ELSIF cardinality(os) > 1 THEN
    PERFORM payments.orders_lock_accounts(ARRAY(SELECT x.id FROM unnest(os) AS x));
  END IF;
  RETURN os;
END $$;

CREATE OR REPLACE FUNCTION payments.orders_lock_accounts(p_orders bigint[]) RETURNS void
LANGUAGE sql AS $$
  SELECT ledger.lock_accounts(ARRAY(SELECT p.ledger_account_id FROM payments.order_hold h
                                      JOIN payments.portion p ON p.council_id = h.council_id AND p.id = h.portion_id
                                     WHERE h.council_id = mc.council() AND h.order_id = ANY (p_orders)))
$$;
CREATE OR REPLACE FUNCTION payments.order_lock_accounts(p_order bigint) RETURNS void LANGUAGE sql AS $$ SELECT payments.orders_lock_accounts(ARRAY[p_order]) $$;

-- Gives back everything that an order without visits still holds.
CREATE OR REPLACE FUNCTION payments.order_release(o payments.orders) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments.order_lock_accounts(o.id);
  PERFORM ledger.hold_release(ledger.key('order_release ' || o.ref || ' ' || hold_id), hold_id, NULL, o.ref)
     FROM payments.order_hold WHERE council_id = mc.council() AND order_id = o.id;
END $$;

-- What an order was promised, as the purses that it may be split over.
CREATE OR REPLACE FUNCTION payments.order_purses(p_holds payments.order_hold[]) RETURNS payments.purse[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY(SELECT ROW(p.id, p.ledger_account_id, NULL, l.kind, l.council_funded, l.starts_on, l.ends_on, h.amount, false)::payments.purse
                 FROM unnest(p_holds) WITH ORDINALITY AS h
                 JOIN payments.portion p ON p.council_id = mc.council() AND p.id = h.portion_id
                 JOIN payments.funding_line l ON l.council_id = mc.council() AND l.id = p.funding_line_id ORDER BY h.ordinality)
$$;

-- For each day of an order's recurrence the holds that pay: the split of the asking, redone from what each hold promised.
CREATE OR REPLACE FUNCTION payments.order_parts(p_order bigint) RETURNS TABLE (planned_on date, hold_id bigint, "position" int, amount bigint)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  t       payments.order_line;
  v_dates date[];
  v_holds payments.order_hold[];
BEGIN
  SELECT * INTO STRICT t FROM payments.order_line l WHERE l.council_id = mc.council() AND l.order_id = p_order;
  v_dates := payments.occurrences(t.recurrence, t.weekdays, t.starts_on, t.weeks);
  v_holds := ARRAY(SELECT h FROM payments.order_hold AS h WHERE h.council_id = mc.council() AND h.order_id = p_order ORDER BY h.position);
  RETURN QUERY SELECT v_dates[s.visit_no], (v_holds[s.purse]).hold_id, s.purse, s.amount FROM payments.split(v_dates, t.visit_price, payments.order_purses(v_holds)) AS s;
END $$;

-- One visit a day of the recurrence, and for each the purses that pay.
CREATE OR REPLACE FUNCTION payments.visits_make(o payments.orders) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
  v_made bigint;
BEGIN
  INSERT INTO payments.visit (council_id, ref, order_id, order_line_id, organisation_id, person_id, planned_on, starts_at, planned_minutes, price, held)
  SELECT mc.council(), mc.new_ref(), o.id, t.id, o.organisation_id, o.person_id, d, t.starts_at, CASE t.unit WHEN 'hour' THEN t.quantity END, t.visit_price, t.visit_price
    FROM payments.order_line t CROSS JOIN LATERAL unnest(payments.occurrences(t.recurrence, t.weekdays, t.starts_on, t.weeks)) AS d
   WHERE t.council_id = mc.council() AND t.order_id = o.id;
  GET DIAGNOSTICS v_made = ROW_COUNT;
  INSERT INTO payments.visit_hold (council_id, visit_id, hold_id, position, amount)
  SELECT mc.council(), v.id, s.hold_id, s.position, s.amount
    FROM payments.order_parts(o.id) AS s
    JOIN payments.visit v ON v.council_id = mc.council() AND v.order_id = o.id AND v.planned_on = s.planned_on;
  RETURN v_made;
END $$;

-- {"order": ref, "note"?}
CREATE OR REPLACE FUNCTION payments.do_order_accept(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  o        payments.orders;
  v_visits int := 0;
  v_paused int := 0;
  v_off    int;
BEGIN
  FOREACH o IN ARRAY payments.request_lock(p_request ->> 'order') LOOP
    IF o.state = 'asked' AND o.answer_by < mc.now() THEN
      PERFORM payments.refuse('state', jsonb_build_object('kind', 'order', 'ref', o.ref, 'state', 'expired'));
    END IF;
    PERFORM payments.transition(o, 'order_accept', p_request ->> 'note');
    UPDATE payments.orders SET answered_at = mc.now(), answer_note = p_request ->> 'note' WHERE council_id = mc.council() AND id = o.id;
    v_visits := v_visits + payments.visits_make(o);
    v_off := payments.absence_pause_new(o);
    v_paused := v_paused + v_off;
    PERFORM payments.tell(jsonb_build_object('to_person', o.person_id), 'Your request was accepted',
      format(E'The provider has accepted request %s. The visits are on your calendar page.%s', o.ref,
             CASE WHEN v_off > 0 THEN format(E'\n%s of them are paused, because you are away then. Nothing is due for them.', v_off) ELSE '' END));
  END LOOP;
  RETURN jsonb_build_object('outcome', 'accepted', 'ref', p_request ->> 'order', 'visits', v_visits, 'paused', v_paused);
END $$;

CREATE OR REPLACE FUNCTION payments.do_order_decline(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  o          payments.orders;
  v_released bigint := 0;
BEGIN
  FOREACH o IN ARRAY payments.request_lock(p_request ->> 'order') LOOP
    PERFORM payments.transition(o, 'order_decline', p_request ->> 'note');
    UPDATE payments.orders SET answered_at = mc.now(), answer_note = p_request ->> 'note' WHERE council_id = mc.council() AND id = o.id;
    PERFORM payments.order_release(o);
    v_released := v_released + o.total;
    PERFORM payments.tell(jsonb_build_object('to_person', o.person_id), 'Your request could not be met',
      format(E'The provider cannot take request %s. %s is free in your budget again. You can look for another provider, or ask a person to help.', o.ref, payments.pounds(o.total)));
  END LOOP;
  RETURN jsonb_build_object('outcome', 'declined', 'ref', p_request ->> 'order', 'released', v_released);
END $$;

-- Jobs: requests that nobody answered in time, and holds that nobody invoiced in time, give the money back; absences whose last day has passed are over; pools whose
-- last day to join has passed are asked for, or end.
CREATE OR REPLACE FUNCTION payments.order_expire_due() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  o       payments.orders;
  v_due   bigint[];
  v_count int := 0;
BEGIN
  PERFORM payments.absences_over();
  PERFORM payments.pools_close_due();
  FOR o IN SELECT * FROM payments.orders WHERE council_id = mc.council() AND state = 'asked' AND answer_by < mc.now() ORDER BY id FOR NO KEY UPDATE SKIP LOCKED LOOP
    PERFORM payments.transition(o, 'order_expire');
    PERFORM payments.order_release(o);
    PERFORM payments.tell(jsonb_build_object('to_person', o.person_id), 'Nobody answered your request',
      format(E'The provider did not answer request %s in time. %s is free in your budget again.', o.ref, payments.pounds(o.total)));
    v_count := v_count + 1;
  END LOOP;
  -- The visits of these holds alone, not of all that ever ended: this runs every minute.
  v_due := ARRAY(SELECT id FROM ledger.hold WHERE council_id = mc.council() AND amount > captured + released AND expires_on < ledger.today());
  IF cardinality(v_due) > 0 THEN
    PERFORM ledger.hold_expire_due();
    UPDATE payments.visit v SET held = 0
      FROM payments.visit_hold vh, ledger.hold h
     WHERE v.council_id = mc.council() AND v.held > 0 AND (vh.council_id, vh.visit_id) = (v.council_id, v.id)
       AND vh.hold_id = ANY (v_due) AND (h.council_id, h.id) = (vh.council_id, vh.hold_id) AND h.rest = 0;
  END IF;
  RETURN v_count;
END $$;

CREATE OR REPLACE FUNCTION payments.order_place(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  SET plan_cache_mode = force_generic_plan
  AS $$ BEGIN RETURN payments.perform(p_key, 'order_place', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.order_accept(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'order_accept', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.order_decline(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'order_decline', p_request); END $$;
