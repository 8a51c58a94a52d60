-- What somebody typed and has not finished: for them alone, for whom it was typed, and not for long.
BEGIN;
\ir fixture.psql
SELECT no_plan();
CREATE FUNCTION k(p text) RETURNS uuid LANGUAGE sql AS $$ SELECT ledger.key(p) $$;
CREATE FUNCTION keep(p_key text, p_answers jsonb, p_days int DEFAULT 28) RETURNS uuid LANGUAGE sql AS $$ SELECT mc.answers_keep(k(p_key), '/ask/LIST', 'ask', p_answers, '{}', p_days) $$;
CREATE FUNCTION note(p_key uuid) RETURNS text LANGUAGE sql AS $$ SELECT answers ->> 'note' FROM mc.answers_kept(p_key) $$;

SELECT be('rosa') \g /dev/null
SELECT is(keep('a', '{"note": "one"}'), k('a'), 'under the key of the form');
SELECT is(keep('a', '{"note": "one"}'), k('a'), 'sent twice it is kept once');
SELECT isnt(keep('a', '{"note": "two"}'), k('a'), 'other answers under the same key are kept beside it');
SELECT is(note(k('a')), 'one', 'and change nothing');
SELECT is((SELECT answers ->> 'note' FROM mc.answers_latest('/ask/LIST')), 'two', 'the last is the last');
SELECT is((SELECT count(*) FROM mc.answers_latest('/ask/ELSE')), 0::bigint, 'of its page');
SELECT is((SELECT key || ' ' || coalesce(order_ref, 'not sent') FROM payments.ask_state(k('a'))), k('a') || ' not sent', 'it is asked for under its own key');
INSERT INTO mc.idempotency (council_id, account_id, key, verb, request_sha256, answer) VALUES (mc.council(), mc.account(), k('a'), 'order_place', '', '{"outcome": "short"}');
SELECT key AS next FROM payments.ask_state(k('a')) \gset
SELECT isnt(:'next'::uuid, k('a'), 'a refusal is the answer to its key: the next one is asked under');
INSERT INTO mc.idempotency (council_id, account_id, key, verb, request_sha256, answer) VALUES (mc.council(), mc.account(), :'next', 'order_place', '', '{"outcome": "placed", "ref": "TORD-0001"}');
SELECT is((SELECT key || ' ' || order_ref FROM payments.ask_state(k('a'))), :'next' || ' TORD-0001', 'and where that was placed, it was sent already');

-- The same person in another role, and for somebody else.
INSERT INTO identity.hat (council_id, account_id, role) SELECT 901, account, 'finance' FROM t_hat WHERE name = 'rosa' RETURNING id AS other \gset
SELECT set_config('mc.hat', :'other', true), set_config('mc.role', 'finance', true) \g /dev/null
SELECT is(note(k('a')), NULL, 'it stays in the role that it was typed in');
SELECT is((SELECT count(*) FROM mc.answers_latest('/ask/LIST')), 0::bigint, 'the last as well');
SELECT isnt(keep('a', '{"note": "one"}'), k('a'), 'and the same in another role is kept beside it');
SELECT be('rosa') \g /dev/null
SELECT is(note(k('a')), 'one', 'back in it, it is there');

SELECT be('amir') \g /dev/null
SELECT is(note(k('a')), NULL, 'nobody else reads it');
SELECT is(keep('a', '{"note": "mine"}'), k('a'), 'the same key of somebody else is another form');
SELECT is((SELECT answers ->> 'note' FROM mc.answers_latest('/ask/LIST')), 'mine', 'and theirs alone');
SELECT count(keep('b' || n, jsonb_build_object('note', n))) FROM generate_series(1, 60) AS n \g /dev/null
SELECT is((SELECT count(*) FROM mc.kept_answers WHERE council_id = mc.council() AND account_id = mc.account()), 50::bigint, 'fifty forms of an account are kept');
SELECT is(note(k('b60')) || coalesce(note(k('b1')), ' and no more'), '60 and no more', 'the last ones');
SELECT keep('c', '{"note": "short"}', 0) \g /dev/null
SELECT is(note(k('c')), NULL, 'what is over is not read');
SELECT is(mc.answers_forget(), 1, 'and forgotten');
SELECT set_config('mc.account', '', true) \g /dev/null
SELECT is(keep('d', '{}'), NULL::uuid, 'of visitors nothing is kept');
SELECT throws_ok($$ SET LOCAL ROLE mc_web; SELECT * FROM mc.kept_answers $$, '42501', NULL, 'pages read it by these functions alone');
SELECT * FROM finish();
ROLLBACK;
