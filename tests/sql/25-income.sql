-- Money that comes in: expected, received in part, in full and back; reminders; client money; the check of every day.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
INSERT INTO payments.bank_account (council_id, ref, name, sort_code, account_number, is_client_money) VALUES (901, 'TBANK-02', 'Client money', '600000', '11112222', true);
CREATE FUNCTION pg_temp.expects(p_more jsonb) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('kind', 'contribution', 'payer_name', 'Rosa Quill', 'payer_email', 'rosa@town.example', 'person', 'TPER-0001', 'amount', 5000, 'every', 'month',
                            'starts_on', ledger.today() - 20) || p_more
$$;
SELECT be('finance') \g /dev/null
SELECT pg_temp.as('finance', 'income_expect', pg_temp.expects('{}'), 'series') AS s \gset
SELECT is((:'s'::jsonb->>'outcome') || ' ' || (:'s'::jsonb->>'items'), 'expected 3', 'a monthly series has the items of the next two months');
SELECT is(pg_temp.as('finance', 'income_expect', pg_temp.expects('{}'), 'series')->>'ref', :'s'::jsonb->>'ref', 'the same form twice is one series');
SELECT throws_ok('SELECT pg_temp.as(''commissioner'', ''income_expect'', pg_temp.expects(''{}''))', 'MC403', NULL, 'finance alone expects money');
SELECT is(pg_temp.as('finance', 'income_expect', pg_temp.expects('{"person": "TPER-9999"}'))->>'outcome', 'no_person', 'of nobody that we know');
SELECT is(pg_temp.as('finance', 'income_expect', pg_temp.expects('{"starts_on": "2999-01-01"}'))->>'outcome', 'far', 'nothing is expected in a thousand years');
SELECT is(pg_temp.as('finance', 'income_expect', pg_temp.expects(jsonb_build_object('every', 'month', 'ends_on', ledger.today() + 4000)))->>'outcome', 'too_long', 'nor for more than ten');
SELECT is(pg_temp.as('finance902', 'income_expect', pg_temp.expects('{}'))->>'outcome', 'no_account', 'a council without an account expects nothing');
SELECT is((SELECT string_agg(a.code || CASE WHEN b.is_client_money THEN '!' ELSE '' END, ' ') FROM payments.income_series s JOIN payments.bank_account b ON b.id = s.bank_account_id, LATERAL (SELECT b.ref AS code) a), 'TBANK-01', 'client money only where somebody says so');

-- A statement with the money: in full under the reference, and what goes back.
CREATE FUNCTION pg_temp.booked(p_account text, p_amount text, p_day date) RETURNS jsonb LANGUAGE sql AS $$
  SELECT payments.statement_import(gen_random_uuid(), jsonb_build_object('format', 'test', 'statements', jsonb_build_array(jsonb_build_object('id', 'S', 'account', p_account, 'balance', 'undecided',
    'entries', jsonb_build_array(jsonb_build_object('amount', p_amount, 'booked', p_day, 'status', 'booked', 'bank_ref', p_amount || p_day, 'remittance', '["x"]'::jsonb))))))
$$;
CREATE FUNCTION pg_temp.answered(p_amount text, p_item text, p_part text, p_rule text DEFAULT 'R2') RETURNS jsonb LANGUAGE sql AS $$
  SELECT matched(jsonb_build_array(jsonb_build_object('amount', p_amount, 'class', 'post', 'rule', p_rule, 'allocations', jsonb_build_array(jsonb_build_object('item', p_item, 'amount', p_part)))))
$$;
SELECT be('finance') \g /dev/null
SELECT 'income:' || ref AS item, ref AS item_ref FROM payments.income_item WHERE council_id = 901 ORDER BY due_on LIMIT 1 \gset
SELECT pg_temp.booked('60000087654321', '60.00', ledger.today()) \g /dev/null
SELECT is((SELECT string_agg((i->>'kind') || (i->>'amount') || (i->>'reference' = :'s'::jsonb->>'reference'), ' ') FROM payments.matching_accounts() w, payments.expected_items(w.id, 'income', 0, 100) x (id, i)),
          'contribution50.00true contribution50.00true contribution50.00true', 'the matcher is told of each item under the standing reference');
SELECT is(pg_temp.answered('60.00', :'item', '50.00')->>'income', '1', 'an overpaid item takes what it asked for');
SELECT is((SELECT allocated FROM payments.bank_entry WHERE amount = 6000), 5000::bigint, 'the rest stays open');
SELECT is(pg_temp.answered('60.00', :'item', '10.00')->>'income', '0', 'and no rule places it later: a person does');
SELECT is((SELECT received || ' ' || (received_on = ledger.today()) FROM payments.income_item WHERE ref = :'item_ref'), '5000 true', 'received');
SELECT is(ledger.balance(ledger.account_open('contribution_receivable', 'TPER-0001')), -5000::bigint, 'on the person''s account of contributions');
SELECT pg_temp.booked('60000087654321', '-50.00', ledger.today() + 1) \g /dev/null
SELECT is(pg_temp.answered('-50.00', :'item', '-50.00', 'R5')->>'income_return', '1', 'it goes back');
SELECT is((SELECT received || coalesce(received_on::text, ' again') FROM payments.income_item WHERE ref = :'item_ref'), '0 again', 'and is expected again');

-- Late: reminders by themselves and by hand.
SELECT ok(payments.income_is_late(ledger.today() - 20) AND NOT payments.income_is_late(ledger.today() - 5), 'five working days of grace');
SELECT be('finance') \g /dev/null
SELECT is(payments.income_daily(), 2, 'the check of the day looks at each account');
SELECT is(payments.income_daily(), 0, 'once a day');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE payload->>'to_email' = 'rosa@town.example'), 1::bigint, 'the late item is reminded of');
SELECT matches((SELECT payload->>'body' FROM jobs.outbox WHERE payload->>'to_email' = 'rosa@town.example'), '£50.00 was due .* reference ' || (:'s'::jsonb->>'reference'), 'with amount, day and reference');
SELECT is(pg_temp.as('finance', 'income_remind', jsonb_build_object('item', :'item_ref'))->>'outcome', 'too_soon', 'not twice on a day');
SELECT throws_ok('SELECT pg_temp.as(''finance'', ''income_remind'', ''{"item": "ZZZZ-ZZZZ"}'')', 'MC404', NULL, 'nor of nothing');
SELECT be('finance') \g /dev/null
SELECT is(pg_temp.as('finance', 'income_remind', jsonb_build_object('item', (SELECT ref FROM payments.income_item ORDER BY due_on DESC LIMIT 1)), 'r')->>'outcome', 'reminded', 'a person may remind of any');
SELECT is(pg_temp.as('finance', 'income_remind', jsonb_build_object('item', (SELECT ref FROM payments.income_item ORDER BY due_on DESC LIMIT 1)), 'r')->>'replayed', 'true', 'one press is one reminder');
SELECT is(pg_temp.as('finance', 'income_end', jsonb_build_object('series', :'s'::jsonb->>'ref'))->>'outcome', 'ended', 'a series ends');
SELECT is((SELECT count(*) FROM payments.income_item WHERE council_id = 901), 1::bigint, 'what was not due yet is expected no more');
SELECT is(pg_temp.as('finance', 'income_end', jsonb_build_object('series', :'s'::jsonb->>'ref'))->>'outcome', 'state', 'once');

-- Client money: a sub-ledger a person, and every pound is somebody's or waits.
SELECT pg_temp.as('finance', 'income_expect', pg_temp.expects('{"kind": "topup", "every": "once", "bank_account": "TBANK-02", "amount": 30000}')) AS c \gset
SELECT 'income:' || i.ref AS client_item FROM payments.income_item i JOIN payments.income_series s ON s.id = i.series_id WHERE s.ref = :'c'::jsonb->>'ref' \gset
SELECT be('finance') \g /dev/null
SELECT pg_temp.booked('60000011112222', '300.00', ledger.today()), pg_temp.booked('60000011112222', '7.00', ledger.today()) \g /dev/null
SELECT payments.allocation_apply(jsonb_build_array(jsonb_build_object('entry', e.ref, 'item', :'client_item', 'amount', 30000, 'rule', 'R2'))) FROM payments.bank_entry e WHERE amount = 30000 \g /dev/null
SELECT is((SELECT concat_ws(' ', people, suspense, open_amount, client_gap) FROM payments.bank_check WHERE ref = 'TBANK-02'), '30000 0 700 0', 'people''s money, what waits, and no gap');
SELECT payments.allocation_apply(jsonb_build_array(jsonb_build_object('entry', e.ref, 'item', 'suspense:', 'amount', 700, 'rule', 'hand'))) FROM payments.bank_entry e WHERE amount = 700 \g /dev/null
SELECT is((SELECT concat_ws(' ', people, suspense, open_amount, client_gap) FROM payments.bank_check WHERE ref = 'TBANK-02'), '30000 700 0 0', 'put aside is still accounted for');
SELECT is((SELECT client_gap FROM payments.bank_check WHERE ref = 'TBANK-01'), NULL::bigint, 'the council''s own account has no such check');
SELECT is((SELECT p.name FROM ledger.account a JOIN identity.person p ON p.council_id = a.council_id AND p.id = a.person_id WHERE a.kind = 'client_money'), 'Rosa Quill', 'the sub-ledger is Rosa''s');
SELECT ledger.post(gen_random_uuid(), 'spent_unseen', jsonb_build_array(jsonb_build_object('account', ledger.account_open('client_money', 'TBANK-02 TPER-0001'), 'amount', -100),
                   jsonb_build_object('account', ledger.account_open('rounding', 'x'), 'amount', 100)), 'x')->>'outcome' AS posted \gset
SELECT is((SELECT client_gap FROM payments.bank_check WHERE ref = 'TBANK-02'), 100::bigint, 'a sub-ledger that is not covered is seen');
SAVEPOINT tomorrow;
ALTER TABLE payments.day_check DISABLE TRIGGER append_only;
DELETE FROM payments.day_check;
SELECT is(payments.income_daily(), 2, 'the next day');
SELECT matches((SELECT payload->>'body' FROM jobs.outbox WHERE payload->>'subject' = 'Bank accounts that do not agree' LIMIT 1), 'Client money: .*people''s money and the bank differ by £1.00', 'finance is told which account and by how much');
ROLLBACK TO tomorrow;
SELECT is((SELECT string_agg(check_name, ' ') FROM payments.verify()), NULL::text, 'the books hold');
SELECT * FROM finish();
ROLLBACK;
