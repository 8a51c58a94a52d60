-- A payment of a part of an invoice comes back while the rest is on its way: that part is owed again at once.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
SELECT walked('o1', 4) \g /dev/null
SELECT receive(bill('INV-1', 'o1', 4)) ->> 'ref' AS i1 \gset
SELECT array_agg(ref ORDER BY planned_on) AS v FROM payments.visit WHERE order_id = id('o1') \gset
CREATE FUNCTION pg_temp.invoice() RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', state, scheduled, paid) FROM payments.invoice $$;
-- The part of one visit waits, so the invoice is paid by two runs.
SELECT be('rosa'), payments.visit_query(gen_random_uuid(), jsonb_build_object('visit', (:'v'::text[])[1], 'reason', 'nobody came')) \g /dev/null
SELECT pg_temp.as('finance', 'run_assemble', '{}') ->> 'ref' AS run \gset
SELECT be('rosa'), payments.visit_confirm(gen_random_uuid(), jsonb_build_object('visit', (:'v'::text[])[1])) \g /dev/null
SELECT pg_temp.as('finance', 'run_assemble', '{}') \g /dev/null
SELECT is(pg_temp.invoice(), 'in_run 7200 0', 'two runs pay it');
SELECT pg_temp.as('finance', 'run_freeze', jsonb_build_object('run', :'run')), pg_temp.as('finance2', 'run_approve', jsonb_build_object('run', :'run')),
       pg_temp.as('finance3', 'run_emit', jsonb_build_object('run', :'run')) \g /dev/null
SELECT pg_temp.as('finance', 'statement_import', jsonb_build_object('statements', jsonb_build_array(jsonb_build_object('id', 'S', 'account', '60000087654321', 'balance', 'undecided', 'entries',
  jsonb_build_array(jsonb_build_object('amount', '-54.00', 'booked', ledger.today(), 'status', 'booked'), jsonb_build_object('amount', '54.00', 'booked', ledger.today(), 'status', 'booked')))))) \g /dev/null
SELECT reference AS paid FROM payments.payment WHERE amount = 5400 \gset
CREATE FUNCTION pg_temp.place(p_amount bigint, p_item text) RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.as('finance', 'entry_match', jsonb_build_object('entry', ref, 'item', p_item, 'note', 'seen')) ->> 'outcome' FROM payments.bank_entry WHERE amount = p_amount $$;
SELECT is(pg_temp.place(-5400, 'payment:' || :'paid'), 'matched', 'the first is paid');
SELECT is(pg_temp.invoice(), 'in_run 1800 5400', 'and the rest on its way');
SELECT is(pg_temp.place(5400, 'return:' || :'paid'), 'matched', 'the first comes back');
SELECT is(pg_temp.invoice(), 'approved 1800 0', 'its part is owed again, the rest is still on its way');
SELECT is_empty('SELECT * FROM payments.verify()', 'the books hold');
SELECT * FROM finish();
ROLLBACK;
