-- Orders from the ask to the answer: the split, prices, refusals, mandates, answering, expiry.
BEGIN;
\ir fixture.psql
SELECT no_plan();
CREATE FUNCTION k(p text) RETURNS uuid LANGUAGE sql AS $$ SELECT ledger.key(p) $$;
CREATE FUNCTION o(p_key text) RETURNS jsonb LANGUAGE sql AS $$ SELECT answer FROM mc.idempotency WHERE key = k(p_key) $$;
CREATE FUNCTION of(p_key text) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('order', o(p_key) ->> 'ref') $$;
CREATE FUNCTION pos(p_person text) RETURNS TABLE (held bigint, spent bigint, free bigint) LANGUAGE sql AS $$
  SELECT held, spent, free FROM payments.budget_position WHERE person_id = id(p_person) ORDER BY use_order, portion_id
$$;

-- Arithmetic and days
SELECT is(payments.cost('hour', 1999, 15), 500::bigint, 'a quarter of £19.99 is £5.00: half a penny rounds up');
SELECT is(payments.cost('hour', 2000, 90), 3000::bigint, 'an hour and a half');
SELECT is(payments.cost('meal', 450, 3), 1350::bigint, 'three meals');
SELECT is(payments.occurrences('weekly', '{1,3}', '2026-11-23', 2), '{2026-11-23,2026-11-25,2026-11-30,2026-12-02}'::date[], 'two days a week for two weeks');
SELECT is(payments.occurrences('fortnightly', '{1}', '2026-11-23', 4), '{2026-11-23,2026-12-07}'::date[], 'every other week');
SELECT is(payments.occurrences('once', '{}', '2026-11-23', 1), '{2026-11-23}'::date[], 'once');

-- The split: earliest visit first, purses in order, the last the remainder, dates respected
CREATE FUNCTION purse(p_from date, p_to date, p_free bigint) RETURNS payments.purse LANGUAGE sql AS $$ SELECT ROW(1, 1, 'B', 'social_care', true, p_from, p_to, p_free, false)::payments.purse $$;
SELECT results_eq($$ SELECT * FROM payments.split('{2026-03-30,2026-04-06,2026-04-13}', 1000, ARRAY[purse('2025-04-01', '2026-03-31', 1500), purse('2026-04-01', '2027-03-31', 700), purse('2025-01-01', '2027-12-31', 5000)]) $$,
                  $$ VALUES (1, 1, 1000::bigint), (2, 2, 700), (2, 3, 300), (3, 3, 1000) $$, 'an order across a year end is split by the day of the visit');
SELECT results_eq($$ SELECT * FROM payments.split('{2026-03-30,2026-04-06}', 1000, ARRAY[purse('2025-04-01', '2027-03-31', 1999)]) $$,
                  $$ VALUES (1, 1, 1000::bigint), (2, 1, 999) $$, 'and stops at the visit that cannot be paid in full');

-- Asking
SELECT be('rosa') \g /dev/null
SELECT is(payments.order_place(k('o1'), walk(4)) - 'ref' - 'answer_by', '{"outcome": "placed", "total": 7200, "visits": 4, "price_source": "agreed", "replayed": false}'::jsonb, 'placed at the agreed price, because council money pays a part');
SELECT is(payments.order_place(k('o1'), walk(4)), o('o1') || '{"replayed": true}', 'the same key: the first answer');
SELECT throws_ok($$ SELECT payments.order_place(k('o1'), walk(5)) $$, 'MC422', NULL, 'the same key with another request: refused');
SELECT results_eq($$ SELECT * FROM pos('rosa') $$, $$ VALUES (6000::bigint, 0::bigint, 0::bigint), (1200, 0, 48800) $$, 'her contribution first, then the council');
SELECT results_eq($$ SELECT l.title, l.unit_price, l.visit_price, l.notice_hours, l.outcome_id FROM payments.order_line l $$, $$ SELECT 'Company on a walk', 1800::bigint, 1800::bigint, 24, id('o_rosa') $$, 'terms are frozen');
UPDATE t_listing SET agreed = 9999, price = 9999 WHERE ref = 'TLIS-0001';
SELECT is((SELECT unit_price FROM payments.order_line), 1800::bigint, 'a later price changes nothing');
UPDATE t_listing SET agreed = 1800, price = 2000 WHERE ref = 'TLIS-0001';
SELECT is(payments.order_place(k('o2'), walk(52)) - 'next_step' - 'replayed', '{"outcome": "short", "total": 93600, "free": 48800, "short_by": 44800, "fits_visits": 27, "fits_weeks": 27}'::jsonb, 'too much: what is missing and what would fit');
SELECT is(o('o2') ->> 'next_step', 'Ask for 27 weeks instead, or ask the council about more money.', 'and the next step, in words');
SELECT is((SELECT count(*) FROM payments.orders), 1::bigint, 'a refused order leaves nothing');
SELECT is((SELECT sum(held) FROM pos('rosa')), 7200::numeric, 'and holds nothing');
SELECT is(payments.order_place(k('o3'), walk(2) - 'outcome') ->> 'outcome', 'no_outcome', 'public money needs an outcome');
SELECT is(payments.order_place(k('o4'), walk(2) || '{"outcome": "TOUT-0002"}') ->> 'outcome', 'no_outcome', 'of this person');
SELECT is(payments.order_place(k('o5'), walk(2) || '{"minutes": 15}') - 'replayed', '{"outcome": "too_short", "minimum_minutes": 30}'::jsonb, 'shorter than the provider comes for');
SELECT is(payments.order_place(k('o6'), walk(2) || '{"listing": "NONE"}') ->> 'outcome', 'no_listing', 'no such listing');
SELECT is(payments.order_place(k('o7'), walk(2) || '{"starts_on": "2020-01-01"}') ->> 'outcome', 'bad_dates', 'a day in the past');
SELECT is(payments.order_place(k('o8'), walk(99)) ->> 'outcome', 'bad_dates', 'too many weeks');
SELECT is(payments.order_place(k('o9'), '{"listing": "TLIS-0002", "outcome": "TOUT-0001"}'::jsonb || jsonb_build_object('starts_on', ledger.today())) ->> 'total', '1234', 'a session, once');

-- A self-funder never gets the agreed price, and needs no outcome
SELECT be('joan') \g /dev/null
SELECT is(payments.order_place(k('j1'), walk(2) - 'outcome') - 'ref' - 'answer_by', '{"outcome": "placed", "total": 4000, "visits": 2, "price_source": "public", "replayed": false}'::jsonb, 'own money pays the public price');
SELECT is(payments.order_place(k('j2'), walk(20) - 'outcome') ->> 'total', '40000', 'also when it is short: no agreed figure is told');

-- Own money that pays it all is public too, even for somebody with council money
SELECT be('commissioner') \g /dev/null
SELECT t_allocate('b_amir2', 'amir', '[{"funder": "Own money", "kind": "own_money", "use_order": 0, "portions": [{"route": "direct_payment", "amount": 5000}]}]') \g /dev/null
SELECT be('amir') \g /dev/null
SELECT is(payments.order_place(k('a1'), walk(2, 'o_amir')) ->> 'price_source', 'public', 'a purse of one''s own pays the public price');

-- Acting for somebody
SELECT be('sister') \g /dev/null
SELECT throws_ok($$ SELECT payments.order_place(k('s0'), walk(1)) $$, 'MC404', NULL, 'nobody chosen, nothing to order for');
SELECT set_config('mc.person', id('rosa')::text, true) \g /dev/null
SELECT throws_ok($$ SELECT payments.order_place(k('s1'), walk(1)) $$, 'MC404', NULL, 'a person named without a mandate');
SELECT for_('amir', 'm_sister') \g /dev/null
SELECT is(payments.order_place(k('s2'), walk(1)) ->> 'outcome', 'mandate_missing', 'another person''s mandate');
SELECT for_('rosa', 'm_broker') \g /dev/null
SELECT is(payments.order_place(k('s3'), walk(1)) ->> 'outcome', 'mandate_missing', 'somebody else''s mandate');
SELECT for_('rosa', 'm_sister') \g /dev/null
SELECT is(payments.order_place(k('s4'), walk(5)) ->> 'outcome', 'placed', '£90.00 within £100.00');
SELECT is(payments.order_place(k('s4'), walk(5)) ->> 'replayed', 'true', 'once');
SELECT is(payments.order_place(k('s5'), walk(6)) - 'next_step' - 'replayed' - 'ref', '{"outcome": "mandate_over_order_ceiling", "ceiling": 10000, "total": 10800}'::jsonb, '£108.00 over the limit of one order');
SELECT is(payments.order_place(k('s6'), walk(4)) - 'next_step' - 'replayed' - 'ref', '{"outcome": "mandate_over_month_ceiling", "ceiling": 15000, "used": 9000, "total": 7200}'::jsonb, 'many small orders meet the limit of the month');
SELECT is(payments.order_place(k('s7'), walk(3)) ->> 'outcome', 'placed', 'what fits the month goes through');
SELECT results_eq($$ SELECT o.ordered_by, o.person_id, o.mandate_id FROM payments.orders o WHERE o.ref = o('s7') ->> 'ref' $$, $$ SELECT account, id('rosa'), id('m_sister') FROM t_hat WHERE name = 'sister' $$, 'actor, person and mandate are stored');
SELECT is((SELECT count(*) FROM audit.event WHERE verb = 'order_place' AND mandate_id = id('m_sister') AND person_id = id('rosa')), 2::bigint, 'and audited');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE (payload ->> 'to_person')::bigint = id('rosa') AND payload ->> 'body' LIKE '%on your behalf by Sister%'), 2::bigint, 'and the person is told of each');
UPDATE identity.mandate SET categories = '{arts}' WHERE id = id('m_sister');
CREATE TEMP TABLE kept AS SELECT to_regclass('catalogue.listing') IS NULL AS is_alone;
SELECT CASE WHEN is_alone THEN 'CREATE TABLE catalogue.listing (id bigint, category text); GRANT SELECT ON catalogue.listing TO mc_owner' ELSE 'SELECT 1' END FROM kept \gexec
SELECT is(payments.order_place(k('s8'), walk(1)) ->> 'outcome', 'mandate_category', 'only what the mandate covers');
UPDATE identity.mandate SET categories = NULL, rights = '{see}' WHERE id = id('m_sister');
SELECT is(payments.order_place(k('s9'), walk(1)) ->> 'outcome', 'mandate_no_right', 'seeing is not ordering');
UPDATE identity.mandate SET rights = '{see,order}', starts_on = ledger.today() + 1 WHERE id = id('m_sister');
SELECT is(payments.order_place(k('s10'), walk(1)) ->> 'outcome', 'mandate_not_started', 'not before its first day');
UPDATE identity.mandate SET starts_on = ledger.today() - 9, ends_on = ledger.today() - 1 WHERE id = id('m_sister');
SELECT is(payments.order_place(k('s11'), walk(1)) ->> 'outcome', 'mandate_ended', 'not after its last');
UPDATE identity.mandate SET ends_on = ledger.today() WHERE id = id('m_sister');
UPDATE identity.mandate SET revoked_at = now() WHERE id = id('m_sister');
SELECT is(payments.order_place(k('s12'), walk(1)) ->> 'outcome', 'mandate_revoked', 'not once revoked');
SELECT be('broker'), for_('amir', 'm_broker') \g /dev/null
SELECT is(payments.order_place(k('b1'), walk(1, 'o_amir') || '{"listing": "TLIS-0003"}') ->> 'outcome', 'related_party', 'a broker cannot order from itself');
SELECT for_('rosa', 'm_see') \g /dev/null
SELECT is(payments.order_place(k('b2'), walk(1)) ->> 'outcome', 'mandate_no_right', 'a broker who only sees');

-- Answering
SELECT be('provider2') \g /dev/null
SELECT throws_ok($$ SELECT payments.order_accept(k('p0'), of('o1')) $$, 'MC404', NULL, 'another provider''s request does not exist');
SELECT be('provider') \g /dev/null
SELECT is(payments.order_accept(k('p1'), of('o1')) ->> 'visits', '4', 'accepted: the visits are made');
SELECT is(payments.order_accept(k('p1'), of('o1')) ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT payments.order_accept(k('p1'), of('o1') || '{"note": "x"}') $$, 'MC422', NULL, 'the same key with another body: refused');
SELECT is(payments.order_accept(k('p2'), of('o1')) - 'replayed' - 'ref', '{"outcome": "state", "kind": "order", "state": "accepted"}'::jsonb, 'accepting twice is a fact');
SELECT is(payments.order_decline(k('p3'), of('o1')) ->> 'state', 'accepted', 'so is declining afterwards');
SELECT results_eq($$ SELECT v.planned_on, vh.position, vh.amount FROM payments.visit v JOIN payments.visit_hold vh ON vh.visit_id = v.id ORDER BY 1, 2 $$,
                  $$ VALUES (ledger.today() + 1, 1, 1800::bigint), (ledger.today() + 8, 1, 1800), (ledger.today() + 15, 1, 1800), (ledger.today() + 22, 1, 600), (ledger.today() + 22, 2, 1200) $$, 'each visit knows its purses');
SELECT is(payments.order_decline(k('p4'), of('j1') || '{"note": "full"}') ->> 'released', '4000', 'declined: the money is free again');
SELECT is(payments.order_decline(k('p4'), of('j1') || '{"note": "full"}') ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT payments.order_decline(k('p4'), of('j1')) $$, 'MC422', NULL, 'the same key with another body: refused');
SELECT is((SELECT free FROM pos('joan')), 20000::bigint, 'all of it');

-- Nobody answers
UPDATE payments.orders SET answer_by = now() - interval '1 minute' WHERE ref = o('a1') ->> 'ref';
SELECT is(payments.order_accept(k('p5'), of('a1')) ->> 'state', 'expired', 'too late to accept');
SELECT set_config('mc.account', '', true), set_config('mc.role', '', true) \g /dev/null
SELECT is(payments.order_expire_due(), 1, 'jobs expire it');
SELECT is(payments.order_expire_due(), 0, 'once');
SELECT is((SELECT sum(held) FROM pos('amir')), 0::numeric, 'and the money is back');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');
-- A day that no budget is for is another matter than money that is missing; and what another year's budget pays for is not taken from this year's
SELECT be('joan') \g /dev/null
UPDATE payments.funding_line SET ends_on = ledger.today() + 9 WHERE budget_id = id('b_joan');
SELECT is(payments.order_place(k('z1'), walk(3) - 'outcome') - 'replayed',
          jsonb_build_object('outcome', 'no_budget', 'total', 6000, 'fits_visits', 2, 'fits_weeks', 2,
                             'next_step', 'Ask for 2 weeks instead: there is no budget for ' || to_char(ledger.today() + 15, 'FMDD FMMonth YYYY') || '. Or ask the council about one.'),
          'the last visit falls after the budget: the day, and what would fit');
SELECT payments.budget_allocate(k('z2'), jsonb_build_object('person', ref('joan'), 'starts_on', ledger.today() + 10, 'ends_on', ledger.today() + 400,
  'lines', '[{"funder": "Own money", "kind": "own_money", "portions": [{"route": "direct_payment", "amount": 20000}]}]'::jsonb)) \g /dev/null
CREATE FUNCTION left_over(p_day int) RETURNS bigint LANGUAGE sql AS $$
  SELECT (payments.order_try(walk(1) - 'outcome' - 'weekdays' || jsonb_build_object('starts_on', ledger.today() + p_day)) ->> 'left_over')::bigint $$;
CREATE FUNCTION free_today() RETURNS bigint LANGUAGE sql AS $$
  SELECT sum(free)::bigint FROM payments.budget_position WHERE person_id = id('joan') AND ledger.today() BETWEEN starts_on AND ends_on $$;
SELECT is(left_over(1), free_today() - 2000, 'an order of these days takes from what is left');
SELECT is(left_over(15), free_today(), 'one of later days does not');
SELECT * FROM finish();
ROLLBACK;
