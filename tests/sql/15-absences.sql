-- "I am away": everything planned is stopped once by each provider's own notice, costs what the frozen terms say, and comes back exactly.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
CREATE FUNCTION k(p text) RETURNS uuid LANGUAGE sql AS $$ SELECT ledger.key(p) $$;
CREATE FUNCTION pos(p_person text) RETURNS TABLE (held bigint, spent bigint, free bigint) LANGUAGE sql AS $$
  SELECT held, spent, free FROM payments.budget_position WHERE person_id = id(p_person) ORDER BY use_order, portion_id
$$;
-- The visits of an order by day, each in a word.
CREATE FUNCTION states(p_order text) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(v.state, ' ' ORDER BY v.planned_on, v.id) FROM payments.visit v JOIN payments.orders o ON o.id = v.order_id WHERE o.ref = ref(p_order)
$$;
CREATE FUNCTION whole(p_person text) RETURNS text LANGUAGE sql AS $$
  SELECT md5(string_agg(v::text, ';' ORDER BY v.id)) FROM payments.visit v WHERE v.person_id = id(p_person)
$$;
CREATE FUNCTION placed(p_name text, p_request jsonb, p_provider text DEFAULT 'provider') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_order text := payments.order_place(gen_random_uuid(), p_request) ->> 'ref';
BEGIN
  INSERT INTO t_thing SELECT p_name, id, ref FROM payments.orders WHERE ref = v_order;
  IF p_provider IS NOT NULL THEN
    PERFORM be(p_provider);
    PERFORM payments.order_accept(gen_random_uuid(), jsonb_build_object('order', v_order));
  END IF;
END $$;
CREATE FUNCTION away(p_from int, p_to int, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('from', ledger.today() + p_from, 'reason', 'hospital', 'words', 'Ward 7') || coalesce(jsonb_build_object('to', ledger.today() + p_to), '{}') || p_more
$$;
CREATE FUNCTION back(p_ref text, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('absence', p_ref) || p_more $$;
CREATE FUNCTION letters(p_organisation text, p_subject text) RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM jobs.outbox WHERE (payload ->> 'to_organisation')::bigint = id(p_organisation) AND payload ->> 'subject' = p_subject
$$;

-- Rosa: five walks at £18.00 (24 hours of notice), five mornings in the garden at £10.00 from another provider (72 hours), each week from tomorrow. Amir: two walks.
INSERT INTO t_listing VALUES ('TLIS-0004', 4, id('second'), 'Garden help', 'hour', 1000, NULL, 'garden', 30, 72);
SELECT be('rosa') \g /dev/null
SELECT placed('walks', walk(5)) \g /dev/null
SELECT be('rosa') \g /dev/null
SELECT placed('garden', walk(5) || '{"listing": "TLIS-0004"}', 'provider2') \g /dev/null
SELECT be('commissioner'), payments.budget_freeze(k('f'), jsonb_build_object('budget', ref('b_amir'), 'freeze', false, 'reason', 'check')) \g /dev/null
SELECT be('broker'), for_('amir', 'm_broker') \g /dev/null
SELECT placed('amirs', walk(2, 'o_amir')) \g /dev/null
SELECT whole('amir') AS amir_before \gset
SELECT results_eq($$ SELECT * FROM pos('rosa') $$, $$ VALUES (6000::bigint, 0::bigint, 0::bigint), (8000, 0, 42000) $$, 'before: all is set aside');

UPDATE mc.installation SET is_demo = true;  -- so that the clock can be set

-- The notice at its very edge. The first visits are tomorrow at ten: the walk is free until today at ten, the garden has always cost by then.
CREATE FUNCTION clock(p_before interval) RETURNS text LANGUAGE sql AS $$
  SELECT set_config('mc.clock', ((SELECT min(planned_on) FROM payments.visit WHERE order_id = id('walks')) + time '10:00') AT TIME ZONE 'Europe/London' - p_before || '', true)
$$;
SELECT be('rosa') \g /dev/null
SELECT clock('24 hours') \g /dev/null
SELECT results_eq($$ SELECT (f.v).organisation_id, f.due FROM payments.absence_finds(id('rosa'), ledger.today() + 1, ledger.today() + 1) f ORDER BY 1 $$,
                  $$ VALUES (id('bright'), 0::bigint), (id('second'), 1000) $$, 'just in time for one, too late for the other: each provider has its own notice');
SELECT clock('23:59:59') \g /dev/null
SELECT results_eq($$ SELECT f.due FROM payments.absence_finds(id('rosa'), ledger.today() + 1, ledger.today() + 1) f ORDER BY 1 $$, $$ VALUES (1000::bigint), (1800) $$, 'a second later both cost');
SELECT clock('72 hours') \g /dev/null
SELECT is((SELECT sum(f.due) FROM payments.absence_finds(id('rosa'), ledger.today(), NULL) f), 0::numeric, 'seventy-two hours before nothing does');
SELECT clock('71:59:59') \g /dev/null
SELECT is((SELECT sum(f.due) FROM payments.absence_finds(id('rosa'), ledger.today(), NULL) f), 1000::numeric, 'a second later the garden does');
SELECT clock('24 hours') \g /dev/null
SELECT is(payments.visit_cancel(k('probe'), jsonb_build_object('visit', (SELECT ref FROM payments.visit WHERE order_id = id('garden') ORDER BY planned_on LIMIT 1))) ->> 'still_due', '1000',
          'cancelling one visit says the same: there is one rule');

-- What is refused
SELECT is(payments.absence_start(k('r1'), away(-1, 3)) ->> 'outcome', 'bad_dates', 'not from yesterday');
SELECT is(payments.absence_start(k('r2'), away(3, 2)) ->> 'outcome', 'bad_dates', 'not backwards');
SELECT throws_ok($$ SELECT payments.absence_start(k('r3'), away(1, 2, '{"reason": "boredom"}')) $$, 'MC422', NULL, 'a reason that does not exist');
SELECT is(payments.absence_start(k('r5'), away(1, 15, '{"visits": 6, "due": 0}')) ->> 'outcome', 'changed', 'a page that showed another number of visits does nothing');
SELECT is(payments.absence_start(k('r6'), away(1, 15, '{"visits": 5, "due": 7}')) ->> 'outcome', 'changed', 'nor one that showed another price');
SELECT be('provider') \g /dev/null
SELECT throws_ok($$ SELECT payments.absence_start(k('r7'), away(1, 3)) $$, 'MC403', NULL, 'a provider says nothing of the kind');
SELECT be('broker'), for_('rosa', 'm_see') \g /dev/null
SELECT is(payments.absence_start(k('r8'), away(1, 3)) ->> 'outcome', 'mandate_no_right', 'nor does who may only see');
SELECT is((SELECT count(*) FROM payments.absence), 0::bigint, 'nothing was stored');
SELECT is(whole('amir'), :'amir_before', 'nor anything of somebody else''s');

-- Saying it: three walks and two gardens ahead in fifteen days; the first walk is in time
SELECT be('rosa') \g /dev/null
SELECT whole('rosa') AS rosa_before \gset
SELECT sum(held) AS held_before, sum(free) AS free_before FROM pos('rosa') \gset
SELECT payments.absence_start(k('a1'), away(1, 15, '{"visits": 5, "due": 0}')) AS said \gset
SELECT is(:'said'::jsonb - 'ref' - 'replayed', '{"outcome": "away", "visits": 5, "released": 7400, "due": 0}'::jsonb, 'everything stops at once');
SELECT (:'said'::jsonb) ->> 'ref' AS a1 \gset
SELECT is(states('walks'), 'paused paused paused planned planned', 'the walks of that time');
SELECT is(states('garden'), 'cancelled paused paused planned planned', 'and the gardens; what was cancelled before stays cancelled');
SELECT is((SELECT sum(held) FROM pos('rosa')), :held_before - 7400::numeric, 'the money is free again');
SELECT results_eq($$ SELECT free FROM pos('rosa') $$, $$ VALUES (5400::bigint), (44000) $$, 'in the purses that would have paid: £54.00 of her own, £20.00 of the council''s');
SELECT is(payments.absence_start(k('a1'), away(1, 15, '{"visits": 5, "due": 0}')) ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT payments.absence_start(k('a1'), away(1, 16)) $$, 'MC422', NULL, 'the same key with another body: refused');
SELECT is((SELECT count(*) FROM payments.absence), 1::bigint, 'one absence is stored');
SELECT is(letters('bright', 'Somebody is away: please do not come'), 1::bigint, 'one letter a provider');
SELECT is(letters('second', 'Somebody is away: please do not come'), 1::bigint, 'and one to the other');
SELECT ok(NOT EXISTS (SELECT FROM jobs.outbox WHERE payload ? 'to_organisation' AND payload ->> 'body' ~* 'hospital|ward'), 'no provider is told why');
SELECT ok(NOT EXISTS (SELECT FROM payments.order_event WHERE reason ~* 'hospital|ward'), 'nor on the order');
SELECT is((SELECT count(*) FROM audit.event WHERE verb = 'absence_start' AND ref = :'a1' AND person_id = id('rosa') AND account_id = (SELECT account FROM t_hat WHERE name = 'rosa')), 1::bigint, 'the log names who and for whom');
SELECT is((SELECT count(*) FROM payments.order_event WHERE verb = 'visit_pause'), 5::bigint, 'and each visit has its event');
SELECT is(whole('amir'), :'amir_before', 'Amir''s visits are as they were');
SELECT is(payments.absence_start(k('a2'), away(15, 20)) ->> 'outcome', 'overlaps', 'nobody is away twice at once');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');
SELECT throws_ok(format('INSERT INTO payments.absence (council_id, ref, person_id, starts_on, reason, said_by, said_at) VALUES (901, mc.new_ref(), %s, ledger.today() + 10, ''other'', %s, now())',
  id('rosa'), (SELECT account FROM t_hat WHERE name = 'rosa')), '23P01', NULL, 'nor behind the functions'' back');

-- A paused visit is nobody's to record or to bill
SELECT (array_agg(v.ref ORDER BY v.planned_on))[1] AS p1, (array_agg(v.ref ORDER BY v.planned_on))[2] AS p2, (array_agg(v.id ORDER BY v.planned_on))[1] AS p1id
  FROM payments.visit v WHERE v.order_id = id('walks') \gset
SAVEPOINT billed;
UPDATE payments.visit SET planned_on = planned_on - 30 WHERE order_id = id('walks');
SELECT be('provider') \g /dev/null
SELECT is(payments.visit_deliver(k('d1'), jsonb_build_object('visit', :'p1', 'outcome', 'delivered')) ->> 'state', 'paused', 'its provider cannot record it');
SELECT is(payments.visits_deliver(k('d2'), jsonb_build_object('from', ledger.today() - 60, 'to', ledger.today())) ->> 'visits', '2', 'nor with a whole week: only the planned ones');
SELECT is((SELECT count(*) FROM payments.billable_visit WHERE order_id = id('walks')), 2::bigint, 'it is on no list of what can be billed');
-- Three are paused, two were delivered; the invoice bills three hours of that time.
CREATE FUNCTION why_not(p_bill jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_ref text := payments.invoice_receive(gen_random_uuid(), p_bill) ->> 'ref';
BEGIN
  RETURN (SELECT string_agg(e.code || ': ' || e.sentence, ' | ' ORDER BY e.code) FROM payments.invoice i JOIN payments.exception e ON e.invoice_id = i.id AND e.state = 'open' WHERE i.ref = v_ref);
END $$;
SELECT matches(why_not(bill('AW-1', 'walks', 3)), 'paused: It bills visits that were paused because the person was away: .*, .*, .*\. Nothing is due for them\.', 'a bill for the time is refused with its reason');
SELECT matches(why_not(jsonb_set(bill('AW-2', 'walks', 1), '{lines,0,visits}', jsonb_build_array(:'p2'))), 'paused: ', 'as is one that names a paused visit');
SELECT is(payments.order_capture(id('walks'), ARRAY[:p1id]::bigint[], 1800, 'INV-P') ->> 'outcome', 'not_due', 'and nothing can be taken for it');
SELECT be('finance') \g /dev/null
SELECT is(payments.exception_resolve(k('er'), jsonb_build_object('exception', (SELECT e.ref FROM payments.exception e JOIN payments.invoice i ON i.id = e.invoice_id WHERE i.number = 'AW-2' AND e.code = 'paused'),
  'action', 'accept', 'note', 'Be kind.')) ->> 'outcome', 'cannot_accept', 'finance cannot wave it through');
SELECT be('provider') \g /dev/null
SELECT is(payments.invoice_receive(gen_random_uuid(), bill('AW-4', 'walks', 2)) ->> 'outcome', 'approved', 'what was delivered in that time is paid without a hand');
INSERT INTO payments.tolerance (council_id, measure, absolute, percent) VALUES (901, 'quantity', 1000, 100);
SELECT matches(why_not(jsonb_set(bill('AW-3', 'walks', 0.5), '{lines,0,visits}', jsonb_build_array(:'p2'))), 'paused: ', 'whatever the tolerance');
SELECT is_empty('SELECT * FROM ledger.verify()', 'and the books are whole');
ROLLBACK TO billed;

-- Undone before it begins: every visit is as it was, to the last column
SELECT be('amir') \g /dev/null
SELECT throws_ok(format($$ SELECT payments.absence_back(k('b0'), back(%L)) $$, :'a1'), 'MC404', NULL, 'somebody else''s absence does not exist');
SELECT be('olu') \g /dev/null
SELECT throws_ok(format($$ SELECT payments.absence_back(k('b0'), back(%L)) $$, :'a1'), 'MC404', NULL, 'nor another council''s');
SELECT be('rosa') \g /dev/null
SELECT is((SELECT count(*) FROM payments.absence_back_plan((SELECT a FROM payments.absence a WHERE ref = :'a1'), ledger.today()) WHERE answer = 'planned'), 5::bigint, 'all five would come back');
SELECT is(payments.absence_back(k('b1'), back(:'a1', '{"visits": 4}')) ->> 'outcome', 'changed', 'as the page showed, or not at all');
SELECT is(payments.absence_back(k('b2'), back(:'a1', '{"visits": 5}')) - 'ref' - 'replayed', '{"outcome": "back", "visits": 5, "left_off": 0, "held": 7400, "state": "back"}'::jsonb, 'undone');
SELECT is(whole('rosa'), :'rosa_before', 'not one visit lost, none doubled, nothing about them changed');
SELECT is((SELECT sum(held) FROM pos('rosa')), :held_before::numeric, 'the money is set aside again');
SELECT is((SELECT sum(free) FROM pos('rosa')), :free_before::numeric, 'and what is left is what was left');
SELECT is(payments.absence_back(k('b2'), back(:'a1', '{"visits": 5}')) ->> 'replayed', 'true', 'once');
SELECT throws_ok(format($$ SELECT payments.absence_back(k('b2'), back(%L)) $$, :'a1'), 'MC422', NULL, 'the same key with another body: refused');
SELECT is(payments.absence_back(k('b3'), back(:'a1')) ->> 'state', 'back', 'a second time it is a fact');
SELECT is(letters('bright', 'Visits are on again'), 1::bigint, 'each provider is told once');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');

-- Money that came back into a hold with a visit is not what a credit note gave back: that can still be billed again from the purse it went to.
SAVEPOINT credited;
UPDATE payments.visit SET planned_on = planned_on - 40 WHERE order_id = id('walks');
SELECT be('provider'), payments.visit_deliver(k('cr1'), jsonb_build_object('visit', :'p1', 'outcome', 'delivered')) \g /dev/null
SELECT be('finance') \g /dev/null
SELECT payments.order_capture(id('walks'), ARRAY[:p1id]::bigint[], 1800, 'INV-C'), payments.order_uncapture(id('walks'), 'INV-C', 500, 'CN-C') \g /dev/null
SELECT is((SELECT sum(payments.hold_returned(order_id, hold_id)) FROM payments.order_hold WHERE order_id = id('walks') AND position = 1), 500::numeric, 'a credit note is counted alone');
ROLLBACK TO credited;

-- Too late for some: cancelled, due, their money stays; and undone all the same, as long as nobody billed it
SELECT clock('2 hours') \g /dev/null
SELECT payments.absence_start(k('c1'), away(0, NULL, '{"reason": "other"}')) AS said \gset
SELECT (:'said'::jsonb) ->> 'ref' AS c1 \gset
SELECT is(:'said'::jsonb - 'ref' - 'replayed', jsonb_build_object('outcome', 'away', 'visits', 9, 'released', 4 * 1800 + 4 * 1000, 'due', 1800), 'until she says that she is back: all that follows, the first at its price');
SELECT is(states('walks'), 'cancelled paused paused paused paused', 'the first came too near');
SELECT is((SELECT sum(held) FROM pos('rosa')), 2800::numeric, 'only what is due is still held: this walk, and the garden of before');
SELECT is((SELECT state FROM payments.orders WHERE ref = ref('walks')), 'accepted', 'the order is not finished: it may go on');
SELECT matches((SELECT payload ->> 'body' FROM jobs.outbox WHERE (payload ->> 'to_organisation')::bigint = id('bright') ORDER BY id DESC LIMIT 1), '£18\.00 is due', 'its provider reads what is due');
-- Back on the day of the fourth week; the first three stay off.
SELECT set_config('mc.clock', ((ledger.today() + 16) + time '08:00')::timestamp AT TIME ZONE 'Europe/London' || '', true) \g /dev/null
SELECT be('rosa') \g /dev/null
SELECT is(payments.absence_back(k('c2'), back(:'c1')) - 'ref' - 'replayed', '{"outcome": "back", "visits": 4, "left_off": 0, "held": 5600, "state": "back"}'::jsonb, 'back early: what is still to come goes on');
SELECT is(states('walks'), 'cancelled paused paused planned planned', 'exactly that');
SELECT is((SELECT amount FROM payments.visit WHERE ref = :'p1'), 1800::bigint, 'what was due stays due');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');

-- A day ahead that is known: visits go on again from there, and until then she is away
SELECT payments.absence_start(k('e1'), away(1, NULL, '{"reason": "holiday"}')) ->> 'ref' AS e1 \gset
SELECT is(states('walks'), 'cancelled paused paused paused paused', 'away again');
SELECT is(payments.absence_back(k('e2'), back(:'e1', jsonb_build_object('from', ledger.today() + 10))) - 'ref' - 'replayed', '{"outcome": "back", "visits": 2, "left_off": 0, "held": 2800, "state": "open"}'::jsonb, 'back in ten days');
SELECT is(states('walks'), 'cancelled paused paused paused planned', 'what comes before stays off');
SELECT matches(payments.away_of(id('rosa')), '^from .* to .*$', 'and the last day is known');
SELECT is(payments.absence_back(k('e3'), back(:'e1', jsonb_build_object('from', ledger.today() + 10))) ->> 'outcome', 'bad_dates', 'later than that is another absence');

-- Her money went to something else meanwhile: said plainly, the earliest first, nothing half
SELECT payments.absence_back(k('e4'), back(:'e1')) \g /dev/null
SELECT is(states('walks'), 'cancelled paused paused planned planned', 'all of it back');
SELECT payments.absence_start(k('g1'), away(1, NULL)) ->> 'ref' AS g1 \gset
SELECT be('commissioner') \g /dev/null
SELECT payments.allocation_take_back(k('tb' || p.portion_ref), jsonb_build_object('portion', p.portion_ref, 'amount', p.free - CASE p.kind WHEN 'own_money' THEN 0 ELSE 1900 END, 'reason', 'test'))
  FROM payments.budget_position p WHERE p.person_id = id('rosa') AND p.kind <> 'own_money' \g /dev/null
SELECT be('rosa') \g /dev/null
SELECT results_eq(format($$ SELECT answer FROM payments.absence_back_plan((SELECT a FROM payments.absence a WHERE ref = %L), ledger.today()) x JOIN payments.visit v ON v.id = x.visit_id ORDER BY v.planned_on, v.starts_at, v.id $$, :'g1'),
                  $$ VALUES ('planned'), ('short'), ('short'), ('short') $$, 'one fits into what is left, the others say that money is missing');
-- A frozen budget promises nothing new.
SELECT be('safeguarding'), payments.budget_freeze(k('fz'), jsonb_build_object('budget', ref('b_rosa'), 'freeze', true, 'reason', 'a concern')) \g /dev/null
SELECT be('rosa') \g /dev/null
SELECT results_eq(format($$ SELECT DISTINCT answer FROM payments.absence_back_plan((SELECT a FROM payments.absence a WHERE ref = %L), ledger.today()) $$, :'g1'), $$ VALUES ('frozen') $$, 'a frozen budget puts nothing back');
SELECT be('safeguarding'), payments.budget_freeze(k('fz2'), jsonb_build_object('budget', ref('b_rosa'), 'freeze', false, 'reason', 'settled')) \g /dev/null
-- One order was given up meanwhile: its visits do not rise again.
SELECT be('rosa') \g /dev/null
SELECT is(payments.order_cancel(k('oc'), jsonb_build_object('order', ref('garden'))) - 'ref' - 'replayed', '{"outcome": "cancelled", "released": 0, "still_due": 0}'::jsonb, 'an order whose visits are paused ends, and nothing is due for them');
SELECT is(payments.absence_back(k('g2'), back(:'g1')) - 'ref' - 'replayed', '{"outcome": "back", "visits": 1, "left_off": 3, "held": 1800, "state": "back"}'::jsonb, 'one walk goes on');
SELECT is((SELECT string_agg(answer, ' ' ORDER BY v.planned_on, v.order_id) FROM payments.absence_visit x JOIN payments.visit v ON v.id = x.visit_id JOIN payments.absence a ON a.id = x.absence_id WHERE a.ref = :'g1'),
          'planned order_ended short order_ended', 'and each of the others says why not');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');

-- A request that waited: its provider knows, and what falls into the time is paused free of charge as it accepts. What is asked for later is wanted.
SELECT be('commissioner'), payments.budget_allocate(k('more'), jsonb_build_object('person', ref('amir'), 'starts_on', current_date - 30, 'ends_on', current_date + 700, 'lines',
  '[{"funder": "Exampleshire Council", "kind": "social_care", "portions": [{"route": "council_managed", "amount": 20000}]}]'::jsonb)) \g /dev/null
SELECT be('broker'), for_('amir', 'm_broker') \g /dev/null
SELECT placed('waiting', walk(3, 'o_amir'), NULL) \g /dev/null
SELECT (SELECT sum(held) FROM pos('amir')) AS amir_held \gset
SELECT payments.absence_start(k('h1'), away(0, 9)) AS said \gset
SELECT (:'said'::jsonb) ->> 'ref' AS h1 \gset
SELECT is((SELECT mandate_id FROM payments.absence WHERE ref = :'h1'), id('m_broker'), 'a broker says it under the mandate');
SELECT matches((SELECT payload ->> 'body' FROM jobs.outbox WHERE (payload ->> 'to_person')::bigint = id('amir') ORDER BY id DESC LIMIT 1), '^Broker \(on your behalf\) said that you are away', 'and Amir reads who did');
SELECT is((SELECT count(*) FROM payments.absence_request WHERE absence_id = (SELECT id FROM payments.absence WHERE ref = :'h1')), 1::bigint, 'the request that waits is written down');
SELECT matches((SELECT payload ->> 'body' FROM jobs.outbox WHERE (payload ->> 'to_organisation')::bigint = id('bright') ORDER BY id DESC LIMIT 1), 'If you accept what you were asked for \(' || ref('waiting') || '\)', 'and its provider knows before it answers');
SELECT is(payments.order_try(walk(1, 'o_amir')) ->> 'away_visits', '1', 'a new visit in that time is warned of');
SELECT ok(NOT payments.order_try(walk(1, 'o_amir') || jsonb_build_object('starts_on', ledger.today() + 10, 'weekdays', jsonb_build_array(extract(isodow FROM ledger.today() + 10)::int))) ? 'away_visits', 'one behind it is not');
SELECT placed('wanted', walk(1, 'o_amir')) \g /dev/null
SELECT is(states('wanted'), 'planned', 'and what is asked for all the same takes place');
SELECT be('provider') \g /dev/null
SELECT is(payments.order_accept(k('hacc'), jsonb_build_object('order', ref('waiting'))) ->> 'paused', '2', 'two of the request that waited fall into that time');
SELECT is(states('waiting'), 'paused paused planned', 'and are paused as they are made');
SELECT is((SELECT sum(due) FROM payments.absence_visit x JOIN payments.visit v ON v.id = x.visit_id WHERE v.order_id = id('waiting')), 0::numeric, 'nothing is due for them');
-- An ended mandate brings nobody back; the person themselves can.
UPDATE identity.mandate SET revoked_at = now() WHERE id = id('m_broker');
SELECT be('broker'), for_('amir', 'm_broker') \g /dev/null
SELECT is(payments.absence_back(k('h2'), back(:'h1')) ->> 'outcome', 'mandate_revoked', 'a mandate that ended is respected');
SELECT be('amir') \g /dev/null
SELECT is(payments.absence_back(k('h3'), back(:'h1')) ->> 'outcome', 'back', 'Amir is back');
SELECT is(states('waiting'), 'planned planned planned', 'and so are the visits of the request');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');

-- What ends by its last day: jobs close it, and orders with nothing left to come are finished then, not before
SELECT placed('last', walk(1, 'o_amir')) \g /dev/null
SELECT be('amir') \g /dev/null
SELECT payments.absence_start(k('i1'), away(0, 1)) ->> 'ref' AS i1 \gset
SELECT is((SELECT state FROM payments.orders WHERE ref = ref('last')), 'accepted', 'while it can come back, the order goes on');
SELECT set_config('mc.clock', ((ledger.today() + 2) + time '00:01')::timestamp AT TIME ZONE 'Europe/London' || '', true) \g /dev/null
SELECT is(payments.absence_back(k('i2'), back(:'i1')) ->> 'state', 'over', 'the day after it is over, whether jobs came by or not');
SELECT payments.order_expire_due() \g /dev/null
SELECT is((SELECT state FROM payments.absence WHERE ref = :'i1'), 'over', 'jobs close it');
SELECT is((SELECT state FROM payments.orders WHERE ref = ref('last')), 'finished', 'and the order is finished');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');

-- Three walks: one is cancelled by hand while he is away, one begins before he is back, one goes on; the order waits for what may come back.
SELECT set_config('mc.clock', (ledger.today() + time '08:00')::timestamp AT TIME ZONE 'Europe/London' || '', true) \g /dev/null
SELECT be('amir') \g /dev/null
SELECT placed('three', walk(3, 'o_amir')) \g /dev/null
SELECT set_config('mc.clock', ((ledger.today() + 1) + time '08:00')::timestamp AT TIME ZONE 'Europe/London' || '', true) \g /dev/null
SELECT be('amir') \g /dev/null
SELECT payments.absence_start(k('j1'), away(0, NULL)) ->> 'ref' AS j1 \gset
SELECT is(states('three'), 'cancelled paused paused', 'two hours before is too late for the first');
SELECT is(payments.visit_cancel(k('j2'), jsonb_build_object('visit', (SELECT ref FROM payments.visit WHERE order_id = id('three') ORDER BY planned_on OFFSET 1 LIMIT 1))) ->> 'still_due', '0', 'a paused visit can be cancelled for good, and costs nothing');
SELECT is(payments.visit_cancel(k('j3'), jsonb_build_object('visit', (SELECT ref FROM payments.visit WHERE order_id = id('three') ORDER BY planned_on OFFSET 2 LIMIT 1))) ->> 'still_due', '0', 'as can the other');
SELECT is((SELECT state FROM payments.orders WHERE ref = ref('three')), 'accepted', 'the order waits: the first one may still be taken back');
SAVEPOINT in_time;
SELECT payments.absence_back(k('j4'), back(:'j1')) \g /dev/null
SELECT is(states('three'), 'planned cancelled cancelled', 'in time it is, and what was cancelled by hand does not rise again');
ROLLBACK TO in_time;
SELECT set_config('mc.clock', (ledger.today() + time '10:01')::timestamp AT TIME ZONE 'Europe/London' || '', true) \g /dev/null
SELECT payments.absence_back(k('j4'), back(:'j1')) \g /dev/null
SELECT is(states('three'), 'cancelled cancelled cancelled', 'once its time has come it is not');
SELECT is((SELECT string_agg(x.answer, ' ' ORDER BY v.planned_on) FROM payments.absence_visit x JOIN payments.visit v ON v.id = x.visit_id JOIN payments.absence a ON a.id = x.absence_id WHERE a.ref = :'j1' AND v.order_id = id('three')),
          'past changed changed', 'each says why');
SELECT is((SELECT state FROM payments.orders WHERE ref = ref('three')), 'finished', 'and then the order is finished');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');

-- A stay that nobody could foresee to be so long ends like any other.
SELECT payments.absence_start(k('l1'), away(0, NULL)) ->> 'ref' AS l1 \gset
SELECT set_config('mc.clock', ((ledger.today() + 400) + time '08:00')::timestamp AT TIME ZONE 'Europe/London' || '', true) \g /dev/null
SELECT is(payments.absence_back(k('l2'), back(:'l1')) ->> 'outcome', 'back', 'somebody comes back after more than a year');
SELECT is(payments.away_of(id('amir')), NULL, 'and is away no more');

-- The auditor finds what is changed behind its back
SET LOCAL session_replication_role = replica;
UPDATE payments.visit SET amount = 5 WHERE ref = (SELECT ref FROM payments.visit WHERE state = 'paused' ORDER BY id LIMIT 1);
SELECT results_eq('SELECT DISTINCT check_name FROM ledger.verify()', $$ VALUES ('visit_paused') $$, 'money due for a paused visit');
SET LOCAL session_replication_role = origin;
SELECT * FROM finish();
ROLLBACK;
