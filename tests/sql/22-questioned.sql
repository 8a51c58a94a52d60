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
-- What is in a run already does not leave the house while it is questioned: at no step before its file.
CREATE FUNCTION act(p_hat text, p_verb text, p_run text) RETURNS text LANGUAGE sql AS $$
  SELECT r ->> 'outcome' || coalesce(': ' || (r ->> 'sentence'), '') FROM pg_temp.as(p_hat, 'run_' || p_verb, jsonb_build_object('run', p_run)) r $$;
CREATE FUNCTION answer_(p_no int) RETURNS text LANGUAGE sql AS $$
  SELECT be('rosa'); SELECT payments.visit_confirm(gen_random_uuid(), jsonb_build_object('visit', ref)) ->> 'outcome'
    FROM (SELECT ref FROM payments.visit WHERE order_id = id('o1') ORDER BY planned_on OFFSET p_no - 1 LIMIT 1) v $$;
SELECT :'run'::jsonb ->> 'ref' AS run \gset
SELECT is(ask_(2), 'queried', 'a visit is questioned that a run pays for');
SELECT is_empty('SELECT * FROM candidates()', 'all of its invoice is in runs');
SELECT matches(act('finance', 'freeze', :'run'), '^held: Bright Mornings.*: Somebody questions a visit that is billed\. Withdraw the run', 'the run is not frozen');
SELECT is(answer_(2), 'confirmed', 'it is answered');
SELECT is(act('finance', 'freeze', :'run'), 'frozen', 'and the run goes on');
SELECT is(ask_(3), 'queried', 'another is questioned');
SELECT matches(act('finance2', 'approve', :'run'), '^held: .*questions a visit', 'then it is not approved');
SELECT is(answer_(3), 'confirmed', 'answered as well');
SELECT is(act('finance2', 'approve', :'run'), 'approved', 'it is approved');
SELECT is(ask_(4), 'queried', 'the last is questioned');
SELECT matches(act('finance', 'emit', :'run'), '^held: .*questions a visit', 'then its file is not made');
SELECT is(act('finance', 'withdraw', :'run'), 'withdrawn', 'it is withdrawn');
SELECT results_eq('SELECT * FROM candidates()', 'VALUES (3600::bigint, false, 3600::bigint), (1800, true, NULL)', 'and the next one pays all but that visit');
SELECT pg_temp.as('finance', 'run_assemble', '{}') ->> 'ref' AS run \gset
SELECT is(act('finance', 'freeze', :'run') || ' ' || act('finance2', 'approve', :'run') || ' ' || act('finance', 'emit', :'run'), 'frozen approved emitted', 'which goes out while the question stands');
SELECT is_empty('SELECT * FROM payments.verify()', 'the books hold');
SELECT * FROM finish();
ROLLBACK;
