-- Who sees what of invoices and payments, with row-level security in force, and what the verifier finds when a row is altered behind its back.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
SELECT walked('o1', 4) \g /dev/null
SELECT receive(bill('INV-1', 'o1', 2))->>'ref' AS i1 \gset
SELECT receive(bill('INV-2', 'ZZZZ-ZZZZ', 2))->>'ref' AS i2 \gset
SELECT be('finance') \g /dev/null
SELECT payments.run_assemble(gen_random_uuid(), '{}')->>'ref' AS run \gset
SELECT jsonb_build_object('run', :'run') AS r \gset
SELECT payments.run_freeze(gen_random_uuid(), :'r'), be('finance2') \g /dev/null
SELECT payments.run_approve(gen_random_uuid(), :'r'), be('finance') \g /dev/null
SELECT payments.run_emit(gen_random_uuid(), :'r') \g /dev/null
SELECT reference AS paid FROM payments.payment \gset
SELECT payments.statement_import(gen_random_uuid(), jsonb_build_object('format', 'test', 'statements', jsonb_build_array(jsonb_build_object('id', 'S', 'account', '60000087654321', 'balance', 'undecided',
  'entries', jsonb_build_array(jsonb_build_object('amount', '-36.00', 'booked', '2026-01-05', 'status', 'booked', 'remittance', jsonb_build_array(:'paid')),
                               jsonb_build_object('amount', '-36.01', 'booked', '2026-01-05', 'status', 'booked', 'counterparty', '{"name": "BRIGHT MORNINGS"}'::jsonb)))))) \g /dev/null

SELECT matched(jsonb_build_array(jsonb_build_object('amount', '-36.00', 'class', 'post', 'rule', 'R2', 'allocations',
  jsonb_build_array(jsonb_build_object('item', 'payment:' || :'paid', 'amount', '-36.00'))))) \g /dev/null

\set q `cat sql/queries/payments/invoice_show.sql`
PREPARE invoice_show(text) AS :q;
\set q `cat sql/queries/payments/exceptions_queue.sql`
PREPARE exceptions_queue(text, int) AS :q;
\set q `cat sql/queries/payments/payment_life.sql`
PREPARE payment_life(text) AS :q;
\set q `cat sql/queries/payments/run_file.sql`
PREPARE run_file(text) AS :q;
\set q `cat sql/queries/payments/pound_trail.sql`
PREPARE pound_trail(text, text) AS :q;
\set q `cat sql/queries/payments/audit_person.sql`
PREPARE audit_person(text, int) AS :q;
\set q `cat sql/queries/payments/touchless_rate.sql`
PREPARE touchless_rate(date, date) AS :q;
\set q `cat sql/queries/payments/unmatched_entries.sql`
PREPARE unmatched_entries(int) AS :q;
CREATE FUNCTION pg_temp.seen(p_hat text, p_execute text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint := 0; r record;
BEGIN
  PERFORM be(p_hat);
  SET LOCAL ROLE mc_web;
  FOR r IN EXECUTE 'EXECUTE ' || p_execute LOOP n := n + 1; END LOOP;
  RESET ROLE;
  RETURN n;
END $$;
SELECT is(pg_temp.seen(hat, format('invoice_show(%L)', :'i1')), n, 'the invoice: ' || hat)
  FROM (VALUES ('provider', 1::bigint), ('provider2', 0), ('finance', 1), ('auditor', 1), ('finance902', 0), ('rosa', 0), ('broker', 0)) t (hat, n);
SELECT is(pg_temp.seen(hat, 'exceptions_queue(NULL, 1)'), n, 'open questions: ' || hat) FROM (VALUES ('finance', 1::bigint), ('provider', 0), ('finance902', 0), ('rosa', 0)) t (hat, n);
SELECT is(pg_temp.seen(hat, format('payment_life(%L)', :'paid')), n, 'the life of a payment: ' || hat) FROM (VALUES ('provider', 6::bigint), ('provider2', 0), ('finance', 6), ('finance902', 0)) t (hat, n);
SELECT is(pg_temp.seen(hat, format('run_file(%L)', :'run')), n, 'the payment file: ' || hat) FROM (VALUES ('finance', 1::bigint), ('commissioner', 0), ('provider', 0), ('finance902', 0)) t (hat, n);
SELECT is(pg_temp.seen(hat, format('pound_trail(%L, NULL)', ref('rosa'))), n, 'the pound of Rosa: ' || hat) FROM (VALUES ('rosa', 10::bigint), ('auditor', 10), ('amir', 0), ('provider', 0), ('finance902', 0)) t (hat, n);
SELECT ok(pg_temp.seen('rosa', format('audit_person(%L, 1)', ref('rosa'))) > 5, 'Rosa sees what was done about her');
SELECT is(pg_temp.seen('amir', format('audit_person(%L, 1)', ref('rosa'))), 0::bigint, 'Amir does not');
SELECT be('finance') \g /dev/null
SET LOCAL ROLE mc_verify;
SELECT count(*) AS wrong FROM payments.verify() \gset
RESET ROLE;
SELECT is(:wrong, 0, 'the books hold, says the verifier in its own role');
EXECUTE touchless_rate(current_date - 1, current_date + 1) \gset t_
EXECUTE unmatched_entries(1) \gset u_
SELECT is(:'t_received' || ' ' || :'t_reconciled' || ' ' || :'t_touchless', '2 1 1', 'one of two invoices came through without a hand');
SELECT is(:'u_explanation'::text, 'Nothing that we expect is like it.', 'a line left over says so');
SELECT is((SELECT count(*) FROM information_schema.role_table_grants WHERE grantee IN ('mc_web', 'mc_jobs') AND table_schema = 'payments' AND privilege_type <> 'SELECT'), 0::bigint, 'the application writes no table of payments');
SELECT is((SELECT string_agg(c.relname, ' ') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'payments' AND c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
             AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'council_id')), NULL::text, 'row-level security is forced on every tenant table');

-- One altered row at a time: the verifier names it.
CREATE FUNCTION pg_temp.tampered(p_sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v text;
BEGIN
  BEGIN
    SET LOCAL session_replication_role = replica; -- as a superuser with the triggers off
    EXECUTE p_sql;
    SELECT string_agg(DISTINCT check_name, ', ' ORDER BY check_name) INTO v FROM payments.verify();
    RAISE EXCEPTION USING ERRCODE = 'P0009', MESSAGE = coalesce(v, 'nothing');
  EXCEPTION WHEN SQLSTATE 'P0009' THEN
    RETURN SQLERRM;
  END;
END $$;
SELECT is(pg_temp.tampered(sql), found, 'found: ' || sql) FROM (VALUES
  ('UPDATE payments.invoice_line SET agreed = agreed - 1 WHERE agreed > 0', 'approved is the sum of agreed lines'),
  ('UPDATE payments.invoice SET paid = paid - 1 WHERE paid > 0', 'an invoice''s state is what its amounts and lines say, paid and scheduled are the sums of payments'),
  ('UPDATE payments.invoice SET state = ''in_run'', paid_on = NULL WHERE state = ''paid''', 'an invoice''s state is what its amounts and lines say, the last event is the state'),
  ('UPDATE payments.invoice_line SET captured = captured - 1 WHERE captured > 0', 'captured is what the purses paid'),
  ('DELETE FROM payments.match_check', 'every approval keeps its checks'),
  ('UPDATE payments.payment_invoice SET amount = amount - 1', 'a payment is the sum of its invoices, paid and scheduled are the sums of payments'),
  ('UPDATE jobs.file SET bytes = convert_to(replace(convert_from(bytes, ''UTF8''), ''12345678'', ''99999999''), ''UTF8'')', 'the file is what was stored'),
  ('UPDATE payments.run SET total = total + 1', 'a run is the sum of its payments, the control sum is the run''s total'),
  ('DELETE FROM payments.bank_allocation', 'a settled payment has its bank line, allocated is the sum of allocations'),
  ('UPDATE payments.bank_entry SET allocated = -1 WHERE allocated = 0', 'allocated is the sum of allocations, the ledger''s bank is the allocated lines'),
  ('UPDATE payments.run SET state = ''approved'', settled_on = NULL', 'the last event is the state'),
  ('UPDATE payments.run SET state = ''acknowledged'', settled_on = NULL', 'a run is settled when its last payment is, the last event is the state'),
  ('UPDATE payments.payment SET state = ''rejected'', settled_on = NULL', 'paid and scheduled are the sums of payments, the last event is the state, what the bank line of a payment settles is settled'),
  ('UPDATE audit.event SET detail = detail || ''{"to": "paid"}'' WHERE verb = ''invoice_matched''', 'states move as allowed')) t (sql, found);
SELECT * FROM finish();
ROLLBACK;
