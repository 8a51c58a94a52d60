-- The ledger: posting, holds, captures, reversals, periods; every function twice with the same key and once with another body.
BEGIN;
\ir fixture.psql
SELECT no_plan();
SELECT be('finance') \g /dev/null
SET LOCAL search_path = public, ledger;

CREATE FUNCTION lines(VARIADIC p bigint[]) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_agg(jsonb_build_object('account', p[i], 'amount', p[i + 1]) ORDER BY i) FROM generate_series(1, cardinality(p), 2) AS i
$$;
CREATE FUNCTION k(p text) RETURNS uuid LANGUAGE sql AS $$ SELECT ledger.key(p) $$;
INSERT INTO t_thing SELECT 'purse', ledger.account_open('budget', 'TPURSE', id('rosa'));
INSERT INTO t_thing SELECT 'fund', ledger.account_open('fund', 'Test fund');
INSERT INTO t_thing SELECT 'pay', ledger.payable(id('bright'));

-- Accounts
SELECT is(ledger.account_open('fund', 'Test fund'), id('fund'), 'an account is opened once');
SELECT is(ledger.payable(id('bright')), id('pay'), 'and so is a payable');
SELECT throws_ok($$ UPDATE ledger.account SET no_overdraw = false WHERE id = id('purse') $$, '23514', NULL, 'a budget account cannot lose its limit');
SELECT throws_ok($$ UPDATE ledger.account SET dr_posted = 1 WHERE id = id('fund') $$, '23514', NULL, 'other accounts keep no counters');
SELECT throws_ok($$ UPDATE ledger.account SET dr_pending = 1 WHERE id = id('purse') $$, '23514', NULL, 'the last line of defence: no pending sum beyond what there is');

-- Posting
SELECT is(ledger.post(k('p1'), 'allocation', lines(id('fund'), -10000, id('purse'), 10000), 'R1') ->> 'outcome', 'posted', 'an allocation posts');
SELECT is(ledger.post(k('p1'), 'allocation', lines(id('fund'), -10000, id('purse'), 10000), 'R1') ->> 'replayed', 'true', 'the same key and lines: the first answer');
SELECT throws_ok($$ SELECT ledger.post(k('p1'), 'allocation', lines(id('fund'), -10001, id('purse'), 10001), 'R1') $$, 'MC422', NULL, 'the same key and other lines: refused');
SELECT is(ledger.balance(id('purse')), 10000::bigint, 'the purse holds it');
SELECT is(ledger.balance(id('fund')), 10000::bigint, 'the fund''s balance is derived from its entries, on its normal side');
SELECT throws_ok($$ SELECT ledger.post(k('p2'), 'allocation', lines(id('fund'), -10000, id('purse'), 9999), 'R1') $$, '23514', NULL, 'lines that do not sum to zero are refused');
SELECT throws_ok($$ SELECT ledger.post(k('p3'), 'allocation', lines(id('fund'), -5, id('purse'), 5, 999999999, 5), 'R1') $$, '23503', NULL, 'an unknown account is refused');
SELECT is(ledger.post(k('p4'), 'allocation', lines(id('purse'), -10001, id('fund'), 10001), 'R1'),
          jsonb_build_object('outcome', 'short', 'account', id('purse'), 'free', 10000, 'short_by', 1), 'one penny too much is a fact, with the amounts');
SELECT is(ledger.post(k('p5'), 'allocation', lines(id('purse'), -40, id('fund'), 30, id('purse'), -60, id('fund'), 70), 'R1') ->> 'outcome', 'posted', 'several lines an account');
SELECT results_eq($$ SELECT e.account_version, e.balance_after FROM ledger.entry e WHERE e.account_id = id('purse') ORDER BY 1 $$,
                  $$ VALUES (1::bigint, 10000::bigint), (2, 9960), (3, 9900) $$, 'each entry carries the version and balance of its account');
SELECT throws_ok($$ UPDATE ledger.entry SET amount = amount + 1 $$, 'MC409', NULL, 'entries are never changed');
SELECT throws_ok($$ DELETE FROM ledger.journal $$, 'MC409', NULL, 'journals are never removed');

-- Reversal
SELECT is(ledger.reverse(k('r1'), (SELECT max(id) FROM ledger.journal), 'typed wrongly') ->> 'outcome', 'posted', 'a journal is reversed by another');
SELECT is(ledger.balance(id('purse')), 10000::bigint, 'which puts the money back');
SELECT throws_ok($$ SELECT ledger.reverse(k('r2'), (SELECT corrects FROM ledger.journal WHERE kind = 'reversal'), 'again') $$, '23505', NULL, 'a journal is reversed once');
SELECT throws_ok($$ SELECT ledger.reverse(k('r3'), 999999999, 'none') $$, 'MC404', NULL, 'no such journal');

-- Holds
CREATE FUNCTION promise(p_name text, p_key text, p_amount bigint, p_until date DEFAULT current_date + 30) RETURNS ledger.promise LANGUAGE plpgsql AS $$
DECLARE
  v_hold bigint := nextval('ledger.hold_id_seq');
BEGIN
  INSERT INTO t_thing VALUES (p_name, v_hold) ON CONFLICT (name) DO UPDATE SET id = v_hold;
  RETURN ROW(v_hold, id('purse'), p_amount, p_until, upper(p_key), mc.account(), k(p_key))::ledger.promise;
END $$;
SELECT ledger.holds_open(ARRAY[promise('hold', 'h1', 6000)]) \g /dev/null
SELECT results_eq($$ SELECT amount, rest, state FROM ledger.hold WHERE id = id('hold') $$, $$ VALUES (6000::bigint, 6000::bigint, 'open') $$, 'a hold is opened');
SELECT throws_ok($$ SELECT ledger.holds_open(ARRAY[promise('again', 'h1', 1)]) $$, '23505', NULL, 'a key opens one hold');
SELECT throws_ok($$ SELECT ledger.holds_open(ARRAY[promise('more', 'h2', 4001)]) $$, 'P0001', '1 accounts cannot keep what was promised from them', 'what is held is not free');
SELECT throws_ok($$ SELECT ledger.holds_open(ARRAY[promise('more', 'h2', 2000), promise('less', 'h3', 2001)]) $$, 'P0001', NULL, 'nor for several together');
SELECT results_eq($$ SELECT count(*), sum(amount) FROM ledger.hold WHERE account_id = id('purse') $$, $$ VALUES (1::bigint, 6000::numeric) $$, 'all of them or none');
SELECT results_eq($$ SELECT kind, amount, ref, actor_id FROM ledger.hold_move WHERE hold_id = id('hold') $$, $$ SELECT 'open', 6000::bigint, 'H1', mc.account() $$, 'with its first step');
SELECT is(ledger.post(k('p6'), 'allocation', lines(id('purse'), -4001, id('fund'), 4001), 'R1') ->> 'outcome', 'short', 'nor may it be taken back');
SELECT is(ledger.hold_capture(k('c1'), id('hold'), 2500, id('pay'), 'I1') - 'journal', '{"outcome": "captured", "rest": 3500, "replayed": false}'::jsonb, 'part of a hold is captured');
SELECT is(ledger.hold_capture(k('c1'), id('hold'), 2500, id('pay'), 'I1') ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT ledger.hold_capture(k('c1'), id('hold'), 2501, id('pay'), 'I1') $$, 'MC422', NULL, 'the same key with another amount: refused');
SELECT is(ledger.hold_capture(k('c2'), id('hold'), 3501, id('pay'), 'I2'), '{"outcome": "short", "rest": 3500, "short_by": 1}'::jsonb, 'never more than is held');
SELECT is(ledger.hold_release(k('l1'), id('hold'), 500, 'O1') - 'replayed', '{"outcome": "released", "rest": 3000}'::jsonb, 'part is released');
SELECT is(ledger.hold_release(k('l1'), id('hold'), 500, 'O1') ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT ledger.hold_release(k('l1'), id('hold'), 501, 'O1') $$, 'MC422', NULL, 'the same key with another amount: refused');
SELECT is(ledger.hold_capture(k('c3'), id('hold'), 1000, id('pay'), 'I3', true) ->> 'rest', '0', 'the last capture gives the rest back');
SELECT is((SELECT state FROM ledger.hold WHERE id = id('hold')), 'resolved', 'and the hold is resolved');
SELECT is(ledger.hold_release(k('l2'), id('hold'), NULL, 'O1') ->> 'outcome', 'short', 'a resolved hold gives nothing more');
SELECT results_eq($$ SELECT dr_pending, dr_posted, cr_posted FROM ledger.account WHERE id = id('purse') $$, $$ VALUES (0::bigint, 3600::bigint, 10100::bigint) $$, 'the counters agree');
SELECT is(ledger.balance(id('pay')), 3500::bigint, 'the provider is owed what was captured');

-- Frozen: no new holds, owed captures go through
SELECT ledger.holds_open(ARRAY[promise('hold2', 'h3', 1000, current_date - 1)]) \g /dev/null
UPDATE ledger.account SET frozen = true WHERE id = id('purse');
SELECT throws_ok($$ SELECT ledger.holds_open(ARRAY[promise('none', 'h4', 1)]) $$, 'P0001', NULL, 'a frozen account refuses a new hold');
SELECT is(ledger.hold_capture(k('c4'), id('hold2'), 400, id('pay'), 'I4') ->> 'outcome', 'captured', 'and pays what is owed');
UPDATE ledger.account SET frozen = false WHERE id = id('purse');

-- Expiry
SELECT is(ledger.hold_expire_due(), 1, 'a hold past its day is given back');
SELECT is(ledger.hold_expire_due(), 0, 'once');
SELECT is((SELECT released FROM ledger.hold WHERE id = id('hold2')), 600::bigint, 'what was left of it');

-- Periods
SELECT is(ledger.year_start('2026-03-31'), '2025-04-01'::date, 'the year before 1 April');
SELECT is(ledger.year_start('2026-04-01'), '2026-04-01'::date, 'the year from 1 April');
SELECT is(ledger.post(k('old'), 'allocation', lines(id('fund'), -100, id('purse'), 100), 'R9', NULL, '2020-05-01') ->> 'outcome', 'posted', 'an item of an old year posts');
SELECT is(ledger.period_close(k('close'), '2020-04-01') ->> 'outcome', 'closed', 'finance closes it');
SELECT is(ledger.period_close(k('close'), '2020-04-01') ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT ledger.period_close(k('close'), '2021-04-01') $$, 'MC422', NULL, 'the same key with another period: refused');
SELECT is(ledger.period_close(k('close2'), '2020-04-01') ->> 'outcome', 'state', 'closing again is a fact');
SELECT is(ledger.period_close(k('close3'), ledger.year_start(ledger.today())) ->> 'outcome', 'not_over', 'the running year stays open');
SELECT is((SELECT credits FROM ledger.period_total WHERE account_id = id('purse')), 100::bigint, 'its totals are stored');
SELECT ledger.post(k('late'), 'allocation', lines(id('fund'), -7, id('purse'), 7), 'R10', NULL, '2020-06-01') \g /dev/null
SELECT is((SELECT p.starts_on FROM ledger.journal j JOIN ledger.period p ON p.id = j.period_id WHERE j.ref = 'R10'), '2021-04-01'::date, 'a late item counts in the next open period');
SELECT is((SELECT effective_on FROM ledger.journal WHERE ref = 'R10'), '2020-06-01'::date, 'and keeps its own day');
SELECT be('commissioner') \g /dev/null
SELECT throws_ok($$ SELECT ledger.period_close(k('close4'), '2021-04-01') $$, 'MC403', NULL, 'only finance closes a period');

-- The books are whole, and a journal without entries cannot commit
-- These journals were posted by hand, so none has the business row that it was posted for.
SELECT is_empty($$ SELECT * FROM ledger.verify() WHERE check_name <> 'journal_origin' $$, 'the auditor finds nothing else');
SELECT throws_ok($$ INSERT INTO ledger.journal (council_id, idem_key, idem_sha256, kind, ref, effective_on, period_id) VALUES (901, k('x'), '', 'empty', 'X', current_date, 1);
                    SET CONSTRAINTS ledger.journal_complete IMMEDIATE $$, '23514', NULL, 'an empty journal is refused at commit');

-- Nobody else writes, and another council sees nothing
SELECT is_empty($$ SELECT r.rolname, t.oid::regclass FROM pg_class t, (VALUES ('mc_web'), ('mc_jobs'), ('mc_verify')) AS r (rolname)
                    WHERE t.relnamespace IN ('ledger'::regnamespace, 'payments'::regnamespace) AND t.relkind IN ('r', 'v')
                      AND has_table_privilege(r.rolname, t.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') $$, 'the application roles cannot write any table of the ledger or payments');
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'ledger'::regnamespace AND p.proname IN ('post', 'holds_open', 'hold_capture', 'hold_release', 'reverse')
                    AND (has_function_privilege('mc_web', p.oid, 'EXECUTE') OR has_function_privilege('mc_jobs', p.oid, 'EXECUTE')) $$, 'nor post by themselves');
SELECT is_empty($$ SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace IN ('ledger'::regnamespace, 'payments'::regnamespace) AND c.relkind = 'r'
                    AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'council_id') AND NOT (c.relrowsecurity AND c.relforcerowsecurity) $$,
                'row-level security is on and forced everywhere');
SELECT be('commissioner902') \g /dev/null
SET LOCAL ROLE mc_web;
SELECT is((SELECT count(*) FROM ledger.entry) + (SELECT count(*) FROM payments.budget_position), 0::bigint, 'another council sees no entry and no budget');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
