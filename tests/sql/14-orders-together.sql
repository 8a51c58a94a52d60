-- Orders of several people in one statement: each gets what it would get alone, all are written together, or none is.
BEGIN;
\ir fixture.psql
SELECT no_plan();
CREATE FUNCTION k(p text) RETURNS uuid LANGUAGE sql AS $$ SELECT ledger.key(p) $$;
INSERT INTO identity.session (token_sha256, account_id, council_id, hat_id, expires_at)
SELECT sha256(name::bytea), account, council, hat, now() + interval '1 day' FROM public.t_hat;

-- One of those that ask: who, under which key, for what, and for whom.
CREATE FUNCTION ask(p_who text, p_key text, p_request jsonb, p_for text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_array(sha256(p_who::bytea)::text, 'holder supporter broker self_funder', p_for, 't', k(p_key)::text, p_request::text)
$$;
CREATE FUNCTION together(VARIADIC p_asked jsonb[]) RETURNS TABLE (n bigint, who text, person text, answer jsonb) LANGUAGE sql AS $$
  SELECT row_number() OVER (), x.name, x.person_name, x.answer FROM payments.orders_place(to_jsonb(p_asked)) AS x
$$;
CREATE FUNCTION said(VARIADIC p_asked jsonb[]) RETURNS TABLE (who text, outcome text, figure text, replayed text) LANGUAGE sql AS $$
  SELECT who, answer ->> 'outcome', coalesce(answer ->> 'total', answer ->> 'minimum_minutes'), answer ->> 'replayed' FROM together(VARIADIC p_asked) ORDER BY n
$$;
-- What is stored of all councils, which no context shows at once; this test runs as the superuser.
CREATE FUNCTION stored() RETURNS TABLE (orders bigint, lines bigint, holds bigint, held numeric, events bigint, audited bigint, letters bigint, answers bigint) LANGUAGE sql AS $$
  SELECT (SELECT count(*) FROM payments.orders WHERE council_id > 900), (SELECT count(*) FROM payments.order_line WHERE council_id > 900),
         (SELECT count(*) FROM payments.order_hold WHERE council_id > 900), (SELECT coalesce(sum(rest), 0) FROM ledger.hold WHERE council_id > 900),
         (SELECT count(*) FROM payments.order_event WHERE council_id > 900), (SELECT count(*) FROM audit.event WHERE council_id > 900 AND verb = 'order_place'),
         (SELECT count(*) FROM jobs.outbox WHERE council_id > 900), (SELECT count(*) FROM mc.idempotency WHERE council_id > 900 AND verb = 'order_place')
$$;
SELECT be('commissioner902'), t_allocate('b_olu', 'olu', '[{"funder": "Otherford Council", "kind": "own_money", "portions": [{"route": "direct_payment", "amount": 9000}]}]') \g /dev/null
SELECT identity.leave() \g /dev/null
SELECT results_eq('SELECT * FROM stored()', $$ VALUES (0::bigint, 0::bigint, 0::bigint, 0::numeric, 0::bigint, 0::bigint, 0::bigint, 0::bigint) $$, 'nothing yet');

-- Two councils, three people, one of them refused
SELECT results_eq($$ SELECT * FROM said(ask('rosa', 'r1', walk(4)), ask('olu', 'l1', walk(2) - 'outcome'), ask('amir', 'a1', walk(2, 'o_amir') || '{"minutes": 15}')) $$,
  $$ VALUES ('Rosa', 'placed', '7200', 'false'), ('Olu', 'placed', '4000', 'false'), ('Amir', 'too_short', '30', 'false') $$, 'each is told its own');
SELECT results_eq('SELECT * FROM stored()', $$ VALUES (2::bigint, 2::bigint, 3::bigint, 11200::numeric, 2::bigint, 2::bigint, 4::bigint, 3::bigint) $$, 'what was placed is stored, with two purses of Rosa''s, and the refusal''s answer');
SELECT results_eq($$ SELECT o.council_id, o.state, o.person_id, o.ordered_by, a.hat_id, a.role, m.actor_id, e.actor_id, o.asked_at = mc.now() FROM payments.orders o JOIN audit.event a ON a.ref = o.ref AND a.verb = 'order_place'
                       JOIN payments.order_event e ON e.order_id = o.id JOIN payments.order_hold h ON h.order_id = o.id JOIN ledger.hold_move m ON m.hold_id = h.hold_id WHERE o.council_id > 900 ORDER BY o.id, h.position $$,
  $$ SELECT council, 'asked', person, account, hat, role, account, account, true FROM t_hat JOIN (VALUES ('rosa', 1), ('rosa', 2), ('olu', 3)) AS x (name, n) USING (name) ORDER BY n $$, 'each in its own council, by its own account, hat and role');
SELECT results_eq($$ SELECT * FROM said(ask('rosa', 'r1', walk(4)), ask('amir', 'a1', walk(2, 'o_amir') || '{"minutes": 15}'), ask('amir', 'a2', walk(2, 'o_amir'))) $$,
  $$ VALUES ('Rosa', 'placed', '7200', 'true'), ('Amir', 'too_short', '30', 'true'), ('Amir', 'placed', '3600', 'false') $$, 'what was asked before is answered as it was');
SELECT is((SELECT orders FROM stored()), 3::bigint, 'and only what is new is stored');

-- The same as alone: but for references and moments, an order of a set cannot be told from one of its own
SELECT be('amir'), payments.order_place(k('alone'), walk(2, 'o_amir')) \g /dev/null
CREATE FUNCTION told(p_key text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_array(to_jsonb(o) - '{id,ref}'::text[], to_jsonb(l) - '{id,order_id}'::text[], to_jsonb(h) - '{id,ref}'::text[], to_jsonb(m) - '{id,hold_id,idem_key,idem_sha256,ref,recorded_at}'::text[],
           to_jsonb(p) - '{order_id,hold_id}'::text[], to_jsonb(e) - '{id,order_id,at}'::text[], to_jsonb(a) - '{id,ref,at}'::text[], to_jsonb(v) - 'order_id', i.answer - 'ref',
           (SELECT jsonb_agg(replace(b.payload::text, o.ref, 'REF') ORDER BY b.id) FROM jobs.outbox b WHERE b.payload::text LIKE '%' || o.ref || '%'))
    FROM mc.idempotency i JOIN payments.orders o ON o.ref = i.answer ->> 'ref' JOIN payments.order_line l ON l.order_id = o.id JOIN payments.order_version v ON v.order_id = o.id JOIN payments.order_hold p ON p.order_id = o.id
    JOIN ledger.hold h ON h.id = p.hold_id JOIN ledger.hold_move m ON m.hold_id = h.id JOIN payments.order_event e ON e.order_id = o.id JOIN audit.event a ON a.ref = o.ref AND a.verb = 'order_place' WHERE i.key = k(p_key)
$$;
SELECT is(told('a2'), told('alone'), 'every row of it is the same');
SELECT isnt(told('a2'), NULL, 'of those that there are');

-- The next order of a person is decided by what the one before left
SELECT results_eq($$ SELECT * FROM said(ask('joan', 'j1', walk(6) - 'outcome'), ask('rosa', 'r2', walk(1)), ask('joan', 'j2', walk(5) - 'outcome'), ask('joan', 'j3', walk(4) - 'outcome')) $$,
  $$ VALUES ('Joan', 'placed', '12000', 'false'), ('Rosa', 'placed', '1800', 'false'), ('Joan', 'short', '10000', 'false'), ('Joan', 'placed', '8000', 'false') $$, 'she cannot spend her money twice in one transaction');
SELECT is((SELECT sum(free) FROM payments.budget_position WHERE person_id = id('joan')), 0::numeric, 'and all of it once');
SELECT results_eq($$ SELECT * FROM said(ask('sister', 's1', walk(5), ref('rosa')), ask('amir', 'a3', walk(1, 'o_amir')), ask('sister', 's2', walk(4), ref('rosa')), ask('sister', 's3', walk(3), ref('rosa'))) $$,
  $$ VALUES ('Sister', 'placed', '9000', 'false'), ('Amir', 'placed', '1800', 'false'), ('Sister', 'mandate_over_month_ceiling', '7200', 'false'), ('Sister', 'placed', '5400', 'false') $$, 'nor go past the ceiling of a mandate');
SELECT results_eq($$ SELECT who, person FROM together(ask('broker', 'b1', walk(1, 'o_amir'), ref('amir')), ask('sister', 's4', walk(1), ref('rosa'))) $$,
  $$ VALUES ('Broker', 'Amir Dunn'), ('Sister', 'Rosa Quill') $$, 'whose pages these are is each one''s own');
SELECT results_eq($$ SELECT o.mandate_id, e.mandate_id, a.mandate_id FROM payments.orders o JOIN payments.order_event e ON e.order_id = o.id JOIN audit.event a ON a.ref = o.ref AND a.verb = 'order_place'
                      JOIN mc.idempotency i ON o.ref = i.answer ->> 'ref' WHERE i.key = k('b1') $$, $$ SELECT id('m_broker'), id('m_broker'), id('m_broker') $$, 'under its own mandate');

SELECT results_eq($$ SELECT * FROM said(ask('rosa', 'c1', walk(1)), ask('olu', 'c2', walk(1) - 'outcome'), ask('rosa', 'c3', walk(1))) $$,
  $$ VALUES ('Rosa', 'placed', '1800', 'false'), ('Olu', 'placed', '2000', 'false'), ('Rosa', 'placed', '1800', 'false') $$, 'back in the first council after writing for the other');
SELECT results_eq($$ SELECT * FROM said(ask('olu', 'c4', walk(1) - 'outcome'), ask('rosa', 'c5', walk(1)), ask('olu', 'c6', walk(9) - 'outcome')) $$,
  $$ VALUES ('Olu', 'placed', '2000', 'false'), ('Rosa', 'placed', '1800', 'false'), ('Olu', 'short', '18000', 'false') $$, 'and the other way round');

-- Whatever is wrong with one of them is an error for all
CREATE TEMP TABLE before AS SELECT * FROM stored();
SELECT throws_ok($$ SELECT * FROM together(ask('rosa', 'x1', walk(1)), ask('stranger', 'x2', walk(1))) $$, 'MC401', NULL, 'somebody without a session');
SELECT throws_ok($$ SELECT * FROM together(ask('rosa', 'x1', walk(1)), ask('provider', 'x2', walk(1))) $$, 'MC403', NULL, 'another role');
SELECT throws_ok($$ SELECT * FROM together(ask('rosa', 'x1', walk(1)), ask('broker', 'x2', walk(1), 'TPER-9999')) $$, 'MC404', NULL, 'a person who is not there');
SELECT throws_ok($$ SELECT * FROM together(ask('rosa', 'x1', walk(1)), ask('rosa', 'r1', walk(5))) $$, 'MC422', NULL, 'another request under a used key');
SELECT throws_ok($$ SELECT * FROM together(ask('rosa', 'x1', walk(1)), ask('amir', 'x2', walk(1, 'o_amir') || '{"minutes": 99999}')) $$, 'MC422', NULL, 'a length that there is not');
SELECT throws_ok($$ SELECT * FROM together(ask('broker', 'x3', walk(1, 'o_amir'), ref('amir')), ask('rosa', 'x1', walk(1)), ask('broker', 'x3', walk(2, 'o_amir'), ref('amir'))) $$, 'MC422', NULL, 'two requests under one key');
SELECT results_eq('SELECT * FROM stored()', 'SELECT * FROM before', 'and nothing of any was stored');
SELECT results_eq($$ SELECT * FROM said(ask('rosa', 'x4', walk(1)), ask('rosa', 'x4', walk(1))) $$, $$ VALUES ('Rosa', 'placed', '1800', 'false'), ('Rosa', 'placed', '1800', 'true') $$, 'the same request twice is stored once');
SELECT is_empty('SELECT * FROM payments.orders_place(''[]'')', 'nobody asks, nobody is answered');
SET LOCAL ROLE mc_verify;
SELECT is_empty('SELECT * FROM ledger.verify()', 'the ledger stays whole');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
