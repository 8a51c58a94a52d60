-- A person questions a visit that is billed: what it costs waits, and no more of the invoice.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
SELECT walked('o1', 4) \g /dev/null
SELECT receive(bill('INV-1', 'o1', 4)) ->> 'ref' AS i1 \gset
SELECT array_agg(ref ORDER BY planned_on) AS v FROM payments.visit WHERE order_id = id('o1') \gset
CREATE FUNCTION ask_(p_no int) RETURNS text LANGUAGE sql AS $$
  SELECT be('rosa'); SELECT payments.visit_query(gen_random_uuid(), jsonb_build_object('visit', ref, 'reason', 'nobody came')) ->> 'outcome'
    FROM (SELECT ref FROM payments.visit WHERE order_id = id('o1') ORDER BY planned_on OFFSET p_no - 1 LIMIT 1) v $$;
CREATE FUNCTION candidates() RETURNS TABLE (amount bigint, is_held boolean, total bigint) LANGUAGE sql AS $$
  SELECT be('finance'); SELECT c.amount, c.hindrance IS NOT NULL, c.provider_total FROM payments.run_candidates(NULL) c ORDER BY 2, 1 $$;
SELECT results_eq('SELECT * FROM candidates()', 'VALUES (7200::bigint, false, 7200::bigint)', 'four visits are owed');
SELECT is(ask_(1), 'queried', 'one is questioned');
SELECT results_eq('SELECT * FROM candidates()', 'VALUES (5400::bigint, false, 5400::bigint), (1800, true, NULL)', 'its part waits, the others do not');
SELECT pg_temp.as('finance', 'run_assemble', '{}') AS run \gset
SELECT is(:'run'::jsonb ->> 'total', '5400', 'a run pays the others');
SELECT matches(:'run'::jsonb #>> '{left_out,0,why}', 'questions a visit', 'and says why not all');
SELECT is(pg_temp.as('finance', 'run_assemble', '{}') ->> 'outcome', 'nothing_to_pay', 'nothing else is left for another');
SELECT be('rosa') \g /dev/null
SELECT payments.visit_confirm(gen_random_uuid(), jsonb_build_object('visit', (:'v'::text[])[1])) \g /dev/null
SELECT is(pg_temp.as('finance', 'run_assemble', '{}') ->> 'total', '1800', 'once she says that it came, it is paid');
SELECT is((SELECT scheduled || ' ' || state FROM payments.invoice WHERE ref = :'i1'), '7200 in_run', 'the invoice is on its way, all of it');
SELECT is(ask_(2), 'queried', 'what is on its way already');
SELECT is_empty('SELECT * FROM candidates()', 'is asked about too late to hold it');
SELECT be('finance') \g /dev/null
SELECT payments.run_withdraw(gen_random_uuid(), jsonb_build_object('run', :'run'::jsonb ->> 'ref')) \g /dev/null
SELECT results_eq('SELECT * FROM candidates()', 'VALUES (3600::bigint, false, 3600::bigint), (1800, true, NULL)', 'unless its run is withdrawn');
SELECT is_empty('SELECT * FROM payments.verify()', 'the books hold');
SELECT * FROM finish();
ROLLBACK;
