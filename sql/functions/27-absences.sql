-- "I am away": what is planned in that time is paused at once, by each provider's notice rule (payments.cancel_due), and can be put back. What would happen is
-- found by functions that write nothing, which the check pages ask too: a page cannot promise anything else than the act then does.

-- The last day away that is known; NULL: until they say that they are back.
CREATE OR REPLACE FUNCTION payments.absence_last(a payments.absence) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT least(a.ends_on, a.back_on - 1)
$$;

CREATE OR REPLACE FUNCTION payments.away_words(a payments.absence) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT 'from ' || to_char(a.starts_on, 'FMDD FMMonth YYYY') || coalesce(' to ' || to_char(payments.absence_last(a), 'FMDD FMMonth YYYY'), ', until they say that they are back')
$$;

-- When somebody is away, now or next, for those who see them already; NULL when nobody said so. Why is not told.
CREATE OR REPLACE FUNCTION payments.away_of(p_person bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT payments.away_words(a) FROM payments.absence a
   WHERE a.council_id = mc.council() AND a.person_id = p_person AND a.state = 'open' AND coalesce(payments.absence_last(a), 'infinity') >= ledger.today()
   ORDER BY a.starts_on LIMIT 1
$$;

-- ---------------------------------------------------------------- what would be paused, and what would come back

-- Whether a visit can still be stopped, or made after all. One of today without a time may come until the day is over.
CREATE OR REPLACE FUNCTION payments.visit_is_ahead(p_on date, p_at time) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT p_on > ledger.today() OR (p_on = ledger.today() AND coalesce(p_at > (mc.now() AT TIME ZONE 'Europe/London')::time, true))
$$;

-- The person's planned visits from a day to a day (NULL: all that follow), with what cancelling each costs now.
CREATE OR REPLACE FUNCTION payments.absence_finds(p_person bigint, p_from date, p_to date) RETURNS TABLE (v payments.visit, due bigint) LANGUAGE sql STABLE AS $$
  SELECT v, payments.cancel_due(v) FROM payments.visit v
   WHERE v.council_id = mc.council() AND v.person_id = p_person AND v.state = 'planned' AND v.planned_on BETWEEN p_from AND coalesce(p_to, 'infinity')
     AND payments.visit_is_ahead(v.planned_on, v.starts_at)
   ORDER BY v.planned_on, v.starts_at, v.id
$$;

-- Requests of theirs that wait for an answer, or for others to share them, and ask for days in that time; and how many.
CREATE OR REPLACE FUNCTION payments.absence_waiting(p_person bigint, p_from date, p_to date) RETURNS TABLE (order_id bigint, days bigint) LANGUAGE sql STABLE AS $$
  SELECT o.id, count(*) FROM payments.orders o
    JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id
   CROSS JOIN LATERAL unnest(payments.occurrences(l.recurrence, l.weekdays, l.starts_on, l.weeks)) AS d
   WHERE o.council_id = mc.council() AND o.person_id = p_person AND o.state IN ('gathering', 'asked') AND d BETWEEN p_from AND coalesce(p_to, 'infinity')
   GROUP BY o.id ORDER BY o.id
$$;

-- What becomes of each visit from that day on if they are back then: planned, or why it stays as it is. Earliest first, as long as its own purses have the money.
CREATE OR REPLACE FUNCTION payments.absence_back_plan(a payments.absence, p_from date) RETURNS TABLE (visit_id bigint, became text, answer text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_free jsonb := (SELECT jsonb_object_agg(portion_id, free) FROM payments.budget_position WHERE council_id = mc.council() AND person_id = a.person_id);
  v_put  jsonb;
  r      record;
BEGIN
  FOR r IN SELECT v.id, v.price, v.held, v.state, v.planned_on, v.starts_at, x.became, o.state AS order_state, g.ended_at
             FROM payments.absence_visit x
             JOIN payments.visit v ON v.council_id = x.council_id AND v.id = x.visit_id
             JOIN payments.orders o ON o.council_id = v.council_id AND o.id = v.order_id
             JOIN identity.organisation g ON g.id = v.organisation_id
            WHERE x.council_id = mc.council() AND x.absence_id = a.id AND x.answer IS NULL AND v.planned_on >= p_from ORDER BY v.planned_on, v.starts_at, v.id LOOP
    visit_id := r.id;
    became := r.became;
    answer := CASE WHEN NOT payments.visit_is_ahead(r.planned_on, r.starts_at) THEN 'past'
                   WHEN r.order_state <> 'accepted' THEN 'order_ended'
                   WHEN r.state <> r.became THEN 'changed'
                   WHEN r.state = 'cancelled' AND (r.held < r.price OR EXISTS (SELECT FROM payments.invoice_visit i WHERE i.council_id = mc.council() AND i.visit_id = r.id)) THEN 'billed'
                   WHEN r.ended_at IS NOT NULL THEN 'provider_ended' ELSE 'planned' END;
    IF answer = 'planned' AND r.became = 'paused' THEN
      SELECT CASE WHEN bool_or(p.budget_state = 'ended') THEN 'budget_ended' WHEN bool_or(p.frozen) THEN 'frozen'
                  WHEN bool_or((v_free ->> p.portion_id::text)::bigint < h.amount) THEN 'short' ELSE 'planned' END,
             jsonb_object_agg(p.portion_id, (v_free ->> p.portion_id::text)::bigint - h.amount) INTO answer, v_put
        FROM payments.visit_hold h
        JOIN payments.order_hold oh ON oh.council_id = h.council_id AND oh.hold_id = h.hold_id
        JOIN payments.budget_position p ON p.council_id = oh.council_id AND p.portion_id = oh.portion_id
       WHERE h.council_id = mc.council() AND h.visit_id = r.id;
      IF answer = 'planned' THEN
        v_free := v_free || v_put;
      END IF;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;

-- ---------------------------------------------------------------- saying it

-- The absence asked for, within bounds, as it would be stored.
CREATE OR REPLACE FUNCTION payments.absence_asked(p_request jsonb) RETURNS payments.absence
LANGUAGE plpgsql STABLE AS $$
DECLARE
  a payments.absence;
BEGIN
  a.person_id := mc.person();
  a.starts_on := (p_request ->> 'from')::date;
  a.ends_on := (p_request ->> 'to')::date;
  a.reason := p_request ->> 'reason';
  a.words := nullif(trim(p_request ->> 'words'), '');
  IF a.reason IS NULL OR a.reason NOT IN ('hospital', 'holiday', 'other') OR length(a.words) > 500 THEN
    RAISE EXCEPTION 'Say why you are away, in up to 500 characters.' USING ERRCODE = 'MC422';
  ELSIF a.starts_on IS NULL OR a.starts_on NOT BETWEEN ledger.today() AND ledger.today() + 366 OR a.ends_on NOT BETWEEN a.starts_on AND a.starts_on + 366 THEN
    PERFORM payments.refuse('bad_dates', jsonb_build_object('next_step', 'Choose a first day from today to a year from now, and a last day that does not come before it.'));
  END IF;
  RETURN a;
END $$;

-- What is locked before a person's visits are stopped or put back: the person, so that one absence follows the other; the orders, as every act on a visit does; the money.
CREATE OR REPLACE FUNCTION payments.absence_lock(p_person bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM identity.person WHERE council_id = mc.council() AND id = p_person FOR NO KEY UPDATE;
  PERFORM FROM payments.orders WHERE council_id = mc.council() AND person_id = p_person AND state IN ('gathering', 'asked', 'accepted') ORDER BY id FOR NO KEY UPDATE;
  PERFORM ledger.lock_person(p_person);
END $$;

-- Refuses when it is not what the person was shown: a visit may have come too near, been cancelled or been asked for since.
CREATE OR REPLACE FUNCTION payments.absence_as_seen(p_request jsonb, p_visits bigint, p_due bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF (p_request ->> 'visits')::bigint <> p_visits OR (p_request ->> 'due')::bigint <> p_due THEN
    PERFORM payments.refuse('changed', jsonb_build_object('visits', p_visits, 'due', p_due));
  END IF;
END $$;

-- Who acts, as the person reads it.
CREATE OR REPLACE FUNCTION payments.said_by_words() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN mc.mandate() IS NULL THEN 'You' ELSE (SELECT name FROM identity.account WHERE id = mc.account()) || ' (on your behalf)' END
$$;

-- Visits in words for a letter, a line an order: by day, or how many between which days when they are many.
CREATE OR REPLACE FUNCTION payments.visits_words(p_visits bigint[]) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT string_agg(format('%s, order %s: %s', s.title, s.ref,
           CASE WHEN s.n > 10 THEN format('%s visits from %s to %s', s.n, to_char(s.first_on, 'FMDD FMMonth YYYY'), to_char(s.last_on, 'FMDD FMMonth YYYY')) ELSE s.days END), E'\n' ORDER BY s.ref)
    FROM (SELECT o.ref, l.title, count(*) AS n, min(v.planned_on) AS first_on, max(v.planned_on) AS last_on,
                 string_agg(to_char(v.planned_on, 'FMDD FMMonth') || coalesce(' at ' || to_char(v.starts_at, 'HH24:MI'), ''), ', ' ORDER BY v.planned_on, v.id) AS days
            FROM payments.visit v
            JOIN payments.orders o ON o.council_id = v.council_id AND o.id = v.order_id
            JOIN payments.order_line l ON l.council_id = v.council_id AND l.id = v.order_line_id
           WHERE v.council_id = mc.council() AND v.id = ANY (p_visits) GROUP BY o.ref, l.title) s
$$;

-- One letter a provider: the days and what is due, never why. Requests that wait are named, so that it knows before it accepts.
CREATE OR REPLACE FUNCTION payments.absence_tell_providers(a payments.absence) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  r record;
BEGIN
  FOR r IN SELECT s.organisation_id, array_agg(s.visit_id) FILTER (WHERE s.visit_id IS NOT NULL) AS visits, coalesce(sum(s.due), 0)::bigint AS due,
                  string_agg(s.waiting, ', ' ORDER BY s.waiting) AS waiting
             FROM (SELECT v.organisation_id, v.id AS visit_id, x.due, NULL AS waiting FROM payments.absence_visit x
                     JOIN payments.visit v ON v.council_id = x.council_id AND v.id = x.visit_id WHERE x.council_id = mc.council() AND x.absence_id = a.id
                   UNION ALL
                   SELECT o.organisation_id, NULL, 0, o.ref FROM payments.absence_request q
                     JOIN payments.orders o ON o.council_id = q.council_id AND o.id = q.order_id AND o.state = 'asked' WHERE q.council_id = mc.council() AND q.absence_id = a.id) s
            GROUP BY s.organisation_id ORDER BY s.organisation_id LOOP
    PERFORM payments.tell(jsonb_build_object('to_organisation', r.organisation_id), 'Somebody is away: please do not come',
      format('One of the people you support is away %s.', payments.away_words(a))
      || coalesce(E'\n\nPlease do not make these visits:\n' || payments.visits_words(r.visits) || E'\n\n'
           || CASE r.due WHEN 0 THEN 'Nothing is due for them.' ELSE payments.pounds(r.due) || ' is due for those that the notice was too short for, and nothing for the others.' END, '')
      || coalesce(E'\n\nIf you accept what you were asked for (' || r.waiting || '), its visits in that time are paused at once, and nothing is due for them.', ''));
  END LOOP;
END $$;

-- {"from", "to"?, "reason": hospital|holiday|other, "words"?, "visits"?, "due"?}: the last two are what the check page showed.
CREATE OR REPLACE FUNCTION payments.do_absence_start(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  a          payments.absence;
  v_other    payments.absence;
  v_found    bigint[];
  v_due      bigint;
  v_released bigint := 0;
  r          record;
BEGIN
  PERFORM payments.must_be('holder', 'self_funder', 'supporter', 'broker');
  PERFORM payments.must_act_for(mc.person(), 'order', 'decide');
  a := payments.absence_asked(p_request);
  PERFORM payments.absence_lock(a.person_id);
  SELECT * INTO v_other FROM payments.absence x WHERE x.council_id = mc.council() AND x.person_id = a.person_id AND x.state = 'open'
     AND daterange(x.starts_on, payments.absence_last(x), '[]') && daterange(a.starts_on, a.ends_on, '[]') ORDER BY x.starts_on LIMIT 1;
  IF FOUND THEN
    PERFORM payments.refuse('overlaps', jsonb_build_object('ref', v_other.ref, 'away', payments.away_words(v_other)));
  END IF;
  SELECT coalesce(array_agg((f.v).id), '{}'), coalesce(sum(f.due), 0)::bigint INTO v_found, v_due FROM payments.absence_finds(a.person_id, a.starts_on, a.ends_on) f;
  PERFORM payments.absence_as_seen(p_request, cardinality(v_found), v_due);
  INSERT INTO payments.absence (council_id, ref, person_id, starts_on, ends_on, reason, words, said_by, said_at, mandate_id)
  VALUES (mc.council(), mc.new_ref(), a.person_id, a.starts_on, a.ends_on, a.reason, a.words, mc.account(), mc.now(), mc.mandate()) RETURNING * INTO a;
  FOR r IN SELECT v.order_id, array_agg(v ORDER BY v.planned_on, v.id) AS visits FROM payments.visit v
            WHERE v.council_id = mc.council() AND v.id = ANY (v_found) GROUP BY v.order_id ORDER BY v.order_id LOOP
    v_released := v_released + (SELECT released FROM payments.visits_cancel(r.order_id, r.visits, NULL, 'absence_start ' || a.ref, 'visit_pause'));
  END LOOP;
  INSERT INTO payments.absence_visit (council_id, absence_id, visit_id, became, due)
  SELECT mc.council(), a.id, v.id, v.state, v.amount FROM payments.visit v WHERE v.council_id = mc.council() AND v.id = ANY (v_found);
  INSERT INTO payments.absence_request (council_id, absence_id, order_id)
  SELECT mc.council(), a.id, w.order_id FROM payments.absence_waiting(a.person_id, a.starts_on, a.ends_on) w;
  PERFORM mc.audit_person(a.person_id, 'absence_start', 'absence', a.ref, v_due);
  PERFORM payments.absence_tell_providers(a);
  PERFORM payments.tell(jsonb_build_object('to_person', a.person_id), 'Away ' || payments.away_words(a),
    format(E'%s said that you are away %s.\n%s%s\nThe reference is %s. If you are back earlier, say so on the page of orders: what is still to come goes on.',
           payments.said_by_words(), payments.away_words(a),
           CASE cardinality(v_found) WHEN 0 THEN 'Nothing was planned in that time.'
             ELSE format('Visits that stop: %s. Free in your budget again: %s.', cardinality(v_found), payments.pounds(v_released)) END,
           CASE v_due WHEN 0 THEN '' ELSE format(' Still to be paid: %s, because the notice was shorter than agreed.', payments.pounds(v_due)) END, a.ref));
  RETURN jsonb_build_object('outcome', 'away', 'ref', a.ref, 'visits', cardinality(v_found), 'released', v_released, 'due', v_due);
END $$;

-- The visits of a request that waited when its person said that they are away, as its provider accepts it: it knew, so nothing is due. How many.
-- What was asked for afterwards is wanted, and stays.
CREATE OR REPLACE FUNCTION payments.absence_pause_new(o payments.orders) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
  a        payments.absence;
  v        payments.visit;
  v_paused bigint[];
  v_n      int := 0;
BEGIN
  FOR a IN SELECT x.* FROM payments.absence x JOIN payments.absence_request q ON q.council_id = x.council_id AND q.absence_id = x.id
            WHERE x.council_id = mc.council() AND q.order_id = o.id AND x.state = 'open' ORDER BY x.id LOOP
    v_paused := '{}';
    FOR v IN SELECT * FROM payments.visit x WHERE x.council_id = mc.council() AND x.order_id = o.id
                AND x.planned_on BETWEEN a.starts_on AND coalesce(payments.absence_last(a), 'infinity') ORDER BY x.planned_on, x.id LOOP
      PERFORM payments.transition_visit(v, 'visit_pause', 0);
      v_paused := v_paused || v.id;
    END LOOP;
    PERFORM payments.visits_release(o.id, v_paused, 'absence_accept ' || a.ref);
    INSERT INTO payments.absence_visit (council_id, absence_id, visit_id, became, due) SELECT mc.council(), a.id, x, 'paused', 0 FROM unnest(v_paused) AS x;
    v_n := v_n + cardinality(v_paused);
  END LOOP;
  RETURN v_n;
END $$;

-- ---------------------------------------------------------------- being back

-- One visit goes on again: the purses that would have paid for it promise it once more.
CREATE OR REPLACE FUNCTION payments.absence_put_back(a payments.absence, p_visit bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v      payments.visit;
  h      record;
BEGIN
  SELECT * INTO STRICT v FROM payments.visit WHERE council_id = mc.council() AND id = p_visit;
  IF v.state = 'paused' THEN
    FOR h IN SELECT x.hold_id, x.amount, o.ref FROM payments.visit_hold x JOIN payments.orders o ON o.council_id = x.council_id AND o.id = v.order_id
              WHERE x.council_id = mc.council() AND x.visit_id = v.id ORDER BY x.hold_id LOOP
      IF ledger.hold_more(ledger.key('absence_back ' || a.ref || ' ' || v.ref || ' ' || h.hold_id), h.hold_id, h.amount, h.ref) ->> 'outcome' <> 'held' THEN
        RAISE EXCEPTION 'visit % could not be held again', v.ref;
      END IF;
    END LOOP;
    UPDATE payments.visit SET held = price WHERE council_id = mc.council() AND id = v.id;
  END IF;
  PERFORM payments.transition_visit(v, 'visit_resume', NULL);
END $$;

-- Orders that nothing can be put back into any more may be finished by now.
CREATE OR REPLACE FUNCTION payments.absence_orders_finish(p_absence bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments.order_finish_if_done(s.order_id)
     FROM (SELECT DISTINCT v.order_id FROM payments.absence_visit x JOIN payments.visit v ON v.council_id = x.council_id AND v.id = x.visit_id
            WHERE x.council_id = mc.council() AND x.absence_id = p_absence ORDER BY v.order_id) AS s;
END $$;

-- Whoever hears of visits that are on again: their providers, one letter each, and the person.
CREATE OR REPLACE FUNCTION payments.absence_tell_back(a payments.absence, p_on bigint[], p_off int, p_held bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments.tell(jsonb_build_object('to_organisation', s.organisation_id), 'Visits are on again',
    format(E'One of the people you support is back from %s. These visits, which were stopped, are on again:\n%s\n\nIf you cannot make one of them, record it as missed: nothing is due then.',
           to_char(a.back_on, 'FMDD FMMonth YYYY'), payments.visits_words(s.visits)))
     FROM (SELECT v.organisation_id, array_agg(v.id) AS visits FROM payments.visit v WHERE v.council_id = mc.council() AND v.id = ANY (p_on)
            GROUP BY v.organisation_id ORDER BY v.organisation_id) AS s;
  PERFORM payments.tell(jsonb_build_object('to_person', a.person_id), 'Back from ' || to_char(a.back_on, 'FMDD FMMonth YYYY'),
    format(E'%s said that you are back from %s.\nVisits that are on again: %s. Set aside for them again: %s.%s\nThe reference is %s.', payments.said_by_words(),
           to_char(a.back_on, 'FMDD FMMonth YYYY'), cardinality(p_on), payments.pounds(p_held),
           CASE p_off WHEN 0 THEN '' ELSE format(' Visits that could not be put back: %s; the page of this time away says why.', p_off) END, a.ref));
END $$;

-- {"absence": ref, "from"?, "visits"?}: back from that day (today); before the first day, and from then on: as if it had not been said. "visits" are how many the
-- check page said are on again.
CREATE OR REPLACE FUNCTION payments.do_absence_back(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  a      payments.absence;
  v_from date := greatest(coalesce((p_request ->> 'from')::date, ledger.today()), ledger.today());
  v_on   bigint[];
  v_off  int;
  v_held bigint;
  p      record;
BEGIN
  PERFORM payments.must_be('holder', 'self_funder', 'supporter', 'broker');
  PERFORM payments.must_act_for(mc.person(), 'order', 'decide');
  PERFORM payments.absence_lock(mc.person());
  SELECT * INTO a FROM payments.absence WHERE council_id = mc.council() AND ref = p_request ->> 'absence' AND person_id = mc.person() FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM payments.not_found('absence');
  ELSIF a.state <> 'open' OR payments.absence_last(a) < ledger.today() THEN
    PERFORM payments.refuse('state', jsonb_build_object('kind', 'absence', 'ref', a.ref, 'state', CASE a.state WHEN 'open' THEN 'over' ELSE a.state END));
  END IF;
  v_from := greatest(v_from, a.starts_on);
  IF v_from > coalesce(payments.absence_last(a), greatest(a.starts_on, ledger.today()) + 366) THEN
    PERFORM payments.refuse('bad_dates', jsonb_build_object('next_step', 'Choose a day from today to the last day of the time away.'));
  END IF;
  SELECT coalesce(array_agg(x.visit_id) FILTER (WHERE x.answer = 'planned'), '{}'), count(*) FILTER (WHERE x.answer <> 'planned'),
         coalesce(sum(v.price) FILTER (WHERE x.answer = 'planned' AND x.became = 'paused'), 0)::bigint INTO v_on, v_off, v_held
    FROM payments.absence_back_plan(a, v_from) x JOIN payments.visit v ON v.council_id = mc.council() AND v.id = x.visit_id;
  PERFORM payments.absence_as_seen(p_request, cardinality(v_on), NULL);
  FOR p IN SELECT * FROM payments.absence_back_plan(a, v_from) LOOP
    UPDATE payments.absence_visit SET answer = p.answer WHERE council_id = mc.council() AND absence_id = a.id AND visit_id = p.visit_id;
    IF p.answer = 'planned' THEN
      PERFORM payments.absence_put_back(a, p.visit_id);
    END IF;
  END LOOP;
  UPDATE payments.absence SET back_on = v_from, state = CASE WHEN v_from <= greatest(starts_on, ledger.today()) THEN 'back' ELSE 'open' END,
         ended_at = CASE WHEN v_from <= greatest(starts_on, ledger.today()) THEN mc.now() END
   WHERE council_id = mc.council() AND id = a.id RETURNING * INTO a;
  PERFORM mc.audit_person(a.person_id, 'absence_back', 'absence', a.ref, v_held);
  PERFORM payments.absence_orders_finish(a.id);
  PERFORM payments.absence_tell_back(a, v_on, v_off, v_held);
  RETURN jsonb_build_object('outcome', 'back', 'ref', a.ref, 'visits', cardinality(v_on), 'left_off', v_off, 'held', v_held, 'state', a.state);
END $$;

-- Jobs: absences whose last day has passed. The person is locked first, as whoever says that they are back does.
CREATE OR REPLACE FUNCTION payments.absences_over() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  a payments.absence;
BEGIN
  FOR a IN SELECT * FROM payments.absence x WHERE x.council_id = mc.council() AND x.state = 'open' AND payments.absence_last(x) < ledger.today() ORDER BY x.id LOOP
    PERFORM FROM identity.person WHERE council_id = mc.council() AND id = a.person_id FOR NO KEY UPDATE;
    UPDATE payments.absence SET state = 'over', ended_at = mc.now() WHERE council_id = mc.council() AND id = a.id AND state = 'open';
    CONTINUE WHEN NOT FOUND;
    PERFORM mc.audit_person(a.person_id, 'absence_over', 'absence', a.ref);
    PERFORM payments.absence_orders_finish(a.id);
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION payments.absence_start(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'absence_start', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.absence_back(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'absence_back', p_request); END $$;
