-- Several people fund one activity: nobody pays more than they agreed to, the shares are the price, leaving frees exactly the share, and nobody sees another's money.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
CREATE FUNCTION k(p text) RETURNS uuid LANGUAGE sql AS $$ SELECT ledger.key(p) $$;
CREATE FUNCTION pos(p_person text) RETURNS TABLE (held bigint, free bigint) LANGUAGE sql AS $$
  SELECT held, free FROM payments.budget_position WHERE person_id = id(p_person) ORDER BY use_order, portion_id
$$;
CREATE FUNCTION held(p_person text) RETURNS bigint LANGUAGE sql AS $$ SELECT sum(held)::bigint FROM pos(p_person) $$;
-- Two hours of walking together, once a week from in ten days, for two to four people; the last day to join is in five days.
CREATE FUNCTION together(p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
  SELECT (walk(4) - 'outcome') || jsonb_build_object('minutes', 120, 'starts_on', ledger.today() + 10, 'weekdays', jsonb_build_array(extract(isodow FROM ledger.today() + 10)::int),
                                                     'minimum', 2, 'most', 4, 'closes_on', ledger.today() + 5) || p_more
$$;
CREATE FUNCTION started(p_name text, p_request jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v jsonb := payments.pool_start(gen_random_uuid(), p_request);
BEGIN
  INSERT INTO t_thing SELECT p_name, id, ref FROM payments.pool WHERE ref = v ->> 'ref';
  INSERT INTO t_thing SELECT p_name || '?', id, invitation FROM payments.pool WHERE ref = v ->> 'ref';
  RETURN v ->> 'outcome';
END $$;
CREATE FUNCTION yes(p_pool text, p_outcome text DEFAULT NULL, p_shown text DEFAULT 'first_name') RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object('invitation', ref(p_pool || '?'), 'outcome', ref(p_outcome), 'shown', p_shown))
$$;
CREATE FUNCTION no_(p_pool text) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('invitation', ref(p_pool || '?')) $$;
CREATE FUNCTION out_(p_pool text) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('pool', ref(p_pool)) $$;
CREATE FUNCTION shares(p_pool text) RETURNS TABLE (person_id bigint, state text, each bigint, total bigint) LANGUAGE sql AS $$
  SELECT m.person_id, o.state, l.visit_price, o.total FROM payments.pool_member m JOIN payments.orders o ON o.id = m.order_id JOIN payments.order_line l ON l.order_id = o.id
   WHERE m.pool_id = id(p_pool) AND m.state = 'in' ORDER BY m.id
$$;
CREATE FUNCTION later(p_days int) RETURNS text LANGUAGE sql AS $$
  SELECT set_config('mc.clock', (clock_timestamp() + make_interval(days => p_days))::text, true)
$$;
CREATE FUNCTION letters(p_subject text) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM jobs.outbox WHERE payload ->> 'subject' LIKE p_subject || '%' $$;
CREATE FUNCTION told() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM jobs.outbox WHERE payload ->> 'to_organisation' = id('bright')::text AND payload ->> 'subject' ~ 'request|away' $$;
UPDATE mc.installation SET is_demo = true;  -- so that the clock can be set
SELECT be('commissioner'), payments.budget_freeze(k('f'), jsonb_build_object('budget', ref('b_amir'), 'freeze', false, 'reason', 'check')) \g /dev/null

-- The rule of the shares: whole pence, the price in sum, never more than with the smallest number of people.
SELECT is_empty($$ SELECT * FROM generate_series(1, 20) AS n, generate_series(20, 2000, 7) AS price
  WHERE (SELECT sum(payments.share(price, n, k)) FROM generate_series(1, n) AS k) <> price $$, 'the shares are the price, of whatever price and however many');
SELECT is_empty($$ SELECT * FROM generate_series(2, 20) AS least, generate_series(2, 20) AS n, generate_series(20, 2000, 7) AS price
  WHERE n >= least AND payments.share(price, n, 1) > payments.share(price, least, 1) $$, 'with more people nobody''s is larger than what they agreed to');
SELECT is(ARRAY(SELECT payments.share(1000, 3, k) FROM generate_series(1, 3) AS k), '{334,333,333}'::bigint[], 'the first pays the penny that is left over');

-- Three people of £24.68 each time, at the public price: held at half, settled at a third with a penny over; what came from a second purse goes back there.
SAVEPOINT art;
SELECT be('joan') \g /dev/null
SELECT is(started('art', (together('{"listing": "TLIS-0002", "quantity": 2, "weeks": 6}') - 'minutes')), 'started', 'Joan proposes art');
SELECT is(payments.pool_join(k('t1'), yes('art')) ->> 'total', '7404', 'half of £24.68, six times, of her own money');
SELECT be('rosa') \g /dev/null
SELECT is(payments.pool_join(k('t2'), yes('art', 'o_rosa')) ->> 'outcome', 'joined', 'Rosa joins');
SELECT results_eq($$ SELECT * FROM pos('rosa') $$, $$ VALUES (6000::bigint, 0::bigint), (1404, 48596) $$, 'with all of her own money and some of the council''s');
SELECT be('amir') \g /dev/null
SELECT is(payments.pool_join(k('t3'), yes('art', 'o_amir')) ->> 'outcome', 'joined', 'Amir makes three');
SELECT later(6) \g /dev/null
SELECT payments.order_expire_due() \g /dev/null
SELECT results_eq($$ SELECT * FROM shares('art') $$, $$ VALUES (id('joan'), 'asked', 823::bigint, 4938::bigint), (id('rosa'), 'asked', 823, 4938), (id('amir'), 'asked', 822, 4932) $$,
                  'who came first pays the penny');
SELECT is((SELECT sum(total) FROM shares('art')), 6 * 2468::numeric, 'together it is six times £24.68');
SELECT results_eq($$ SELECT * FROM pos('rosa') $$, $$ VALUES (4938::bigint, 1062::bigint), (0, 50000) $$, 'what was held beyond it is free, in the purses that it came from');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');
SELECT be('provider') \g /dev/null
SELECT payments.order_accept(k('t4'), (SELECT jsonb_build_object('order', ref) FROM payments.orders WHERE person_id = id('joan'))) \g /dev/null
SELECT is_empty('SELECT * FROM ledger.verify()', 'nor after the visits are planned, each paid by its own purses');
SELECT is((SELECT count(*) FROM payments.visit), 18::bigint, 'six visits each');
ROLLBACK TO art;

-- Proposing costs nothing.
SELECT be('rosa') \g /dev/null
SELECT is(started('own', together('{"weeks": 3}')), 'started', 'Rosa proposes three walks, of which her share is paid by her own money');
SELECT is((SELECT price FROM payments.pool WHERE id = id('own')), 4000::bigint, 'so it has the public price');
DELETE FROM payments.pool WHERE id = id('own');
SELECT is(started('walk', together()), 'started', 'and four, which the council''s money pays in part');
SELECT is((SELECT price FROM payments.pool WHERE id = id('walk')), 3600::bigint, 'at the council''s price, for all together');
SELECT is(held('rosa'), 0::bigint, 'nothing is set aside yet');
SELECT throws_ok($$ SELECT payments.pool_start(gen_random_uuid(), together('{"minimum": 1}')) $$, 'MC422', NULL, 'one is not together');
SELECT throws_ok($$ SELECT payments.pool_start(gen_random_uuid(), together('{"most": 21}')) $$, 'MC422', NULL, 'twenty at most');
SELECT throws_ok($$ SELECT payments.pool_start(gen_random_uuid(), together('{"minimum": 4, "most": 3}')) $$, 'MC422', NULL, 'not fewer at most than at least');
SELECT is(payments.pool_start(gen_random_uuid(), together(jsonb_build_object('closes_on', ledger.today() + 8))) ->> 'outcome', 'bad_close', 'the provider needs days to answer');
SELECT is(payments.pool_start(gen_random_uuid(), together(jsonb_build_object('closes_on', ledger.today() - 1))) ->> 'outcome', 'bad_close', 'no last day in the past');
SELECT is(payments.pool_start(gen_random_uuid(), together('{"listing": "TLIS-9999"}')) ->> 'outcome', 'no_listing', 'no service that is not there');
SELECT be('provider') \g /dev/null
SELECT throws_ok($$ SELECT payments.pool_start(gen_random_uuid(), together()) $$, 'MC403', NULL, 'a provider proposes none');

-- Joining: seen first, then held.
SELECT be('rosa') \g /dev/null
SELECT is(payments.pool_try(ref('walk?')) - 'left_over', '{"outcome": "fits", "total": 7200}'::jsonb, 'Rosa sees half of the price, four times');
SELECT is(payments.pool_join(k('j0'), yes('walk')) ->> 'outcome', 'no_outcome', 'council money is for an outcome');
SELECT throws_ok($$ SELECT payments.pool_join(k('j00'), yes('walk', 'o_rosa', 'everything')) $$, 'MC422', NULL, 'what is shown is one of three');
SELECT is(held('rosa'), 0::bigint, 'nothing was held by what was refused');
SELECT is(payments.pool_join(k('j1'), yes('walk', 'o_rosa')) - 'ref' - 'order' - 'replayed', '{"outcome": "joined", "total": 7200}'::jsonb, 'Rosa takes part');
SELECT is(payments.pool_join(k('j1'), yes('walk', 'o_rosa')) ->> 'replayed', 'true', 'the same form again is the same answer');
SELECT is(payments.pool_join(k('j1b'), yes('walk', 'o_rosa')) ->> 'outcome', 'already', 'nobody is in twice');
SELECT results_eq($$ SELECT * FROM pos('rosa') $$, $$ VALUES (6000::bigint, 0::bigint), (1200, 48800) $$, 'her share at its largest is held once');
SELECT be('amir') \g /dev/null
SELECT is(payments.pool_join(k('j2'), yes('walk', 'o_amir', 'initials')) ->> 'outcome', 'joined', 'Amir too');
SELECT results_eq($$ SELECT * FROM shares('walk') $$, $$ VALUES (id('rosa'), 'gathering', 1800::bigint, 7200::bigint), (id('amir'), 'gathering', 1800, 7200) $$, 'two shares that wait for others');
SELECT is(ARRAY(SELECT shown_as FROM payments.pool_members(id('walk'))), '{Rosa,A. D.}'::text[], 'shown as each of them chose');
SELECT is(told(), 0::bigint, 'the provider is not told yet');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');
SELECT be('provider') \g /dev/null
SELECT throws_ok(format('SELECT payments.order_accept(gen_random_uuid(), %L)', (SELECT jsonb_build_object('order', ref) FROM payments.orders WHERE person_id = id('amir'))), 'MC404', NULL,
                 'nor can it accept what it was not asked for');

SELECT is(ARRAY(SELECT DISTINCT l.title FROM payments.order_line l JOIN payments.pool_members(id('walk')) m ON m.order_id = l.order_id), '{"Company on a walk (2 hours, shared)"}'::text[],
          'orders and visits say what it is a share of');

-- A self-funder may not be told the agreed price, nor share it; somebody of another council finds nothing.
SELECT be('joan') \g /dev/null
SELECT is(payments.pool_try(ref('walk?')), '{"outcome": "other_price"}'::jsonb, 'Joan is told no price');
SELECT is(payments.pool_join(k('j3'), yes('walk')) - 'replayed', '{"outcome": "other_price"}'::jsonb, 'nor may she share it');
SELECT be('olu') \g /dev/null
SELECT throws_ok($$ SELECT payments.pool_join(k('j4'), yes('walk')) $$, 'MC404', NULL, 'another council''s invitation does not exist');
SELECT is(payments.pool_try(ref('walk?')), '{"outcome": "unknown"}'::jsonb, 'nor what it costs');

-- Saying no: on record, and told to nobody.
SELECT be('joan') \g /dev/null
SELECT payments.pool_decline(k('d1'), no_('walk')) ->> 'outcome' AS said, (SELECT count(*) FROM jobs.outbox) AS before \gset
SELECT is(:'said'::text, 'declined', 'Joan says no');
SELECT is((SELECT count(*) FROM jobs.outbox), :before::bigint, 'nobody gets a letter about it');
SELECT is((SELECT count(*) FROM audit.event WHERE verb = 'pool_decline' AND person_id = id('joan') AND detail = '{}'), 1::bigint, 'it is on record, without a reason');
SELECT is((SELECT count(*) FROM payments.pool_members(id('walk'))), 2::bigint, 'and nothing else changed');

-- Leaving frees exactly the share; coming back is joining anew.
SELECT be('amir') \g /dev/null
SELECT is(payments.pool_leave(k('l1'), out_('walk')) - 'ref' - 'replayed', '{"outcome": "left", "released": 7200}'::jsonb, 'Amir leaves');
SELECT is(held('amir'), 0::bigint, 'his share is free, to the penny');
SELECT is(held('rosa'), 7200::bigint, 'Rosa''s is as it was');
SELECT is(payments.pool_leave(k('l1'), out_('walk')) ->> 'replayed', 'true', 'the same form again is the same answer');
SELECT is(payments.pool_leave(k('l2'), out_('walk')) ->> 'outcome', 'not_in', 'nobody leaves twice');
SELECT is(payments.pool_join(k('j5'), yes('walk', 'o_amir')) ->> 'outcome', 'joined', 'Amir comes back');
SELECT is(payments.order_cancel(k('c1'), (SELECT jsonb_build_object('order', o.ref) FROM payments.orders o JOIN payments.pool_members(id('walk')) m ON m.order_id = o.id WHERE o.person_id = id('amir'))) ->> 'outcome',
          'state', 'a share is left with its pool and not cancelled by itself');
SELECT be('joan') \g /dev/null
SELECT throws_ok($$ SELECT payments.pool_leave(gen_random_uuid(), jsonb_build_object('pool', 'ZZZZ-ZZZ2')) $$, 'MC404', NULL, 'what is not there cannot be left');

-- Mandates: the right to order, the ceilings, and who may only see.
SELECT be('rosa') \g /dev/null
SELECT is(started('long', together('{"weeks": 6}')), 'started', 'a longer one: six times £18.00 each');
SELECT be('broker'), for_('rosa', 'm_see') \g /dev/null
SELECT is(payments.pool_join(k('m1'), yes('long', 'o_rosa')) ->> 'outcome', 'mandate_no_right', 'who may see may not join');
SELECT is(payments.pool_decline(k('m2'), no_('long')) ->> 'outcome', 'mandate_no_right', 'nor say no');
SELECT is(payments.pool_leave(k('m3'), out_('walk')) ->> 'outcome', 'mandate_no_right', 'nor leave');
SELECT be('sister'), for_('rosa', 'm_sister') \g /dev/null
SELECT is(payments.pool_join(k('m4'), yes('long', 'o_rosa')) - 'replayed' - 'next_step', jsonb_build_object('outcome', 'mandate_over_order_ceiling', 'ref', ref('m_sister'), 'ceiling', 10000, 'total', 10800),
          'the ceiling counts the share at its largest');
SELECT is(started('short', together('{"weeks": 2, "minimum": 2}')), 'started', 'her sister proposes a shorter one');
SELECT is(payments.pool_join(k('m5'), yes('short', 'o_rosa', 'nothing')) ->> 'outcome', 'joined', 'and joins it for her');
SELECT is((SELECT mandate_id FROM payments.pool_members(id('short'))), id('m_sister'), 'under her mandate');
SELECT is(payments.mandate_used(id('m_sister')), 3600::bigint, 'it counts for the month');
SELECT is(payments.pool_leave(k('m6'), out_('short')) ->> 'outcome', 'left', 'she may leave for her');
SELECT is(payments.mandate_used(id('m_sister')), 0::bigint, 'and it counts no longer');
UPDATE identity.mandate SET revoked_at = now() WHERE id = id('m_sister');
SELECT is(payments.pool_join(k('m7'), yes('short', 'o_rosa')) ->> 'outcome', 'mandate_revoked', 'a mandate that was taken back joins nothing');

-- Money: too little, a frozen budget, the provider's own people.
SELECT be('rosa') \g /dev/null
SELECT is(payments.pool_join(k('s1'), yes('long', 'o_rosa')) ->> 'outcome', 'joined', 'Rosa joins the long one herself');
SELECT is(started('dear', together('{"weeks": 1, "minutes": 10080}')), 'started', 'one that is too dear');
SELECT is((payments.pool_join(k('s2'), yes('dear', 'o_rosa')) ->> 'short_by')::bigint, 151200 - (56000 - 7200 - 10800)::bigint, 'too little money is said, by how much');
SELECT be('commissioner'), payments.budget_freeze(k('f2'), jsonb_build_object('budget', ref('b_amir'), 'freeze', true, 'reason', 'check')) \g /dev/null
SELECT be('amir') \g /dev/null
SELECT is(payments.pool_join(k('s3'), yes('long', 'o_amir')) ->> 'outcome', 'frozen', 'a frozen budget joins nothing new');
INSERT INTO identity.hat (council_id, account_id, role, organisation_id) SELECT 901, account, 'provider', id('bright') FROM t_hat WHERE name = 'amir';
UPDATE identity.account SET councils = '{901}' WHERE id = (SELECT account FROM t_hat WHERE name = 'amir');
SELECT is(payments.pool_join(k('s4'), yes('long', 'o_amir')) ->> 'outcome', 'related_party', 'nobody is on both sides');
DELETE FROM identity.hat WHERE role = 'provider' AND account_id = (SELECT account FROM t_hat WHERE name = 'amir');

-- Away in that time: the share waits too, and its visits will be paused.
SELECT be('rosa') \g /dev/null
SELECT payments.absence_start(k('away'), jsonb_build_object('from', ledger.today() + 15, 'to', ledger.today() + 20, 'reason', 'holiday')) \g /dev/null
SELECT is((SELECT count(*) FROM payments.absence_request), 2::bigint, 'both of her shares are known to the absence');
SELECT is(told(), 0::bigint, 'which tells no provider of what it was not asked for');

-- Closing: not before its day; with enough people it is asked for, with too few the money is free.
SELECT payments.order_expire_due() \g /dev/null
SELECT is((SELECT count(*) FROM payments.pool WHERE state = 'open'), 4::bigint, 'before the last day has passed nothing closes');
SELECT later(6) \g /dev/null
SELECT is(payments.pool_leave(k('x1'), out_('walk')) ->> 'outcome', 'closed', 'after it nobody leaves');
SELECT is(payments.pool_join(k('x2'), yes('short', 'o_rosa')) ->> 'outcome', 'closed', 'nor joins');
SELECT is(payments.pool_decline(k('x3'), no_('short')) ->> 'outcome', 'closed', 'nor has anything to say no to');
SELECT payments.order_expire_due() \g /dev/null
SELECT results_eq($$ SELECT name, state FROM payments.pool p JOIN t_thing t ON t.id = p.id AND t.ref = p.ref ORDER BY name $$,
                  $$ VALUES ('dear', 'ended'), ('long', 'ended'), ('short', 'ended'), ('walk', 'asked') $$, 'two people are enough, one is not');
SELECT results_eq($$ SELECT * FROM shares('walk') $$, $$ VALUES (id('rosa'), 'asked', 1800::bigint, 7200::bigint), (id('amir'), 'asked', 1800, 7200) $$, 'frozen or not: what was held before is owed');
SELECT is(held('rosa'), 7200::bigint, 'the share of the long walk came back');
SELECT is(letters('Too few people'), 1::bigint, 'with a letter');
SELECT is(letters('Enough people'), 2::bigint, 'one to each who takes part');
SELECT is(told(), 1::bigint, 'one for all to the provider');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');
SELECT is(payments.order_cancel(k('c2'), (SELECT jsonb_build_object('order', o.ref) FROM payments.orders o JOIN payments.pool_members(id('walk')) m ON m.order_id = o.id WHERE o.person_id = id('rosa'))) ->> 'outcome',
          'state', 'between closing and the answer nobody leaves');

-- The provider's one answer is for all of them; visits and bills are those of ordinary orders.
SELECT o.ref AS first FROM payments.orders o JOIN payments.pool_members(id('walk')) m ON m.order_id = o.id WHERE o.person_id = id('rosa') \gset
SELECT o.ref AS second FROM payments.orders o JOIN payments.pool_members(id('walk')) m ON m.order_id = o.id WHERE o.person_id = id('amir') \gset
SELECT be('provider2') \g /dev/null
SELECT throws_ok(format('SELECT payments.order_accept(gen_random_uuid(), %L)', jsonb_build_object('order', :'second')), 'MC404', NULL, 'another provider''s request does not exist');
SELECT be('provider') \g /dev/null
SAVEPOINT asked;
UPDATE payments.order_line SET visit_price = 1801 WHERE order_id = (SELECT order_id FROM payments.pool_members(id('walk')) ORDER BY id LIMIT 1);
SELECT results_eq('SELECT check_name FROM payments.verify_pools() ORDER BY 1', ARRAY['pool_price', 'pool_share'], 'a share that is not as agreed is found by the auditor');
ROLLBACK TO asked;
SELECT is(payments.order_decline(k('p0'), jsonb_build_object('order', :'second', 'note', 'No room')) - 'ref' - 'replayed', '{"outcome": "declined", "released": 14400}'::jsonb, 'it may decline');
SELECT is(ARRAY[held('rosa'), held('amir')], '{0,0}'::bigint[], 'everybody''s share is free');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');
ROLLBACK TO asked;
SELECT later(30) \g /dev/null
SELECT is(payments.order_accept(k('p00'), jsonb_build_object('order', :'first')) ->> 'state', 'expired', 'not after its time');
SELECT payments.order_expire_due() \g /dev/null
SELECT is(ARRAY[held('rosa'), held('amir')], '{0,0}'::bigint[], 'nobody answered: everybody''s share is free');
ROLLBACK TO asked;
SELECT is(payments.order_accept(k('p1'), jsonb_build_object('order', :'second')) - 'ref' - 'replayed', '{"outcome": "accepted", "visits": 8, "paused": 1}'::jsonb,
          'or accept, by whichever of the orders: four visits each, Rosa''s one of her time away paused');
SELECT is(payments.order_accept(k('p2'), jsonb_build_object('order', :'first')) ->> 'outcome', 'state', 'once');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');
UPDATE payments.visit SET planned_on = planned_on - 30 WHERE order_id IN (SELECT order_id FROM payments.pool_members(id('walk')));
SELECT payments.visit_deliver(gen_random_uuid(), jsonb_build_object('visit', ref, 'outcome', 'delivered')) FROM payments.visit
 WHERE state = 'planned' AND order_id IN (SELECT order_id FROM payments.pool_members(id('walk'))) \g /dev/null
SELECT is((SELECT sum(amount) FROM payments.visit), 12600::numeric, 'seven visits at £18.00 are due');
SELECT be('amir') \g /dev/null
SELECT is((SELECT count(*) FROM payments.visit v WHERE v.person_id = id('amir') AND payments.visit_confirm(gen_random_uuid(), jsonb_build_object('visit', v.ref)) ->> 'outcome' = 'confirmed'), 4::bigint,
          'Amir says of his own that they came');
SELECT throws_ok(format('SELECT payments.visit_confirm(gen_random_uuid(), %L)', (SELECT jsonb_build_object('visit', ref) FROM payments.visit WHERE person_id = id('rosa') LIMIT 1)), 'MC404', NULL,
                 'and nothing of Rosa''s');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');
INSERT INTO t_thing SELECT 'amirs', id, ref FROM payments.orders WHERE ref = :'second';
SELECT be('finance') \g /dev/null
SELECT is(payments.invoice_receive(k('i1'), jsonb_set(bill('P-1', 'amirs', 4), '{lines,0,unit}', '"E48"')) ->> 'outcome', 'approved', 'the bill for his share is approved without a hand');
SELECT is((SELECT sum(amount) FROM payments.capture WHERE order_id = id('amirs')), 7200::numeric, 'and paid by his money');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');
SELECT * FROM finish();
ROLLBACK;
