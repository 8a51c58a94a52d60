-- "Will it last?": the orders that run go on behind what is held, by the recurrence and the split of every order, and no pound is counted twice.
BEGIN;
\ir fixture.psql
SELECT no_plan();

\set budgets `grep -v '^--' sql/queries/payments/ahead_budgets.sql`
\set months `grep -v '^--' sql/queries/payments/ahead_months.sql`
\set orders `grep -v '^--' sql/queries/payments/ahead_orders.sql`
PREPARE budgets AS :budgets;
PREPARE months AS :months;
PREPARE orders AS :orders;
CREATE FUNCTION pg_temp.k(p text) RETURNS uuid LANGUAGE sql AS $$ SELECT ledger.key(p) $$;

CREATE TEMP TABLE b (ref text, funders text, is_frozen boolean, starts_on date, ends_on date, allocated bigint, spent bigint, held bigint, free bigint, goes_on bigint, lacking bigint, left_over bigint, runs_out_on date,
  is_over boolean, is_to_come boolean, has_orders boolean);
CREATE TEMP TABLE m (budget_ref text, funders text, month date, month_words text, held bigint, goes_on bigint, visits int, on_bank_holidays int, lacking bigint, left_over bigint);
CREATE TEMP TABLE o (ref text, title text, organisation_name text, state text, visit_price bigint, last_on date, ends text, visits int, cost bigint, lacking bigint);
GRANT ALL ON b, m, o TO PUBLIC;
-- As the web asks them.
CREATE FUNCTION pg_temp.budgets() RETURNS SETOF b LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('role', 'mc_web', true); RETURN QUERY EXECUTE 'EXECUTE budgets'; PERFORM set_config('role', 'none', true); END $$;
CREATE FUNCTION pg_temp.months() RETURNS SETOF m LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('role', 'mc_web', true); RETURN QUERY EXECUTE 'EXECUTE months'; PERFORM set_config('role', 'none', true); END $$;
CREATE FUNCTION pg_temp.orders() RETURNS SETOF o LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('role', 'mc_web', true); RETURN QUERY EXECUTE 'EXECUTE orders'; PERFORM set_config('role', 'none', true); END $$;
-- One line a budget: free, going on, lacking, left over, and the day on which it runs out as days from today.
CREATE FUNCTION pg_temp.says() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT format('%s free, %s held, %s goes on, %s short, %s left, out on %s', free, held, goes_on, lacking, left_over, coalesce((runs_out_on - ledger.today())::text, '-')) FROM pg_temp.budgets() $$;
-- Whatever happens: what is free is what is left and what goes on, the months add up to the budget, and what is held by day is what the ledger holds.
CREATE FUNCTION pg_temp.adds_up() RETURNS boolean LANGUAGE sql AS $$
  SELECT bool_and(b.allocated = b.spent + b.held + b.free AND b.free = b.goes_on + b.left_over AND b.left_over >= 0
                  AND (b.is_over OR (s.held = b.held AND s.goes_on = b.goes_on AND s.lacking = b.lacking AND s.last_left = b.left_over)))
         AND sum(b.goes_on + b.lacking) = (SELECT sum(cost) FROM pg_temp.orders()) AND sum(b.lacking) = (SELECT sum(lacking) FROM pg_temp.orders())
    FROM pg_temp.budgets() b
    LEFT JOIN (SELECT budget_ref, sum(held) AS held, sum(goes_on) AS goes_on, sum(lacking) AS lacking, (array_agg(left_over ORDER BY month DESC))[1] AS last_left
                 FROM pg_temp.months() GROUP BY budget_ref) s ON s.budget_ref = b.ref $$;

-- Nothing ordered
SELECT be('amir') \g /dev/null
SELECT results_eq('SELECT pg_temp.says()', $$ VALUES ('100000 free, 0 held, 0 goes on, 0 short, 100000 left, out on -') $$, 'a budget without orders: all of it is left');
SELECT is_empty('SELECT * FROM pg_temp.orders()', 'and no order is listed');
SELECT is((SELECT count(*) FROM pg_temp.months()), (SELECT (extract(year FROM a) * 12 + extract(month FROM a))::bigint + 1 FROM age(date_trunc('month', ledger.today() + 700), date_trunc('month', ledger.today()::timestamp)) a),
          'a line a month, from this one to the last');

-- One hour a week for four weeks from tomorrow: 96 more of them to the end, of which the money is there for 51 and a part
SELECT is(payments.order_place(pg_temp.k('o1'), walk(4, 'o_amir')) ->> 'outcome', 'placed', 'asked for');
SELECT results_eq('SELECT pg_temp.says()', $$ VALUES ('92800 free, 7200 held, 92800 goes on, 80000 short, 0 left, out on 386') $$, 'it goes on behind its own four weeks until the money is gone');
SELECT ok(pg_temp.adds_up(), 'and it adds up');
SELECT results_eq('SELECT state, last_on - ledger.today(), ends, visits, cost, lacking FROM pg_temp.orders()', $$ VALUES ('asked', 22, NULL::text, 96, 172800::bigint, 80000::bigint) $$, 'the order, told by itself');
SELECT be('provider') \g /dev/null
SELECT payments.order_accept(pg_temp.k('a1'), jsonb_build_object('order', (SELECT ref FROM payments.orders WHERE council_id = 901))) \g /dev/null
SELECT be('amir') \g /dev/null
SELECT results_eq('SELECT pg_temp.says()', $$ VALUES ('92800 free, 7200 held, 92800 goes on, 80000 short, 0 left, out on 386') $$, 'accepted, it is the same money');
SELECT ok(pg_temp.adds_up(), 'held by its visits now');
SELECT is((SELECT sum(on_bank_holidays) FROM pg_temp.months()),
          (SELECT count(*) FROM payments.bank_holiday WHERE day BETWEEN ledger.today() + 29 AND ledger.today() + 700 AND (day - ledger.today() - 1) % 7 = 0), 'visits on bank holidays are counted, and said');

-- The line at the end of which it is decided is the one that an order would be refused at
SELECT is((SELECT payments.order_place(pg_temp.k('long'), walk(53, 'o_amir') || jsonb_build_object('starts_on', ledger.today() + 29)) ->> 'fits_weeks'), '51', 'as an order for as long says: 51 weeks fit');

-- Away
SELECT payments.absence_start(pg_temp.k('away'), jsonb_build_object('from', ledger.today() + 30, 'to', ledger.today() + 50, 'reason', 'hospital')) \g /dev/null
SELECT results_eq('SELECT pg_temp.says()', $$ VALUES ('92800 free, 7200 held, 92800 goes on, 74600 short, 0 left, out on 407') $$, 'three visits fall into a time away: three weeks longer');
SELECT ok(pg_temp.adds_up(), 'it adds up');
SELECT payments.absence_start(pg_temp.k('away2'), jsonb_build_object('from', ledger.today() + 60, 'reason', 'other')) \g /dev/null
SELECT results_eq('SELECT pg_temp.says()', $$ VALUES ('92800 free, 7200 held, 3600 goes on, 0 short, 89200 left, out on -') $$, 'away without a last day: nothing from then on');
SELECT payments.absence_back(pg_temp.k('back' || ref), jsonb_build_object('absence', ref)) FROM payments.absence WHERE council_id = 901 \g /dev/null
SELECT results_eq('SELECT pg_temp.says()', $$ VALUES ('92800 free, 7200 held, 92800 goes on, 80000 short, 0 left, out on 386') $$, 'taken back');
SELECT payments.absence_start(pg_temp.k('away3'), jsonb_build_object('from', ledger.today() + 7, 'to', ledger.today() + 8, 'reason', 'hospital')) \g /dev/null
SELECT results_eq('SELECT pg_temp.says()', $$ VALUES ('94600 free, 5400 held, 94600 goes on, 78200 short, 0 left, out on 393') $$, 'a paused visit set its money free: it lasts a week longer');
SELECT ok(pg_temp.adds_up(), 'it adds up');
SELECT payments.absence_back(pg_temp.k('back3'), jsonb_build_object('absence', (SELECT ref FROM payments.absence WHERE council_id = 901 AND state = 'open'))) \g /dev/null

-- A later order for the same takes its place; something that is once does not go on, nor does what is over, declined or cancelled
SELECT payments.order_place(pg_temp.k('o2'), walk(10, 'o_amir') || jsonb_build_object('starts_on', ledger.today() + 29)) \g /dev/null
SELECT results_eq('SELECT pg_temp.says()', $$ VALUES ('74800 free, 25200 held, 74800 goes on, 80000 short, 0 left, out on 386') $$, 'what is asked for again is held, not counted again: it runs out on the same day');
SELECT results_eq('SELECT ends, visits FROM pg_temp.orders() ORDER BY last_on', $$ VALUES ('followed', 0), (NULL, 86) $$, 'the later one goes on in its place');
SELECT payments.order_place(pg_temp.k('once'), jsonb_build_object('listing', 'TLIS-0002', 'starts_on', ledger.today() + 3, 'outcome', public.ref('o_amir'))) \g /dev/null
SELECT results_eq($$ SELECT ends, visits, cost FROM pg_temp.orders() WHERE title = 'Art session' $$, $$ VALUES ('once', 0, 0::bigint) $$, 'once is once');
SELECT ok(pg_temp.adds_up(), 'it adds up');
SELECT payments.order_cancel(pg_temp.k('c' || ref), jsonb_build_object('order', ref)) FROM payments.orders WHERE council_id = 901 AND state = 'asked' \g /dev/null
SELECT results_eq('SELECT pg_temp.says()', $$ VALUES ('92800 free, 7200 held, 92800 goes on, 80000 short, 0 left, out on 386') $$, 'what was taken back is not counted');

-- Every other week keeps its weeks
SELECT be('joan') \g /dev/null
SELECT payments.order_place(pg_temp.k('j1'), walk(3) - 'outcome' || '{"every": "fortnightly"}') \g /dev/null
SELECT results_eq($$ SELECT array_agg((planned_on - ledger.today() - 1) % 14 ORDER BY planned_on) FILTER (WHERE n <= 4) FROM (SELECT planned_on, row_number() OVER (ORDER BY planned_on) AS n FROM payments.ahead_parts()) x $$,
                  $$ VALUES ('{0,0,0,0}'::int[]) $$, 'every other week, in step with its first day');
SELECT results_eq('SELECT visits FROM pg_temp.orders()', $$ VALUES (48) $$, 'from the fourth week on, for 700 days');
SELECT ok(pg_temp.adds_up(), 'at the public price');

-- Several purses and budgets: each pays in its order and on its days
SELECT be('amir') \g /dev/null
SELECT public.t_allocate('b_more', 'amir', '[{"funder": "Own money", "kind": "own_money", "use_order": 2, "portions": [{"route": "direct_payment", "amount": 20000}]}]') \g /dev/null
SELECT results_eq('SELECT pg_temp.says()', $$ VALUES ('92800 free, 7200 held, 92800 goes on, 0 short, 0 left, out on -'), ('20000 free, 0 held, 20000 goes on, 60000 short, 0 left, out on 463') $$,
                  'the second budget pays when the first is used up; what is short is short once');
SELECT ok(pg_temp.adds_up(), 'it adds up over both');
UPDATE payments.funding_line SET ends_on = ledger.today() + 100 WHERE council_id = 901 AND budget_id = public.id('b_amir');
UPDATE payments.funding_line SET starts_on = ledger.today() + 110 WHERE council_id = 901 AND budget_id = public.id('b_more');
SELECT results_eq('SELECT pg_temp.says()', $$ VALUES ('92800 free, 7200 held, 19800 goes on, 0 short, 73000 left, out on -'), ('20000 free, 0 held, 20000 goes on, 131200 short, 0 left, out on 190') $$,
                  'each to its own end; days that no budget is for are not counted');
SELECT ok(pg_temp.adds_up(), 'it adds up');
SELECT results_eq('SELECT is_over, is_to_come FROM pg_temp.budgets()', $$ VALUES (false, false), (false, true) $$, 'the second is to come');
UPDATE payments.funding_line SET ends_on = ledger.today() - 1 WHERE council_id = 901 AND budget_id = public.id('b_amir');
SELECT results_eq('SELECT is_over, goes_on, left_over, held FROM pg_temp.budgets()', $$ VALUES (true, 0::bigint, 92800::bigint, 7200::bigint), (false, 20000, 0, 0) $$, 'a budget that has ended pays for nothing new');
SELECT is((SELECT count(DISTINCT budget_ref) FROM pg_temp.months()), 1::bigint, 'and has no months ahead');
SELECT be('commissioner') \g /dev/null
SELECT payments.budget_freeze(pg_temp.k('freeze'), jsonb_build_object('budget', public.ref('b_more'), 'freeze', true, 'reason', 'a check')) \g /dev/null
SELECT be('amir') \g /dev/null
SELECT results_eq('SELECT is_frozen FROM pg_temp.budgets()', $$ VALUES (false), (true) $$, 'a paused one is said to be');

-- Nobody else's
SELECT be('rosa') \g /dev/null
SELECT is_empty('SELECT * FROM pg_temp.orders()', 'of another person nothing');
SELECT results_eq('SELECT pg_temp.says()', $$ VALUES ('56000 free, 0 held, 0 goes on, 0 short, 56000 left, out on -') $$, 'two purses of one budget are one');
SELECT be('broker') \g /dev/null
SELECT is_empty('SELECT * FROM pg_temp.budgets()', 'a broker sees nothing on their own pages');
SELECT public.for_('amir', 'm_broker') \g /dev/null
SELECT is((SELECT count(*) FROM pg_temp.budgets()), 2::bigint, 'and the person’s on the person’s');
SELECT * FROM finish();
ROLLBACK;
