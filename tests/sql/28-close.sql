-- Books and bank line by line, and the close of a month.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
-- Two lines a month ago on one statement that reaches the end of that month: one that a person puts aside, one that nothing explains.
SELECT date_trunc('month', ledger.today())::date - 1 AS ends \gset
SELECT date_trunc('month', :'ends'::date)::date AS month \gset
SELECT be('finance') \g /dev/null
UPDATE payments.bank_account SET opening = 0 WHERE ref = 'TBANK-01';
SELECT payments.statement_import(key('s'), jsonb_build_object('statements', jsonb_build_array(jsonb_build_object('id', 'S', 'account', '60000087654321', 'balance', 'balances',
  'opening', jsonb_build_object('amount', '0.00', 'date', :'month'), 'closing', jsonb_build_object('amount', '7.00', 'date', :'ends'),
  'entries', jsonb_build_array(jsonb_build_object('amount', '10.00', 'booked', :'month', 'status', 'booked', 'remittance', '["Found"]'::jsonb),
                               jsonb_build_object('amount', '-3.00', 'booked', :'month', 'status', 'booked', 'remittance', '["Charges"]'::jsonb)))))) \g /dev/null
CREATE FUNCTION pg_temp.aside(p_amount bigint) RETURNS jsonb LANGUAGE sql AS $$
  SELECT payments.entry_match(gen_random_uuid(), jsonb_build_object('entry', ref, 'item', 'suspense:', 'note', 'Looked at it')) FROM payments.bank_entry WHERE amount = p_amount
$$;
CREATE FUNCTION pg_temp.close(p_month date, p_hat text DEFAULT 'finance') RETURNS jsonb LANGUAGE sql AS $$ SELECT pg_temp.as(p_hat, 'month_close', jsonb_build_object('month', p_month)) $$;
PREPARE lines AS SELECT why, bank, books, open_amount, difference FROM payments.bank_difference ORDER BY why, bank;
SELECT results_eq('lines', $$ VALUES ('open', -300::bigint, 0::bigint, -300::bigint, 0::bigint), ('open', 1000, 0, 1000, 0) $$, 'what nothing explains yet is on the list, and no difference');
SELECT pg_temp.aside(1000) \g /dev/null
SELECT results_eq('lines', $$ VALUES ('open', -300::bigint, 0::bigint, -300::bigint, 0::bigint) $$, 'a line that is in the books as it is needs no explanation');

SELECT is(pg_temp.close(:'month')->>'sentence', 'Bank lines that nothing explains yet: 1.', 'a month with an open line is not closed');
SELECT pg_temp.aside(-300) \g /dev/null
SELECT is_empty('lines', 'nothing lies between books and bank');
-- A posting on the bank's account that no bank line stands for, and one that has another amount than its line.
SAVEPOINT planted;
SELECT payments.post_pair(key('stray'), 'stray', 'STRAY', ledger.account_open('bank', 'TBANK-01'), ledger.account_open('suspense', 'TBANK-01'), 250, NULL),
       payments.post_pair(key('twice'), 'twice', (SELECT ref FROM payments.bank_entry WHERE amount = 1000), ledger.account_open('bank', 'TBANK-01'), ledger.account_open('suspense', 'TBANK-01'), 1000, NULL) \g /dev/null
SELECT results_eq('lines', $$ VALUES ('books', 1000::bigint, 2000::bigint, 0::bigint, 1000::bigint), ('no_line', 0, 250, 0, 250) $$, 'each difference is a line');
SELECT is((SELECT sum(difference) FROM payments.bank_difference), (SELECT sum(difference) FROM payments.bank_check), 'and the lines come to the difference of the account');
SELECT is(pg_temp.close(:'month')->>'sentence', 'Books and bank differ by £12.50.', 'a month is not closed over a difference');
ROLLBACK TO planted;
SAVEPOINT short;
UPDATE payments.statement SET closing_on = closing_on - 12;
SELECT is(pg_temp.close(:'month')->>'sentence', 'No statement reaches the end of the month: General account.', 'nor without a statement to its end');
ROLLBACK TO short;

SELECT throws_ok(format('SELECT pg_temp.close(%L, %L)', :'month', 'auditor'), 'MC403', NULL, 'an auditor closes nothing');
SELECT throws_ok($$ SELECT pg_temp.as('finance', 'month_close', '{"month": "soon"}') $$, 'MC404', NULL, 'there is no such month');
SELECT is(pg_temp.close(ledger.today())->>'outcome', 'not_over', 'this month is not over');
SELECT is(pg_temp.close(:'month')->>'outcome', 'closed', 'books and bank agree: it is closed');
SELECT is(pg_temp.close(:'month')->>'outcome', 'state', 'once');
SELECT is(pg_temp.close((:'month'::date - 40))->>'outcome', 'state', 'with every month before it');
SELECT is((SELECT figures->0->>'bank' || ' ' || (figures->0->>'books') FROM ledger.closed_month), '700 700', 'the figures are kept');
SELECT throws_ok('UPDATE ledger.closed_month SET ends_on = ends_on', 'MC409', NULL, 'and stay');
SELECT payments.post_pair(key('late'), 'late', 'LATE', ledger.account_open('suspense', 'TBANK-01'), ledger.account_open('rounding', 'x'), 1, :'month') AS late \gset
SELECT is((SELECT effective_on FROM ledger.journal WHERE id = :late), :'ends'::date + 1, 'what comes late for it counts on the first day after it');
SELECT is_empty('SELECT * FROM ledger.verify() UNION ALL SELECT * FROM payments.verify()', 'the books hold');
SELECT be('finance902') \g /dev/null
SELECT is(ledger.closed_until(), '1900-01-01'::date, 'another council closed nothing');
SELECT * FROM finish();
ROLLBACK;
