-- The bank's answer to a payment file: what it rejects is owed again, what it takes waits for the statement, silence means nothing.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
CREATE FUNCTION pg_temp.answer(p_message text, p_group text, VARIADIC p_answers jsonb[] DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('format', 'pain.002.001.10', 'answers', jsonb_build_array(jsonb_build_object('level', 'group', 'id', p_message, 'status', p_group)) || to_jsonb(p_answers))
$$;
CREATE FUNCTION pg_temp.of(p_id text, p_status text, p_code text DEFAULT NULL, p_level text DEFAULT 'payment') RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('level', p_level, 'id', p_id, 'status', p_status, 'code', p_code, 'info', NULL)
$$;
SELECT walked('o1', 4) \g /dev/null
SELECT receive(bill('INV-1', 'o1', 2))->>'ref' AS i1 \gset
SELECT jsonb_build_object('run', pg_temp.as('finance', 'run_assemble', '{}')->>'ref') AS run \gset
SELECT pg_temp.as('finance', 'run_freeze', :'run'), pg_temp.as('finance2', 'run_approve', :'run'), pg_temp.as('finance', 'run_emit', :'run')->>'message_id' AS message \gset
SELECT reference AS paid, amount FROM payments.payment \gset

SELECT is(pg_temp.as('finance', 'answer_import', pg_temp.answer('MCRUNNOTOURS', 'ACCP'))->>'outcome', 'unknown_file', 'an answer to another file changes nothing');
SELECT is(pg_temp.as('finance902', 'answer_import', pg_temp.answer(:'message', 'RJCT'))->>'outcome', 'unknown_file', 'nor does another council''s');
SELECT throws_ok(format('SELECT pg_temp.as(''auditor'', ''answer_import'', %L)', pg_temp.answer(:'message', 'RJCT')), 'MC403', NULL, 'nor an auditor');
SELECT pg_temp.as('finance', 'answer_import', pg_temp.answer(:'message', 'ACTC', pg_temp.of('MC22222222', 'RJCT', 'AC01')), 'first') AS a \gset
SELECT is((:'a'::jsonb->>'outcome') || ' ' || (:'a'::jsonb->>'state') || ' ' || (:'a'::jsonb->>'rejected'), 'answered acknowledged 0', 'a positive answer acknowledges; a stranger in it is nobody');
SELECT is(pg_temp.as('finance', 'answer_import', pg_temp.answer(:'message', 'ACTC', pg_temp.of('MC22222222', 'RJCT', 'AC01')), 'first')->>'replayed', 'true', 'the same file once');
SELECT is((SELECT state FROM payments.payment), 'emitted', 'silence about a payment is not acceptance');
SELECT pg_temp.as('finance', 'answer_import', pg_temp.answer(:'message', 'PART', pg_temp.of(:'paid', NULL, 'AC04'))) AS a \gset
SELECT is(concat_ws(' ', :'a'::jsonb->>'unclear', :'a'::jsonb->>'accepted', :'a'::jsonb->>'rejected', (SELECT state FROM payments.payment)), '1 0 0 emitted', 'nor is being named without a status an answer');

SAVEPOINT before;
SELECT pg_temp.as('finance', 'answer_import', pg_temp.answer(:'message', 'PART', pg_temp.of(lower(:'paid'), 'RJCT', 'AC04'))) AS a \gset
SELECT is((:'a'::jsonb->>'state') || ' ' || (:'a'::jsonb->>'rejected'), 'rejected 1', 'nothing of the run is left');
SELECT is((SELECT state || ': ' || return_reason FROM payments.payment), 'rejected: The account is closed', 'the payment says why');
SELECT is((SELECT state || ' ' || scheduled || ' ' || paid FROM payments.invoice WHERE ref = :'i1'), 'approved 0 0', 'its invoice is owed again');
SELECT is(ledger.balance(ledger.payable(id('bright'))), :amount::bigint, 'so says the ledger');
SELECT is(ledger.balance(ledger.account_open('run_clearing', 'TBANK-01')), 0::bigint, 'and nothing is on its way');
SELECT is((SELECT state || ': ' || stopped_reason FROM payments.provider_account WHERE state = 'stopped'), 'stopped: the bank rejected payment ' || :'paid', 'the details are stopped');
SELECT matches((SELECT payload->>'body' FROM jobs.outbox WHERE payload->>'subject' LIKE 'The bank rejected%'), 'The account is closed', 'the provider is told');
SELECT is_empty(format('SELECT FROM payments.allocation_target(''run'', %L, -%s)', :'run'::jsonb->>'run', :'amount'), 'the run asks for no money any more');
SELECT is(pg_temp.as('finance', 'answer_import', pg_temp.answer(:'message', 'PART', pg_temp.of(:'paid', 'RJCT', 'AC04')))->>'rejected', '0', 'another file with the same rejection rejects nothing again');
SELECT is(pg_temp.as('finance', 'answer_import', pg_temp.answer(:'message', 'ACSC', pg_temp.of(:'paid', 'ACSC')))->>'state', 'rejected', 'nor does a later acceptance bring it back');
SELECT is((SELECT string_agg(step || ' ' || detail, ', ' ORDER BY detail) FROM payments.payment_step WHERE step LIKE '%by the bank'),
          'taken by the bank ACSC, taken by the bank ACSC, taken by the bank ACTC, taken by the bank PART, rejected by the bank The account is closed', 'its life tells each answer, of the file and of the payment, once');
SELECT is((SELECT count(*) FROM payments.verify()), 0::bigint, 'the books hold');
SELECT is((SELECT count(*) FROM ledger.verify()), 0::bigint, 'so does the ledger');
ROLLBACK TO before;

SELECT is(pg_temp.as('finance', 'answer_import', pg_temp.answer(:'message', 'RJCT'))->>'rejected', '1', 'a rejected file is a rejection of each payment');
ROLLBACK TO before;
SELECT is(pg_temp.as('finance', 'answer_import', pg_temp.answer(:'message', 'PART', pg_temp.of(:'message' || '-1', 'RJCT', 'AM04', 'batch')))->>'rejected', '1', 'so is a rejected batch');
ROLLBACK TO before;

-- The statement came first.
SELECT pg_temp.as('finance', 'statement_import', jsonb_build_object('statements', jsonb_build_array(jsonb_build_object('id', 'S', 'account', '60000087654321', 'balance', 'undecided',
  'entries', jsonb_build_array(jsonb_build_object('amount', payments.decimal(-:amount), 'booked', '2026-01-05', 'status', 'booked')))))) \g /dev/null
SELECT matched(jsonb_build_array(jsonb_build_object('amount', payments.decimal(-:amount), 'class', 'post', 'rule', 'R2', 'allocations', jsonb_build_array(jsonb_build_object('item', 'payment:' || :'paid', 'amount', payments.decimal(-:amount)))))) \g /dev/null
SELECT pg_temp.as('finance', 'answer_import', pg_temp.answer(:'message', 'PART', pg_temp.of(:'paid', 'RJCT', 'AC04'))) AS a \gset
SELECT is((:'a'::jsonb->>'already_paid') || ' ' || (SELECT state FROM payments.payment), '1 settled', 'what the statement settled comes back by the statement');
SELECT is(payments.rejection_words('ZZ99', 'look it up'), 'The bank gives the reason ZZ99. look it up', 'a code that we do not know is handed on');
SELECT is((SELECT count(*) FROM payments.verify()), 0::bigint, 'the books hold');
SELECT * FROM finish();
ROLLBACK;
