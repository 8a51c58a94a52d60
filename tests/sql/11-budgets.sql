-- Budgets: allocating, taking back, freezing, handing over.
BEGIN;
\ir fixture.psql
SELECT no_plan();
CREATE FUNCTION k(p text) RETURNS uuid LANGUAGE sql AS $$ SELECT ledger.key(p) $$;
CREATE FUNCTION pos(p_person text) RETURNS TABLE (funder text, allocated bigint, held bigint, spent bigint, free bigint) LANGUAGE sql AS $$
  SELECT funder, allocated, held, spent, free FROM payments.budget_position WHERE person_id = id(p_person) ORDER BY use_order, portion_id
$$;

SELECT results_eq($$ SELECT * FROM pos('rosa') $$, $$ VALUES ('Own money', 6000::bigint, 0::bigint, 0::bigint, 6000::bigint), ('Exampleshire Council', 50000, 0, 0, 50000) $$, 'allocated, nothing held, nothing spent');
SELECT be('rosa') \g /dev/null
SELECT throws_ok($$ SELECT payments.budget_allocate(k('a1'), jsonb_build_object('person', ref('rosa'), 'budget', ref('b_rosa'), 'lines', '[{"funder": "Council", "kind": "social_care", "portions": [{"route": "council_managed", "amount": 1}]}]'::jsonb)) $$,
                 'MC403', NULL, 'a person cannot allocate public money to themselves');
SELECT is(payments.budget_allocate(k('a2'), jsonb_build_object('person', ref('rosa'), 'budget', ref('b_rosa'), 'lines',
            '[{"funder": "Own money", "kind": "own_money", "portions": [{"route": "direct_payment", "amount": 2500}]}]'::jsonb)) ->> 'outcome', 'allocated', 'but their own they can add');
SELECT throws_ok($$ SELECT payments.budget_allocate(k('a3'), jsonb_build_object('person', ref('amir'), 'budget', ref('b_amir'), 'lines', '[{"funder": "Own money", "kind": "own_money", "portions": [{"route": "direct_payment", "amount": 1}]}]'::jsonb)) $$,
                 'MC404', NULL, 'and nobody else''s');
SELECT be('commissioner') \g /dev/null
SELECT throws_ok($$ SELECT payments.budget_allocate(k('a4'), jsonb_build_object('person', ref('olu'), 'starts_on', current_date, 'ends_on', current_date + 9, 'lines', '[]'::jsonb)) $$,
                 'MC404', NULL, 'a person of another council does not exist here');
SELECT is(payments.budget_allocate(k('a7'), jsonb_build_object('person', ref('amir'), 'starts_on', current_date - 400, 'ends_on', current_date - 35,
  'lines', '[{"funder": "Council", "kind": "social_care", "portions": [{"route": "council_managed", "amount": 1000}]}]'::jsonb)) ->> 'outcome', 'over', 'a budget that is over is not given');
SELECT is(payments.budget_allocate(k('a8'), jsonb_build_object('person', ref('amir'), 'starts_on', current_date + 740, 'ends_on', current_date + 800,
  'lines', '[{"funder": "Council", "kind": "social_care", "portions": [{"route": "council_managed", "amount": 1000}]}]'::jsonb)) ->> 'outcome', 'far', 'nor one that begins in years to come');
SELECT is(payments.budget_allocate(k('a9'), jsonb_build_object('person', ref('amir'), 'starts_on', current_date + -740, 'ends_on', current_date + 30,
  'lines', '[{"funder": "Council", "kind": "social_care", "portions": [{"route": "council_managed", "amount": 1000}]}]'::jsonb)) ->> 'outcome', 'far', 'or began years ago');
SELECT is(payments.budget_allocate(k('a10'), jsonb_build_object('person', ref('amir'), 'starts_on', current_date + 0, 'ends_on', current_date + 1830,
  'lines', '[{"funder": "Council", "kind": "social_care", "portions": [{"route": "council_managed", "amount": 1000}]}]'::jsonb)) ->> 'outcome', 'too_long', 'nor one for longer than five years');
SELECT throws_ok($$ SELECT payments.budget_allocate(k('a5'), jsonb_build_object('person', ref('rosa'), 'budget', ref('b_rosa'), 'lines', '[{"funder": "Council", "kind": "social_care", "portions": [{"route": "council_managed", "amount": -1}]}]'::jsonb)) $$,
                 'MC422', NULL, 'an amount below zero is no allocation');
CREATE FUNCTION health() RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('person', ref('rosa'), 'budget', ref('b_rosa'), 'reason', 'joint plan', 'lines',
  '[{"funder": "Local NHS", "kind": "health", "use_order": 3, "portions": [{"route": "provider_isf", "holder_organisation": "TORG-0001", "amount": 700}]}]'::jsonb) $$;
SELECT is(payments.budget_allocate(k('a6'), health()) ->> 'total', '700', 'a second funder joins');
SELECT is(payments.budget_allocate(k('a6'), health()) ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT payments.budget_allocate(k('a6'), health() || '{"reason": "other"}') $$, 'MC422', NULL, 'the same key with another request: refused');
SELECT is((SELECT council_funded FROM payments.funding_line WHERE funder = 'Local NHS'), false, 'the NHS is not the council');

-- Taking back
INSERT INTO t_thing SELECT 'nhs', portion_id, portion_ref FROM payments.budget_position WHERE funder = 'Local NHS';
SELECT is(payments.allocation_take_back(k('t1'), jsonb_build_object('portion', ref('nhs'), 'amount', 701, 'reason', 'error')) - 'replayed', '{"outcome": "short", "free": 700, "short_by": 1}'::jsonb, 'never more than is free');
SELECT is(payments.allocation_take_back(k('t2'), jsonb_build_object('portion', ref('nhs'), 'amount', 200, 'reason', 'error')) ->> 'outcome', 'taken_back', 'what is free can be corrected');
SELECT is(payments.allocation_take_back(k('t2'), jsonb_build_object('portion', ref('nhs'), 'amount', 200, 'reason', 'error')) ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT payments.allocation_take_back(k('t2'), jsonb_build_object('portion', ref('nhs'), 'amount', 201, 'reason', 'error')) $$, 'MC422', NULL, 'the same key with another amount: refused');
SELECT is((SELECT allocated FROM payments.budget_position WHERE portion_id = id('nhs')), 500::bigint, 'the allocation is the sum of its rows');
SELECT throws_ok($$ SELECT payments.allocation_take_back(k('t3'), jsonb_build_object('portion', ref('nhs'), 'amount', 1)) $$, 'MC422', NULL, 'with a reason only');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE payload ->> 'subject' = 'Your budget was changed'), 1::bigint, 'the person is told once');

-- Handing over
UPDATE payments.portion_route SET starts_on = ledger.today() - 10 WHERE portion_id = id('nhs');
SELECT is(payments.portion_route_change(k('r1'), jsonb_build_object('portion', ref('nhs'), 'route', 'council_managed')) ->> 'outcome', 'changed', 'who holds it changes from today');
SELECT is(payments.portion_route_change(k('r1'), jsonb_build_object('portion', ref('nhs'), 'route', 'council_managed')) ->> 'replayed', 'true', 'once');
SELECT is(payments.portion_route_change(k('r2'), jsonb_build_object('portion', ref('nhs'), 'route', 'trust')) ->> 'outcome', 'changed_today', 'a second change the same day is a fact');
SELECT is((SELECT array_agg(route ORDER BY starts_on) FROM payments.portion_route WHERE portion_id = id('nhs')), '{provider_isf,council_managed}', 'history stays');

-- Freezing
SELECT be('provider') \g /dev/null
SELECT throws_ok($$ SELECT payments.budget_freeze(k('f0'), jsonb_build_object('budget', ref('b_rosa'), 'freeze', true, 'reason', 'x')) $$, 'MC403', NULL, 'a provider cannot freeze');
SELECT be('safeguarding') \g /dev/null
SELECT is(payments.budget_freeze(k('f1'), jsonb_build_object('budget', ref('b_rosa'), 'freeze', true, 'reason', 'a concern')) ->> 'outcome', 'frozen', 'safeguarding freezes');
SELECT is(payments.budget_freeze(k('f1'), jsonb_build_object('budget', ref('b_rosa'), 'freeze', true, 'reason', 'a concern')) ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT payments.budget_freeze(k('f1'), jsonb_build_object('budget', ref('b_rosa'), 'freeze', false, 'reason', 'a concern')) $$, 'MC422', NULL, 'the same key with another request: refused');
SELECT is((SELECT bool_and(a.frozen) FROM ledger.account a WHERE a.kind = 'budget' AND a.person_id = id('rosa')), true, 'every purse of it');
SELECT be('rosa') \g /dev/null
SELECT is(payments.order_place(k('o1'), walk(1)) ->> 'outcome', 'frozen', 'a frozen budget takes no new order');
SELECT be('safeguarding') \g /dev/null
SELECT is(payments.budget_freeze(k('f2'), jsonb_build_object('budget', ref('b_rosa'), 'freeze', false, 'reason', 'cleared')) ->> 'outcome', 'active', 'and thaws');
SELECT be('rosa') \g /dev/null
SELECT is(payments.order_place(k('o2'), walk(1)) ->> 'outcome', 'placed', 'then orders go through');
SELECT ok(payments.person_has_council_funding(id('rosa')), 'Rosa has council money');
SELECT ok(NOT payments.person_has_council_funding(id('joan')), 'Joan pays for herself');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');
SELECT * FROM finish();
ROLLBACK;
