-- References: the SQL rule and its known values (tests/unit/test_base.c holds the same ones). Idempotency keys: found by their whole key.
BEGIN;
SELECT plan(12);
SELECT ok(mc.ref_is_valid(mc.new_ref()), 'a new reference is valid');
SELECT is((SELECT count(*) FROM generate_series(1, 500) WHERE NOT mc.ref_is_valid(mc.new_ref())), 0::bigint, 'five hundred new references are valid');
-- By chance two of 200,000 are alike in every second try; it was an order that failed, or a whole bank statement.
SELECT key FROM mc.ref_key \gset
SELECT is(mc.new_ref(), mc.ref_of(currval('mc.ref_number'), :'key'), 'a reference is the next number in disguise');
SELECT is((SELECT count(DISTINCT mc.ref_of(n, :'key')) FROM generate_series(27512414111, 27512614110) AS n), 200000::bigint, 'no two numbers have the same one');
SELECT ok(bool_and(mc.ref_is_valid(mc.ref_of(n, :'key'))), 'which is valid to the last') FROM unnest(ARRAY[0, 29790, 29791, 27512614110]) AS n;
SELECT is((SELECT count(DISTINCT left(mc.ref_of(n, :'key'), 2)) > 50 AND count(DISTINCT right(mc.ref_of(n, :'key'), 2)) > 50 FROM generate_series(1000, 1099) AS n), true,
          'neighbours have nothing in common');
SELECT isnt(mc.ref_of(7, :'key'), mc.ref_of(7, sha256('another installation')), 'another installation has others');
SELECT ok(NOT bool_or(has_table_privilege(r, 'mc.ref_key', 'SELECT') OR has_function_privilege(r, 'mc.ref_of(bigint, bytea)', 'EXECUTE')), 'the key is nobody''s to read')
  FROM unnest(ARRAY['mc_web', 'mc_jobs', 'mc_verify']) AS r;
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
