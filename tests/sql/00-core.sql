-- References: the SQL rule and its known values (tests/unit/test_id.c holds the same ones).
BEGIN;
SELECT plan(6);
SELECT ok(mc.ref_is_valid(mc.new_ref()), 'a new reference is valid');
SELECT is((SELECT count(*) FROM generate_series(1, 500) WHERE NOT mc.ref_is_valid(mc.new_ref())), 0::bigint, 'five hundred new references are valid');
SELECT is((SELECT count(DISTINCT mc.new_ref()) FROM generate_series(1, 500)), 500::bigint, 'and all differ');
SELECT is(mc.ref_check('K7M24QX'), 'C', 'check character of K7M24QX');
SELECT ok(NOT mc.ref_is_valid('K7M2-4QXG'), 'a wrong check character is found');
SELECT ok(NOT mc.ref_is_valid('k7m2-4qxc'), 'only the canonical form is stored');
SELECT * FROM finish();
ROLLBACK;
