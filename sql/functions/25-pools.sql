-- Several people fund one activity together. A share is an order of its own, so that ledger, visits, invoices and absences know nothing of pools: held when somebody joins
-- (gathering), asked of the provider when the pool closes with enough people, given back when it does not. Whoever acts locks the mandate, the pool, the orders, the money.
--
-- What each pays, for everybody to redo by hand: the price each time is divided by the number of people, in whole pence; what is left over is a penny more for each of
-- those who joined first. Who joins agrees to the share of the smallest number of people at its largest, and that is held; more people only make it smaller.

-- Pence each time of the nth to join, of so many.
CREATE OR REPLACE FUNCTION payments.share(p_price bigint, p_people int, p_nth int) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT p_price / p_people + (p_nth <= p_price % p_people)::int
$$;

-- Whom a pool has, first to join first.
CREATE OR REPLACE FUNCTION payments.pool_members(p_pool bigint) RETURNS SETOF payments.pool_member LANGUAGE sql STABLE ROWS 5 AS $$
  SELECT * FROM payments.pool_member WHERE council_id = mc.council() AND pool_id = p_pool AND state = 'in' ORDER BY id
$$;

-- What the asking person answered last.
CREATE OR REPLACE FUNCTION payments.pool_answer(p_pool bigint) RETURNS SETOF payments.pool_member LANGUAGE sql STABLE ROWS 1 AS $$
  SELECT * FROM payments.pool_member WHERE council_id = mc.council() AND pool_id = p_pool AND person_id = mc.person() ORDER BY id DESC LIMIT 1
$$;

-- The orders that are answered together with one that was asked: itself, and the shares of its pool.
CREATE OR REPLACE FUNCTION payments.order_mates(p_ref text) RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_order bigint := (SELECT id FROM payments.orders WHERE council_id = mc.council() AND ref = p_ref);
  v_pool  bigint;
  v_state text;
BEGIN
  SELECT m.pool_id, CASE m.state WHEN 'in' THEN p.state END INTO v_pool, v_state FROM payments.pool_member m
    JOIN payments.pool p ON p.council_id = m.council_id AND p.id = m.pool_id WHERE m.council_id = mc.council() AND m.order_id = v_order;
  RETURN CASE WHEN v_pool IS NULL THEN ARRAY[v_order]
              WHEN v_state = 'asked' THEN ARRAY(SELECT order_id FROM payments.pool_members(v_pool)) ELSE '{}' END;
END $$;

-- ---------------------------------------------------------------- proposing

-- {"listing", "minutes" or "quantity", "weekdays", "starts_on", "starts_at"?, "weeks", "note"?, "minimum", "most", "closes_on"}: no money yet, not even of who proposes it.
-- At the price that would be theirs if they asked for their share alone.
CREATE OR REPLACE FUNCTION payments.do_pool_start(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  t        payments.order_line;
  v_priced record;
  v_agreed boolean := true;
  p        payments.pool;
BEGIN
  PERFORM payments.must_be('holder', 'self_funder', 'supporter', 'broker');
  PERFORM payments.must_act_for(mc.person(), 'order');
  t := payments.order_dates(p_request, t);
  p.minimum := (p_request ->> 'minimum')::int;
  p.most := coalesce((p_request ->> 'most')::int, p.minimum);
  p.closes_on := (p_request ->> 'closes_on')::date;
  IF p.minimum IS NULL OR p.minimum NOT BETWEEN 2 AND 20 OR p.most NOT BETWEEN p.minimum AND 20 THEN
    RAISE EXCEPTION 'Enter for how many people it is, from 2 to 20.' USING ERRCODE = 'MC422';
  END IF;
  LOOP
    v_priced := payments.order_price(p_request, v_agreed, t);
    t := v_priced.t;
    EXIT WHEN t.price_source = 'public' OR (payments.purses_pay(payments.occurrences(t.recurrence, t.weekdays, t.starts_on, t.weeks), payments.share(t.visit_price, p.minimum, 1),
                                                                payments.purses_lock(mc.person()))).is_council;
    v_agreed := false;
  END LOOP;
  IF t.visit_price < p.most THEN
    PERFORM payments.refuse('no_listing');
  ELSIF p.closes_on IS NULL OR p.closes_on NOT BETWEEN ledger.today() AND t.starts_on - 3 THEN
    PERFORM payments.refuse('bad_close', jsonb_build_object('next_step', 'Choose a last day to join from today on, and three days before the first day, so that the provider can answer.'));
  ELSIF (SELECT count(*) FROM payments.pool x WHERE x.council_id = mc.council() AND x.person_id = mc.person() AND x.state = 'open') >= 20 THEN
    PERFORM payments.refuse('too_many', jsonb_build_object('next_step', 'Wait until one of those that you proposed has closed.'));
  END IF;
  INSERT INTO payments.pool (council_id, ref, invitation, person_id, started_by, mandate_id, started_at, organisation_id, listing_ref, listing_id, title, unit, quantity, price, price_source,
                             recurrence, weekdays, starts_on, starts_at, weeks, occurrences, notice_hours, note, minimum, most, closes_on)
  VALUES (mc.council(), mc.new_ref(), mc.new_ref(), mc.person(), mc.account(), mc.mandate(), mc.now(), v_priced.organisation, t.listing_ref, t.listing_id, t.title, t.unit, t.quantity, t.visit_price,
          t.price_source, t.recurrence, t.weekdays, t.starts_on, t.starts_at, t.weeks, t.occurrences, t.notice_hours, nullif(trim(p_request ->> 'note'), ''), p.minimum, p.most, p.closes_on)
  RETURNING * INTO p;
  PERFORM mc.audit('pool_start', 'pool', p.ref);
  RETURN jsonb_build_object('outcome', 'started', 'ref', p.ref, 'invitation', p.invitation);
END $$;

-- ---------------------------------------------------------------- answering an invitation

-- The pool, locked, so that whoever joins, leaves or closes it does so one after the other.
CREATE OR REPLACE FUNCTION payments.pool_lock_invited(p_invitation text) RETURNS payments.pool
LANGUAGE plpgsql AS $$
DECLARE
  p payments.pool;
BEGIN
  SELECT * INTO p FROM payments.pool x WHERE x.council_id = mc.council() AND x.invitation = p_invitation FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM payments.not_found('invitation');
  END IF;
  RETURN p;
END $$;

-- Whether it can still be joined and left.
CREATE OR REPLACE FUNCTION payments.pool_is_open(p payments.pool) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT p.state = 'open' AND p.closes_on >= ledger.today() $$;

CREATE OR REPLACE FUNCTION payments.is_in_pool(p_pool bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM payments.pool_member WHERE council_id = mc.council() AND pool_id = p_pool AND person_id = mc.person() AND state = 'in')
$$;

-- Where a pool stands for somebody, after their latest answer (NULL: none): once it was asked for, as their own share does.
CREATE OR REPLACE FUNCTION payments.pool_state(p payments.pool, m payments.pool_member) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN m.state = 'left' THEN 'left' WHEN m.state = 'declined' THEN 'said_no' WHEN p.state = 'ended' THEN 'too_few'
              WHEN p.state = 'asked' AND m.state = 'in' THEN (SELECT o.state FROM payments.orders o WHERE o.council_id = m.council_id AND o.id = m.order_id)
              WHEN NOT payments.pool_is_open(p) THEN 'closed' WHEN m.state = 'in' THEN 'gathering' ELSE 'proposed' END
$$;

-- The council's agreed price is for money that the council gave: who has none is told neither the price nor a share of it, and whose share the council's money has no
-- part in cannot take it.
CREATE OR REPLACE FUNCTION payments.pool_price_is_seen(p payments.pool) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN p.price_source = 'public' OR catalogue.viewer_council() IS NOT NULL;
END $$;

-- What a share is called on orders and visits: with how much it is of for all together, because a share itself is only one session.
CREATE OR REPLACE FUNCTION payments.share_title(p payments.pool) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT format('%s (%s)', p.title, concat_ws(', ',
    CASE WHEN p.unit = 'hour' THEN concat_ws(' ', nullif(p.quantity / 60, 0) || CASE p.quantity / 60 WHEN 1 THEN ' hour' ELSE ' hours' END, nullif(p.quantity % 60, 0) || ' minutes')
         WHEN p.quantity > 1 THEN format('%s %ss', p.quantity, p.unit) END, 'shared'))
$$;

-- The asking person's share at its largest, as an order that waits for the others. Everything that can be refused about it, and nothing that is stored.
CREATE OR REPLACE FUNCTION payments.share_decide(p payments.pool, p_outcome bigint) RETURNS payments.order_draft
LANGUAGE plpgsql AS $$
DECLARE
  t        payments.order_line;
  v_dates  date[] := payments.occurrences(p.recurrence, p.weekdays, p.starts_on, p.weeks);
  v_purses payments.purse[] := payments.purses_lock(mc.person());
  v_paid   record;
BEGIN
  IF identity.works_for(p.organisation_id) THEN
    PERFORM payments.refuse('related_party', jsonb_build_object('next_step', 'Ask the person or the council to answer this.'));
  ELSIF NOT payments.pool_price_is_seen(p) THEN
    PERFORM payments.refuse('other_price');
  END IF;
  t.listing_ref := p.listing_ref;
  t.listing_id := p.listing_id;
  t.title := payments.share_title(p);
  t.unit := 'session';
  t.quantity := 1;
  t.unit_price := payments.share(p.price, p.minimum, 1);
  t.visit_price := t.unit_price;
  t.price_source := p.price_source;
  t.recurrence := p.recurrence;
  t.weekdays := p.weekdays;
  t.starts_on := p.starts_on;
  t.starts_at := p.starts_at;
  t.weeks := p.weeks;
  t.occurrences := p.occurrences;
  t.notice_hours := p.notice_hours;
  t.outcome_id := p_outcome;
  v_paid := payments.purses_pay(v_dates, t.visit_price, v_purses);
  PERFORM payments.must_be_paid(t, v_dates, v_purses, v_paid.visits, v_paid.is_public);
  IF p.price_source = 'agreed' AND NOT v_paid.is_council THEN
    PERFORM payments.refuse('other_price');
  END IF;
  RETURN payments.order_drawn_up(t, p.organisation_id, p.note, (p.closes_on + 1)::timestamp AT TIME ZONE 'Europe/London', v_dates, v_purses, v_paid.amounts);
END $$;

-- What taking part would hold and leave, and what it means for times away; or why it cannot be. Nothing is stored.
CREATE OR REPLACE FUNCTION payments.pool_try(p_invitation text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  p      payments.pool;
  d      payments.order_draft;
  v_fact text;
BEGIN
  SELECT * INTO p FROM payments.pool x WHERE x.council_id = mc.council() AND x.invitation = p_invitation;
  IF NOT FOUND THEN
    RETURN '{"outcome": "unknown"}';
  END IF;
  PERFORM payments.must_act_for(mc.person(), 'order');
  -- Which outcome it is for is chosen with the answer; that there is one to choose is known now.
  d := payments.share_decide(p, (SELECT min(id) FROM payments.outcome WHERE council_id = mc.council() AND person_id = mc.person() AND (ended_on IS NULL OR ended_on >= ledger.today())));
  PERFORM payments.refuse('fits', jsonb_build_object('total', (d.o).total) || payments.order_would_leave(d));
  RETURN NULL;
EXCEPTION WHEN SQLSTATE 'MC001' THEN
  GET STACKED DIAGNOSTICS v_fact = PG_EXCEPTION_DETAIL;
  RETURN v_fact::jsonb;
END $$;

-- What somebody lets the others see of their name; NULL: nothing.
CREATE OR REPLACE FUNCTION payments.shown_as(p_name text, p_shown text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE p_shown WHEN 'first_name' THEN split_part(trim(p_name), ' ', 1)
                      WHEN 'initials' THEN (SELECT string_agg(upper(left(w, 1)) || '.', ' ' ORDER BY n) FROM regexp_split_to_table(trim(p_name), '\s+') WITH ORDINALITY AS x (w, n)) END
$$;

-- {"invitation", "outcome"?, "shown": first_name|initials|nothing}
CREATE OR REPLACE FUNCTION payments.do_pool_join(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  p payments.pool;
  d payments.order_draft;
BEGIN
  PERFORM payments.must_be('holder', 'self_funder', 'supporter', 'broker');
  PERFORM payments.must_act_for(mc.person(), 'order');
  p := payments.pool_lock_invited(p_request ->> 'invitation');
  IF p_request ->> 'shown' IS NULL OR p_request ->> 'shown' NOT IN ('first_name', 'initials', 'nothing') THEN
    RAISE EXCEPTION 'Choose what the others may see of your name.' USING ERRCODE = 'MC422';
  ELSIF payments.is_in_pool(p.id) THEN
    PERFORM payments.refuse('already', jsonb_build_object('ref', p.ref));
  ELSIF NOT payments.pool_is_open(p) THEN
    PERFORM payments.refuse('closed');
  ELSIF (SELECT count(*) FROM payments.pool_members(p.id)) >= p.most THEN
    PERFORM payments.refuse('full');
  END IF;
  d := payments.share_decide(p, payments.order_outcome(mc.person(), p_request ->> 'outcome'));
  d.letters := ARRAY[payments.letter(jsonb_build_object('to_person', mc.person()), 'Taking part together: ' || p.title,
    format(E'%s said that you take part in %s with others. At most %s is set aside in your budget; with more people it costs you less.\nYou can leave until %s. The reference is %s.',
           payments.said_by_words(), p.title, payments.pounds((d.o).total), to_char(p.closes_on, 'FMDD FMMonth YYYY'), p.ref))];
  PERFORM payments.orders_write(ARRAY[d], 'pool_join');
  INSERT INTO payments.pool_member (council_id, pool_id, person_id, state, shown_as, order_id, most, held, answered_by, mandate_id, answered_at)
  VALUES (mc.council(), p.id, mc.person(), 'in', payments.shown_as((SELECT name FROM identity.person WHERE council_id = mc.council() AND id = mc.person()), p_request ->> 'shown'),
          (d.o).id, (d.t).visit_price, (d.o).total, mc.account(), mc.mandate(), mc.now());
  RETURN jsonb_build_object('outcome', 'joined', 'ref', p.ref, 'order', (d.o).ref, 'total', (d.o).total);
END $$;

-- {"invitation"}: on record, and told to nobody.
CREATE OR REPLACE FUNCTION payments.do_pool_decline(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  p payments.pool;
BEGIN
  PERFORM payments.must_be('holder', 'self_funder', 'supporter', 'broker');
  PERFORM payments.must_act_for(mc.person(), 'order', 'decide');
  p := payments.pool_lock_invited(p_request ->> 'invitation');
  IF payments.is_in_pool(p.id) THEN
    PERFORM payments.refuse('already', jsonb_build_object('ref', p.ref));
  ELSIF NOT payments.pool_is_open(p) THEN
    PERFORM payments.refuse('closed');
  END IF;
  INSERT INTO payments.pool_member (council_id, pool_id, person_id, state, answered_by, mandate_id, answered_at)
  VALUES (mc.council(), p.id, mc.person(), 'declined', mc.account(), mc.mandate(), mc.now());
  PERFORM mc.audit('pool_decline', 'pool', p.ref);
  RETURN jsonb_build_object('outcome', 'declined', 'ref', p.ref);
END $$;

-- {"pool": ref}: until the last day to join, and the share is free again. Afterwards it is an order like any other, and cancelling it goes by the provider's notice.
CREATE OR REPLACE FUNCTION payments.do_pool_leave(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  p payments.pool;
  o payments.orders;
BEGIN
  PERFORM payments.must_be('holder', 'self_funder', 'supporter', 'broker');
  PERFORM payments.must_act_for(mc.person(), 'order', 'decide');
  SELECT * INTO p FROM payments.pool x WHERE x.council_id = mc.council() AND x.ref = p_request ->> 'pool'
     AND EXISTS (SELECT FROM payments.pool_member m WHERE m.council_id = x.council_id AND m.pool_id = x.id AND m.person_id = mc.person()) FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM payments.not_found('page');
  ELSIF NOT payments.is_in_pool(p.id) THEN
    PERFORM payments.refuse('not_in', jsonb_build_object('ref', p.ref));
  ELSIF NOT payments.pool_is_open(p) THEN
    PERFORM payments.refuse('closed', jsonb_build_object('ref', p.ref));
  END IF;
  SELECT x.* INTO o FROM payments.pool_members(p.id) m JOIN payments.orders x ON x.council_id = m.council_id AND x.id = m.order_id WHERE m.person_id = mc.person() FOR NO KEY UPDATE OF x;
  PERFORM payments.transition(o, 'pool_leave');
  PERFORM payments.order_release(o);
  UPDATE payments.pool_member SET state = 'left', left_at = mc.now() WHERE council_id = mc.council() AND order_id = o.id;
  RETURN jsonb_build_object('outcome', 'left', 'ref', p.ref, 'released', o.total);
END $$;

-- ---------------------------------------------------------------- closing

-- A share as it is among all who take part. What was held beyond it goes back to the purses that it came from, the split being the same at the smaller price.
CREATE OR REPLACE FUNCTION payments.share_settle(o payments.orders, p_each bigint) RETURNS payments.orders
LANGUAGE plpgsql AS $$
DECLARE
  t       payments.order_line;
  v_holds payments.order_hold[] := ARRAY(SELECT h FROM payments.order_hold AS h WHERE council_id = mc.council() AND order_id = o.id ORDER BY position);
  v_paid  record;
  v_held  bigint := o.total;
BEGIN
  UPDATE payments.order_line SET unit_price = p_each, visit_price = p_each WHERE council_id = mc.council() AND order_id = o.id RETURNING * INTO STRICT t;
  v_paid := payments.purses_pay(payments.occurrences(t.recurrence, t.weekdays, t.starts_on, t.weeks), p_each, payments.order_purses(v_holds));
  IF v_paid.visits < t.occurrences THEN
    RAISE EXCEPTION 'share % is not paid by what it holds', o.ref;
  END IF;
  PERFORM ledger.hold_release(ledger.key('share_settle ' || o.ref || ' ' || h.hold_id), h.hold_id, h.amount - v_paid.amounts[h.n], o.ref)
     FROM unnest(v_holds) WITH ORDINALITY AS h (council_id, order_id, portion_id, hold_id, position, amount, n) WHERE h.amount > v_paid.amounts[h.n];
  UPDATE payments.orders SET total = p_each * t.occurrences, answer_by = payments.answer_by(mc.now()) WHERE council_id = mc.council() AND id = o.id RETURNING * INTO o;
  UPDATE payments.pool_member SET given_back = v_held - o.total WHERE council_id = mc.council() AND order_id = o.id;
  RETURN o;
END $$;

-- Enough people: each share is settled and becomes a request, all of which the provider answers together.
CREATE OR REPLACE FUNCTION payments.pool_ask(p payments.pool, p_shares payments.orders[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_people CONSTANT int := cardinality(p_shares);
  v_held   bigint;
  o        payments.orders;
BEGIN
  FOR n IN 1 .. v_people LOOP
    v_held := p_shares[n].total;
    o := payments.share_settle(p_shares[n], payments.share(p.price, v_people, n));
    PERFORM payments.transition(o, 'pool_ask');
    PERFORM payments.tell(jsonb_build_object('to_person', o.person_id), 'Enough people: ' || p.title,
      format(E'%s people take part in %s. Your share is %s in all%s. The provider answers request %s by %s; we will tell you.', v_people, p.title, payments.pounds(o.total),
             CASE WHEN v_held > o.total THEN ', and ' || payments.pounds(v_held - o.total) || ' is free in your budget again' ELSE '' END, o.ref, payments.said_at(o.answer_by)));
  END LOOP;
  UPDATE payments.pool SET state = 'asked', closed_at = mc.now() WHERE council_id = mc.council() AND id = p.id;
  PERFORM mc.audit_person(p.person_id, 'pool_ask', 'pool', p.ref);
  PERFORM payments.tell(jsonb_build_object('to_organisation', p.organisation_id), 'A new request: ' || p.title,
    format(E'%s people have asked together for %s, %s times from %s. The money is set aside.\nPlease accept or decline request %s by %s. One answer is for all of them.', v_people, p.title, p.occurrences,
           to_char(p.starts_on, 'FMDD FMMonth YYYY'), p_shares[1].ref, payments.said_at(o.answer_by)));
END $$;

-- Too few: every share is free again.
CREATE OR REPLACE FUNCTION payments.pool_end(p payments.pool, p_shares payments.orders[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  o payments.orders;
BEGIN
  FOREACH o IN ARRAY p_shares LOOP
    PERFORM payments.transition(o, 'pool_end');
    PERFORM payments.order_release(o);
    PERFORM payments.tell(jsonb_build_object('to_person', o.person_id), 'Too few people: ' || p.title,
      format(E'%s people were needed for %s, and fewer said yes. %s is free in your budget again. The reference is %s.', p.minimum, p.title, payments.pounds(o.total), p.ref));
  END LOOP;
  UPDATE payments.pool SET state = 'ended', closed_at = mc.now() WHERE council_id = mc.council() AND id = p.id;
  PERFORM mc.audit_person(p.person_id, 'pool_end', 'pool', p.ref);
END $$;

-- Jobs: pools whose last day to join has passed. All locks first: what is held of one must not wait for another.
CREATE OR REPLACE FUNCTION payments.pools_close_due() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_due    payments.pool[] := ARRAY(SELECT p FROM payments.pool AS p WHERE council_id = mc.council() AND state = 'open' AND closes_on < ledger.today() ORDER BY id FOR NO KEY UPDATE SKIP LOCKED);
  v_orders bigint[] := ARRAY(SELECT m.order_id FROM unnest(v_due) AS d, payments.pool_members(d.id) AS m);
  v_shares payments.orders[];
  p        payments.pool;
BEGIN
  PERFORM FROM payments.orders WHERE council_id = mc.council() AND id = ANY (v_orders) ORDER BY id FOR NO KEY UPDATE;
  PERFORM payments.orders_lock_accounts(v_orders);
  FOREACH p IN ARRAY v_due LOOP
    v_shares := ARRAY(SELECT o FROM payments.pool_members(p.id) m JOIN payments.orders AS o ON o.council_id = m.council_id AND o.id = m.order_id ORDER BY m.id);
    IF cardinality(v_shares) >= p.minimum THEN
      PERFORM payments.pool_ask(p, v_shares);
    ELSE
      PERFORM payments.pool_end(p, v_shares);
    END IF;
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION payments.pool_start(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'pool_start', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.pool_join(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'pool_join', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.pool_decline(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'pool_decline', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.pool_leave(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'pool_leave', p_request); END $$;
