-- References: the SQL rule and its known values (tests/unit/test_id.c holds the same ones). Idempotency keys: found by their whole key.
BEGIN;
SELECT plan(7);
SELECT ok(mc.ref_is_valid(mc.new_ref()), 'a new reference is valid');
SELECT is((SELECT count(*) FROM generate_series(1, 500) WHERE NOT mc.ref_is_valid(mc.new_ref())), 0::bigint, 'five hundred new references are valid');
SELECT is((SELECT count(DISTINCT mc.new_ref()) FROM generate_series(1, 500)), 500::bigint, 'and all differ');
SELECT is(mc.ref_check('K7M24QX'), 'C', 'check character of K7M24QX');
SELECT ok(NOT mc.ref_is_valid('K7M2-4QXG'), 'a wrong check character is found');
SELECT ok(NOT mc.ref_is_valid('k7m2-4qxc'), 'only the canonical form is stored');

-- Every act on money looks its key up twice. What that reads of the index may not grow with the keys that other accounts have sent.
INSERT INTO mc.idempotency (council_id, account_id, key, verb, request_sha256) SELECT 1, n, gen_random_uuid(), 'x', '' FROM generate_series(1, 20000) AS n;
SELECT set_config('mc.council', '1', true), set_config('mc.account', '7', true) \g /dev/null
CREATE TEMP TABLE read_before AS SELECT pg_stat_get_xact_blocks_fetched('mc.idempotency_pkey'::regclass) AS blocks;
SELECT mc.idem_begin('00000000-0000-4000-8000-000000000001', 'x', '{}'), mc.idem_end('00000000-0000-4000-8000-000000000001', '{}') \g /dev/null
SELECT cmp_ok(pg_stat_get_xact_blocks_fetched('mc.idempotency_pkey'::regclass) - (SELECT blocks FROM read_before), '<', 20::bigint, 'a key is found among 20,000 by reading a few blocks of the index');
SELECT * FROM finish();
ROLLBACK;
