-- One council never reads or writes another's rows: asked of the catalog, so that a table added tomorrow is asked too.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();

CREATE VIEW pg_temp.ours AS
  SELECT c.oid, c.oid::regclass::text AS name, c.relkind, c.relrowsecurity AND c.relforcerowsecurity AS is_closed, c.reloptions,
         (SELECT attnum FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'council_id' AND NOT a.attisdropped) AS council
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname IN ('mc', 'identity', 'catalogue', 'ledger', 'payments', 'audit', 'jobs') AND c.relkind IN ('r', 'p', 'v', 'm');

-- Tables that name a council and are still no tenant's, each with its reason. mc_web reads the public ones and none of the others.
CREATE TABLE pg_temp.exempt (name text PRIMARY KEY, is_public boolean, reason text);
INSERT INTO pg_temp.exempt VALUES
  ('identity.session', false, 'found by its token before the council is known; reached through functions only'),
  ('identity.feedback', false, 'what anybody says of a page, visitors of no council too; no name in it, written by a function, read with the verifier''s role'),
  ('jobs.outbox', false, 'one queue for all councils, read by the jobs process only'),
  ('jobs.mail', false, 'made from the queue, read by the jobs process only'),
  ('catalogue.entry', true, 'one public record for all councils; council_id is who keeps it'),
  ('catalogue.event', true, 'public; council_id is who keeps it'),
  ('catalogue.synonym', true, 'words of the public search; council_id is who added them'),
  ('catalogue.review_shown', false, 'public but for council_id, the writer''s, which the web is not granted: a report of a review finds its council by it');

SELECT is_empty($$SELECT name FROM pg_temp.ours WHERE relkind IN ('r', 'p') AND council IS NOT NULL AND NOT is_closed AND name NOT IN (SELECT name FROM pg_temp.exempt)$$,
  'every table with a council has row-level security, for its owner too');
SELECT is_empty($$SELECT e.name FROM pg_temp.exempt e LEFT JOIN pg_temp.ours o ON o.name = e.name AND NOT o.is_closed WHERE o.name IS NULL$$,
  'no exception is left over');
SELECT is_empty($$SELECT name FROM pg_temp.exempt WHERE is_public <> has_table_privilege('mc_web', name, 'SELECT')$$,
  'of the exceptions the web reads the public ones alone');
SELECT cmp_ok((SELECT count(*) FROM pg_temp.ours WHERE is_closed), '>=', 40::bigint, 'and there are tenant tables at all');

SELECT is_empty($$SELECT name FROM pg_temp.ours o WHERE is_closed AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = o.oid AND p.polcmd = '*' AND p.polroles = '{0}'
    AND pg_get_expr(p.polqual, p.polrelid) = '(council_id = mc.council())' AND pg_get_expr(p.polwithcheck, p.polrelid) = '(council_id = mc.council())')$$,
  'each has the policy that compares the council, on reading and on writing');
SELECT is_empty($$SELECT p.polrelid::regclass, p.polname FROM pg_policy p
   WHERE NOT (pg_get_expr(p.polqual, p.polrelid) = '(council_id = mc.council())' AND coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') = '(council_id = mc.council())')
     AND NOT (p.polcmd = 'r' AND p.polroles = ARRAY['mc_verify'::regrole::oid])$$,
  'no other policy widens it, but the reading verifier''s');

-- ---------------------------------------------------------------- keys
SELECT is_empty($$SELECT i.indexrelid::regclass FROM pg_index i JOIN pg_temp.ours o ON o.oid = i.indrelid WHERE o.is_closed AND i.indisunique AND i.indkey[0] <> o.council$$,
  'every unique key of a tenant table starts with the council');
SELECT is_empty($$SELECT k.conrelid::regclass, k.conname FROM pg_constraint k JOIN pg_temp.ours o ON o.oid = k.conrelid WHERE o.is_closed AND k.contype = 'x' AND k.conkey[1] <> o.council$$,
  'and every exclusion');
SELECT is_empty($$SELECT k.conrelid::regclass, k.conname FROM pg_constraint k JOIN pg_temp.ours t ON t.oid = k.confrelid AND t.is_closed
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] WHERE k.contype = 'f' AND NOT (k.confkey[1] = t.council AND a.attname = 'council_id')$$,
  'no foreign key crosses councils: what points at a tenant table starts with the council');
-- One writer keeps these for all councils (security by copying them to every shard): a foreign key may point at them without a council.
CREATE TABLE pg_temp.shared (name text PRIMARY KEY);
INSERT INTO pg_temp.shared VALUES ('identity.council'), ('identity.account'), ('identity.organisation'), ('catalogue.listing'), ('catalogue.category');
SELECT is_empty($$SELECT k.conrelid::regclass, k.conname FROM pg_constraint k JOIN pg_temp.ours o ON o.oid = k.conrelid AND o.is_closed
    JOIN pg_temp.ours t ON t.oid = k.confrelid WHERE k.contype = 'f' AND NOT t.is_closed AND t.name NOT IN (SELECT name FROM pg_temp.shared)$$,
  'and what else a tenant table points at is shared by all councils');

-- ---------------------------------------------------------------- views
SELECT is_empty($$SELECT name FROM pg_temp.ours WHERE relkind IN ('v', 'm') AND has_table_privilege('mc_web', oid, 'SELECT')
    AND NOT coalesce('security_invoker=true' = ANY (reloptions), false) AND name <> 'identity.account_name'$$,
  'a view that the web reads uses the reader''s rights; account_name reads names by its owner''s, tested below');

-- ---------------------------------------------------------------- what the application roles may do
SELECT is_empty($$SELECT o.name, r, p FROM pg_temp.ours o, unnest(ARRAY['mc_web', 'mc_verify', 'public']) r, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
    WHERE has_table_privilege(r, o.oid, p) OR (p IN ('INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(r, o.oid, p))$$,
  'the web and the verifier write no table directly');
SELECT set_eq($$SELECT o.name || ' ' || p FROM pg_temp.ours o, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p WHERE has_table_privilege('mc_jobs', o.oid, p)$$,
  ARRAY['jobs.outbox UPDATE', 'jobs.mail UPDATE', 'catalogue.import_row INSERT', 'catalogue.import_postcode INSERT'], 'the jobs process writes its queue and its import tables');
SELECT is_empty($$SELECT rolname FROM pg_roles WHERE rolname LIKE 'mc\_%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)$$,
  'none of our roles has a power beyond its grants');
SELECT is_empty($$SELECT r FROM unnest(ARRAY['mc_web', 'mc_jobs', 'mc_verify']) r WHERE pg_has_role(r, 'mc_owner', 'MEMBER') OR pg_has_role(r, 'pg_execute_server_program', 'MEMBER')
    OR pg_has_role(r, 'pg_read_server_files', 'MEMBER') OR pg_has_role(r, 'pg_write_server_files', 'MEMBER') OR pg_has_role(r, 'pg_read_all_data', 'MEMBER')$$,
  'nor is in a role that has');
SELECT is_empty($$SELECT r, n.nspname FROM pg_namespace n, unnest(ARRAY['mc_web', 'mc_jobs', 'mc_verify', 'public']) r WHERE has_schema_privilege(r, n.oid, 'CREATE')$$,
  'none makes objects in any schema');
SELECT is_empty($$SELECT r FROM unnest(ARRAY['mc_web', 'mc_jobs', 'mc_verify']) r WHERE has_database_privilege(r, current_database(), 'CREATE') OR has_database_privilege(r, current_database(), 'TEMP')$$,
  'nor temporary tables');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname IN ('mc', 'identity', 'catalogue', 'ledger', 'payments', 'audit', 'jobs') AND has_function_privilege('public', p.oid, 'EXECUTE')$$,
  'nobody runs a function that was not granted to them');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prosecdef AND n.nspname <> 'pg_catalog' AND (n.nspname LIKE 'pg_%' OR NOT EXISTS (SELECT FROM unnest(p.proconfig) c WHERE c ~ '^search_path=pg_catalog(, (mc|identity|catalogue|ledger|payments|audit|jobs|public))*$'))$$,
  'every function with its owner''s rights fixes where it looks for names, and looks where nobody else may create');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prosecdef AND n.nspname IN ('mc', 'identity', 'catalogue', 'ledger', 'payments', 'audit', 'jobs') AND p.proowner <> 'mc_owner'::regrole$$,
  'and its owner is the one under row-level security');
SELECT set_eq($$SELECT p.oid::regproc::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prosecdef AND n.nspname IN ('mc', 'ledger', 'payments') AND p.prorettype <> 'trigger'::regtype AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee <> p.proowner)$$,
  ARRAY['ledger.lock_accounts'], 'whoever has no right to call a function is not lent its owner''s rights by it: but for one that needs a setting, those that only functions call have none to lend');

SET LOCAL SESSION AUTHORIZATION mc_web;
SELECT throws_ok('SELECT count(*) FROM identity.person', '42704', NULL, 'with no council set, reading a tenant table is an error');
SELECT throws_ok('CREATE TABLE public.mine (a int)', '42501', NULL, 'the web creates nothing');
SELECT throws_ok('CREATE TEMP TABLE mine (a int)', '42501', NULL, 'not for a moment');
SELECT throws_ok('COPY (SELECT 1) TO PROGRAM ''true''', '42501', NULL, 'starts no program');
SELECT throws_ok('SELECT pg_read_file(''PG_VERSION'')', '42501', NULL, 'reads no file');
SELECT throws_ok('SELECT lo_import(''/etc/hostname'')', '42501', NULL, 'not as a large object either');
SELECT throws_ok('SET ROLE mc_owner', '42501', NULL, 'and does not become the owner');
SELECT throws_ok('SET session_replication_role = replica', '42501', NULL, 'nor switches triggers off');
SELECT throws_ok('SELECT email FROM identity.account', '42501', NULL, 'nor reads addresses of accounts');
SELECT throws_ok('SELECT token_sha256 FROM identity.session', '42501', NULL, 'nor sessions');
SELECT throws_ok('INSERT INTO audit.event (council_id, verb, kind, ref) VALUES (1, ''x'', ''x'', ''x'')', '42501', NULL, 'nor writes the audit log by hand');
RESET SESSION AUTHORIZATION;

-- ---------------------------------------------------------------- append-only: nobody changes a row, the owner included
SELECT cmp_ok((SELECT count(*) FROM pg_trigger WHERE tgname = 'append_only'), '>=', 15::bigint, 'there are append-only tables');
SELECT is_empty($$SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'append_only' AND (tgenabled <> 'O' OR tgtype <> 58)$$,
  'each refuses before update, delete and truncate, once a statement');
SELECT has_trigger(s, t, 'append_only', s || '.' || t || ' only grows')
  FROM (VALUES ('audit', 'event'), ('audit', 'seal'), ('audit', 'sealed_event'), ('identity', 'concern'), ('ledger', 'journal'), ('ledger', 'entry'), ('ledger', 'hold_move'),
               ('payments', 'allocation'), ('payments', 'order_event'), ('payments', 'capture'), ('payments', 'match_check'), ('payments', 'bank_allocation')) x (s, t);
SET LOCAL ROLE mc_owner;
SELECT set_config('mc.council', '1', true) \g /dev/null
SELECT throws_ok(format(v, t), 'MC409', NULL, format(v, t) || ' is refused to the owner too')
  FROM (SELECT tgrelid::regclass::text AS t FROM pg_trigger WHERE tgname = 'append_only' ORDER BY 1) a,
       (VALUES ('DELETE FROM %s'), ('TRUNCATE %s CASCADE')) s (v);
SELECT throws_ok('UPDATE ' || t || ' SET ' || quote_ident(c) || ' = ' || quote_ident(c), 'MC409', NULL, 'updating ' || t || ' is refused to the owner too')
  FROM (SELECT g.tgrelid::regclass::text AS t, a.attname AS c FROM pg_trigger g
          JOIN LATERAL (SELECT attname FROM pg_attribute WHERE attrelid = g.tgrelid AND attnum > 0 AND attidentity = '' AND attgenerated = '' ORDER BY attnum LIMIT 1) a ON true
         WHERE g.tgname = 'append_only') x;
SELECT throws_ok(format(v, 'identity.organisation'), 'MC409', NULL, format(v, 'an organisation') || ' is refused: orders name it without a foreign key')
  FROM (VALUES ('DELETE FROM %s'), ('TRUNCATE %s CASCADE')) s (v);
RESET ROLE;

-- ---------------------------------------------------------------- the one look across councils: an account's own hats
INSERT INTO identity.council (id, slug, name, phone, email) SELECT n, 'crowd-' || n, 'Crowd', '0', 'crowd@town.example' FROM generate_series(1001, 1200) AS n;
INSERT INTO identity.account (email, name) VALUES ('two.hats@town.example', 'Two Hats') RETURNING id AS account \gset
INSERT INTO identity.hat (council_id, account_id, role) VALUES (1007, :account, 'auditor'), (1003, :account, 'moderator'), (1003, :account, 'finance');
CREATE TEMP TABLE read_before AS SELECT pg_stat_get_xact_blocks_fetched('identity.hat_account'::regclass) + pg_stat_get_xact_blocks_fetched('identity.hat_pkey'::regclass) + pg_stat_get_xact_blocks_fetched('identity.hat'::regclass) AS blocks;
SELECT results_eq(format('SELECT council_id, role FROM identity.hats_of(%s)', :account), $$VALUES (1003, 'moderator'), (1003, 'finance'), (1007, 'auditor')$$, 'all hats of an account are found, council by council');
SELECT cmp_ok(pg_stat_get_xact_blocks_fetched('identity.hat_account'::regclass) + pg_stat_get_xact_blocks_fetched('identity.hat_pkey'::regclass) + pg_stat_get_xact_blocks_fetched('identity.hat'::regclass) - (SELECT blocks FROM read_before),
  '<', 40::bigint, 'without looking into the two hundred councils where it has none');
SELECT * FROM finish();
ROLLBACK;
