-- What a person decides about an invoice: accept, reject, return, dispute; credit notes; self-billing.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
CREATE FUNCTION pg_temp.decide(p_answer jsonb, p_action text, p_hat text DEFAULT 'finance') RETURNS jsonb LANGUAGE sql AS $$
  SELECT be(p_hat);
  SELECT payments.exception_resolve(gen_random_uuid(), jsonb_build_object('exception', p_answer#>>'{exceptions,0,ref}', 'action', p_action, 'note', 'Looked at it'))
$$;

SELECT walked('o1', 5) \g /dev/null
SELECT receive(jsonb_set(bill('A-1', 'o1', 1), '{bank,account}', '"99999999"')) AS a \gset
SELECT throws_ok(format('SELECT pg_temp.decide(%L, %L, %L)', :'a', 'accept', 'provider'), 'MC403', NULL, 'a provider accepts nothing');
SELECT is(pg_temp.decide(:'a', 'accept')->>'outcome', 'approved', 'finance accepts a question with a reason');
SELECT is(pg_temp.decide(:'a', 'accept')->>'outcome', 'already_resolved', 'once');
SELECT is((SELECT hands FROM payments.invoice WHERE number = 'A-1'), 1, 'a hand is counted');
SELECT is((SELECT payments.queried_days(council_id, id) FROM payments.invoice WHERE number = 'A-1'), 1, 'queried and settled on one day: one day of the clock');
UPDATE payments.exception SET opened_at = opened_at - interval '3 days', resolved_at = resolved_at - interval '1 day' WHERE invoice_id = (SELECT id FROM payments.invoice WHERE number = 'A-1');
SELECT is((SELECT payments.queried_days(council_id, id) FROM payments.invoice WHERE number = 'A-1'), 3, 'days of a question count once');

SELECT receive(bill('A-2', 'o1', 2, 20)) AS a \gset
SELECT is(pg_temp.decide(:'a', 'accept')->>'outcome', 'still_open', 'price and cover are two questions');
SELECT be('finance') \g /dev/null
SELECT is(payments.exception_resolve(gen_random_uuid(), jsonb_build_object('exception', (SELECT ref FROM payments.exception WHERE state = 'open'), 'action', 'accept', 'note', 'Pay what is covered')) - 'ref' - 'replayed',
          '{"outcome": "approved", "approved": 3600}', 'accepting pays what was delivered and held, not more');

SELECT receive(bill('A-3', 'ZZZZ-ZZZZ', 1)) AS a \gset
SELECT is(pg_temp.decide(:'a', 'accept')->>'outcome', 'cannot_accept', 'without an order there is nothing to accept');
SELECT is(pg_temp.decide(:'a', 'return')->>'outcome', 'rejected', 'it goes back to the provider');
SELECT matches((SELECT payload->>'body' FROM jobs.outbox WHERE payload->>'subject' = 'Please correct invoice A-3'), 'Looked at it', 'who reads why');
SELECT is(receive(bill('A-3', 'o1', 2))->>'outcome', 'approved', 'and sends it again under its number');

-- A dispute holds its own line.
SELECT walked('o2', 2, 'amir'), walked('o3', 2, 'amir') \g /dev/null
SELECT bill('D-1', 'o2', 2) || jsonb_build_object('net', '92.00', 'gross', '92.00',
         'lines', (bill('D-1', 'o2', 2)->'lines') || (bill('D-1', 'o3', 2, 28)->'lines')) AS two \gset
SELECT receive(:'two') AS a \gset
SELECT is(why(:'a'), 'FIN covered, PRI price', 'one of two lines is too dear');
SELECT is(pg_temp.decide(:'a', 'dispute') - 'ref', '{"outcome": "disputed", "approved": 3600, "replayed": false}', 'the other line is approved');
SELECT pg_temp.as('finance2', 'run_assemble', '{}') AS run \gset
SELECT is(:'run'::jsonb->>'total', '12600', 'and goes into a run with everything that is approved');
SELECT jsonb_build_object('run', :'run'::jsonb->>'ref') AS of_run \gset
SELECT pg_temp.as('finance2', 'run_freeze', :'of_run'), pg_temp.as('finance', 'run_approve', :'of_run'), pg_temp.as('finance2', 'run_emit', :'of_run') \g /dev/null
SAVEPOINT two_runs;
SELECT be('finance2') \g /dev/null
SELECT payments.dispute_end(gen_random_uuid(), jsonb_build_object('invoice', :'a'::jsonb->>'ref', 'line', 2, 'action', 'accept', 'note', 'Agreed')) \g /dev/null
SELECT jsonb_build_object('run', pg_temp.as('finance2', 'run_assemble', '{}')->>'ref') AS rest \gset
SELECT pg_temp.as('finance2', 'run_freeze', :'rest'), pg_temp.as('finance', 'run_approve', :'rest'), pg_temp.as('finance2', 'run_emit', :'rest') \g /dev/null
SELECT payments.payments_settle(ARRAY(SELECT id FROM payments.payment WHERE state = 'emitted'), current_date) \g /dev/null
SELECT is((SELECT paid || ' ' || scheduled FROM payments.invoice WHERE ref = :'a'::jsonb->>'ref'), '7200 0', 'two payments of one invoice that the bank pays at once both count');
ROLLBACK TO two_runs;
SELECT payments.statement_import(gen_random_uuid(), '{"statements": [{"id": "S", "account": "60000087654321", "balance": "undecided", "entries": [{"amount": "-126.00", "booked": "2026-01-05", "status": "booked", "remittance": ["x"]}]}]}') \g /dev/null
SELECT matched(jsonb_build_array(jsonb_build_object('amount', '-126.00', 'class', 'post', 'rule', 'R1', 'allocations',
  jsonb_build_array(jsonb_build_object('item', 'run:' || (:'run'::jsonb->>'ref'), 'amount', '-126.00'))))) \g /dev/null
SELECT is((SELECT paid || ' of ' || gross || ', ' || state FROM payments.invoice WHERE ref = :'a'::jsonb->>'ref'), '3600 of 9200, disputed', 'the bank pays it while the invoice stays in dispute');
SELECT is((SELECT string_agg(l.line || ' ' || l.state, ', ' ORDER BY l.line) FROM payments.invoice_line l JOIN payments.invoice i ON i.id = l.invoice_id WHERE i.ref = :'a'::jsonb->>'ref'), '1 approved, 2 disputed', 'about its own line alone');
SELECT be('finance2') \g /dev/null
SELECT is(payments.dispute_end(gen_random_uuid(), jsonb_build_object('invoice', :'a'::jsonb->>'ref', 'line', 2, 'action', 'accept', 'note', 'Agreed on the phone'))->>'approved', '7200', 'the end of the dispute approves what is covered');
SELECT is(state_of(:'a'::jsonb->>'ref'), 'approved', 'and the rest waits for the next run');
SELECT throws_ok(format('SELECT payments.dispute_end(gen_random_uuid(), %L)', jsonb_build_object('invoice', :'a'::jsonb->>'ref', 'line', 2, 'action', 'accept', 'note', 'x')), 'MC404', NULL, 'a dispute ends once');

-- A credit note goes back to the purses that paid.
SELECT walked('o4', 2, 'amir') \g /dev/null
SELECT bill('C-1', 'o4', 2) AS c \gset
SELECT receive(:'c')->>'ref' AS c_ref \gset
SELECT spent AS before FROM payments.budget_position WHERE person_id = id('amir') \gset
SELECT is(receive(bill('CN-1', 'o4', 1) || '{"kind": "credit_note", "corrects": "c-1"}')->>'outcome', 'approved', 'a credit note for half of it');
SELECT is((SELECT spent FROM payments.budget_position WHERE person_id = id('amir')), :before::bigint - 1800, 'the person has the money back');
SELECT is(why(receive(bill('CN-2', 'o4', 2) || '{"kind": "credit_note", "corrects": "C-1"}')), 'QTY credit', 'more than was paid is not taken back');
SELECT is(why(receive(bill('CN-3', 'o4', 1) || '{"kind": "credit_note", "corrects": "C-9"}')), 'REF corrects', 'nor an invoice that nobody knows');
SELECT be('finance') \g /dev/null
SELECT is(payments.run_assemble(gen_random_uuid(), '{}')->>'total', '5400', 'the next payment is less by the credit note');

-- What is taken back whole can be billed again, once, and out of the purse that it came back to.
SELECT is(receive(bill('C-2', 'o4', 2))->>'outcome', 'exception', 'visits of an invoice that stands are not billed again');
SELECT is(receive(bill('CN-4', 'o4', 1) || '{"kind": "credit_note", "corrects": "C-1"}')->>'outcome', 'approved', 'the other half is taken back, too');
SELECT is(receive(bill('C-3', 'o4', 2))->>'outcome', 'approved', 'the corrected invoice for the same visits is approved by itself');
SELECT is((SELECT spent FROM payments.budget_position WHERE person_id = id('amir')), :before::bigint, 'and the person paid once');
SELECT is(why(receive(bill('C-4', 'o4', 2))), 'DEL delivered, FIN covered, QTY ordered, REF repeat', 'not twice');
SELECT is(receive(bill('CN-5', 'o4', 2) || '{"kind": "credit_note", "corrects": "C-3"}')->>'outcome', 'approved', 'taken back again');
SAVEPOINT spent_elsewhere;
UPDATE ledger.account SET dr_pending = cr_posted - dr_posted - 100 WHERE id IN (SELECT ledger_account_id FROM payments.portion p JOIN payments.capture c ON c.portion_id = p.id WHERE c.order_id = id('o4'));
SELECT is(why(receive(bill('C-5', 'o4', 2))), 'FIN budget', 'money that was promised to something else since is a question for a person');
SELECT matches((SELECT sentence FROM payments.exception WHERE code = 'budget'), '£35.00 of it is promised to something else', 'which says how much is missing');
ROLLBACK TO spent_elsewhere;
SELECT is(receive(bill('C-6', 'o4', 2))->>'outcome', 'approved', 'and billed again');
SELECT is_empty('SELECT * FROM ledger.verify() UNION ALL SELECT * FROM payments.verify()', 'and the books are whole');

-- A question that has answered itself since is closed without a hand; one about which nothing happened is not judged again.
SAVEPOINT later;
SELECT walked('o9', 2, 'amir') \g /dev/null
UPDATE payments.visit SET state = 'planned', amount = NULL, actual_minutes = NULL WHERE order_id = id('o9');
SELECT receive(bill('T-1', 'o9', 2)) AS early \gset
SELECT receive(bill('T-2', 'ZZZZ-ZZZZ', 1))->>'ref' AS lost \gset
SELECT is(why(:'early'), 'DEL delivered, FIN covered', 'billed before the visits were recorded');
SELECT be('provider') \g /dev/null
SELECT payments.visit_deliver(gen_random_uuid(), jsonb_build_object('visit', ref, 'outcome', 'delivered')) FROM payments.visit WHERE order_id = id('o9') ORDER BY planned_on \g /dev/null
SELECT is(payments.invoices_try_again(), 1, 'once they are, it passes');
SELECT is((SELECT (state, hands)::text FROM payments.invoice WHERE ref = :'early'::jsonb->>'ref'), '(approved,0)', 'with no hand');
SELECT is((SELECT string_agg(DISTINCT e.resolution, ' ') FROM payments.exception e JOIN payments.invoice i ON i.id = e.invoice_id WHERE i.ref = :'early'::jsonb->>'ref'), 'cleared', 'and its questions are closed');
SELECT is((SELECT max(c.round) FROM payments.match_check c JOIN payments.invoice i ON i.id = c.invoice_id WHERE i.ref = :'lost'), 1, 'nothing happened to the order of the other');
ROLLBACK TO later;

-- Self-billing: confirmed visits of a micro-enterprise, billed by the council.
UPDATE public.t_listing SET organisation_id = id('second') WHERE ref = 'TLIS-0001';
UPDATE public.t_hat SET organisation = id('second') WHERE name = 'provider';
SELECT walked('o5', 3, 'amir') \g /dev/null
SELECT be('amir') \g /dev/null
SELECT payments.visit_confirm(gen_random_uuid(), jsonb_build_object('visit', ref)) FROM (SELECT ref FROM payments.visit WHERE order_id = id('o5') ORDER BY planned_on LIMIT 2) v \g /dev/null
SELECT be('provider') \g /dev/null
SELECT is(payments.invoice_self_bill(key('sb'), jsonb_build_object('order', ref('o5'))) - 'ref' - 'replayed', '{"outcome": "approved", "approved": 3600}', 'what was confirmed is billed and approved by itself');
SELECT is(payments.invoice_self_bill(key('sb'), jsonb_build_object('order', ref('o5')))->>'replayed', 'true', 'once');
SELECT is(payments.invoice_self_bill(gen_random_uuid(), jsonb_build_object('order', ref('o5')))->>'outcome', 'nothing_to_bill', 'the rest is not confirmed');
SELECT be('finance') \g /dev/null
SELECT is(payments.invoice_self_bill(gen_random_uuid(), jsonb_build_object('order', ref('o1')))->>'outcome', 'not_micro', 'only for micro-enterprises');
SELECT is((SELECT count(*) FROM payments.verify()), 0::bigint, 'the books hold');
SELECT * FROM finish();
ROLLBACK;
