-- Bank lines posted as a set: the same books as one after the other, whatever the list holds.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();

-- A run of one payment that the bank has, and two sums that are expected, each of £50.00.
SELECT walked('o1', 4), walked('o2', 2, 'amir') \g /dev/null
SELECT receive(bill('INV-1', 'o1', 4)) \g /dev/null
SELECT receive(bill('INV-2', 'o2', 2) || '{"bank": null}') \g /dev/null
SELECT jsonb_build_object('run', pg_temp.as('finance', 'run_assemble', '{"bank_account": "TBANK-01"}')->>'ref') AS run \gset
SELECT pg_temp.as('finance', 'run_freeze', :'run'), pg_temp.as('finance2', 'run_approve', :'run'), pg_temp.as('finance', 'run_emit', :'run') \g /dev/null
SELECT pg_temp.as('finance', 'income_expect', jsonb_build_object('kind', k, 'payer_name', 'Rosa Quill', 'person', 'TPER-0001', 'amount', 5000, 'every', 'once', 'starts_on', ledger.today())) FROM unnest('{contribution,refund}'::text[]) AS k \g /dev/null
SELECT pg_temp.as('finance', 'statement_import', jsonb_build_object('format', 'test', 'statements', jsonb_build_array(jsonb_build_object('id', 'S', 'account', '60000087654321', 'balance', 'undecided',
         'entries', (SELECT jsonb_agg(jsonb_build_object('amount', a, 'booked', ledger.today(), 'status', 'booked', 'bank_ref', 'B' || n, 'remittance', '["x"]'::jsonb) ORDER BY n)
                       FROM unnest('{-108.00,-108.00,108.00,50.00,80.00,50.00,30.00,-50.00,7.00,8.00}'::text[]) WITH ORDINALITY AS t (a, n)))))) \g /dev/null
SELECT be('finance') \g /dev/null

CREATE FUNCTION pg_temp.line(p_n int) RETURNS text LANGUAGE sql AS $$ SELECT ref FROM payments.bank_entry WHERE bank_ref = 'B' || p_n $$;
CREATE FUNCTION pg_temp.allocation(p_line int, p_item text, p_amount bigint) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('entry', pg_temp.line(p_line), 'rule', 'R2', 'amount', p_amount, 'item', CASE p_item
    WHEN 'run' THEN 'run:' || (SELECT ref FROM payments.run) WHEN 'payment' THEN 'payment:' || (SELECT reference FROM payments.payment)
    WHEN 'return' THEN 'return:' || (SELECT reference FROM payments.payment)
    WHEN 'contribution' THEN 'income:' || (SELECT i.ref FROM payments.income_item i JOIN payments.income_series s ON s.id = i.series_id WHERE s.kind = 'contribution')
    WHEN 'contribution back' THEN 'income_return:' || (SELECT i.ref FROM payments.income_item i JOIN payments.income_series s ON s.id = i.series_id WHERE s.kind = 'contribution')
    WHEN 'refund' THEN 'income:' || (SELECT i.ref FROM payments.income_item i JOIN payments.income_series s ON s.id = i.series_id WHERE s.kind = 'refund') ELSE p_item END)
$$;
-- Everything that posting writes but for numbers and times.
CREATE FUNCTION pg_temp.books() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(x, E'\n' ORDER BY x) FROM (
    SELECT concat_ws(' ', 'entry', e.bank_ref, e.allocated) AS x FROM payments.bank_entry e
    UNION ALL SELECT concat_ws(' ', 'allocation', e.bank_ref, a.kind, a.amount, a.rule, j.kind, j.ref = e.ref, j.effective_on, j.idem_key,
                               (SELECT string_agg(concat_ws('/', c.kind, c.code, l.amount), ' ' ORDER BY l.line) FROM ledger.entry l JOIN ledger.account c ON c.id = l.account_id WHERE l.journal_id = j.id))
                FROM payments.bank_allocation a JOIN payments.bank_entry e ON e.id = a.entry_id JOIN ledger.journal j ON j.id = a.journal_id
    UNION ALL SELECT concat_ws(' ', 'payment', p.state, p.settled_on, p.returned_on) FROM payments.payment p
    UNION ALL SELECT concat_ws(' ', 'run', r.state, r.settled_on) FROM payments.run r
    UNION ALL SELECT concat_ws(' ', 'invoice', i.number, i.state, i.scheduled, i.paid, i.paid_on) FROM payments.invoice i
    UNION ALL SELECT concat_ws(' ', 'income', i.amount, i.received, i.received_on) FROM payments.income_item i
    UNION ALL SELECT concat_ws(' ', 'event', v.verb, v.kind, v.amount, v.detail) FROM audit.event v WHERE v.council_id = 901
    UNION ALL SELECT concat_ws(' ', 'mail', o.payload->>'subject') FROM jobs.outbox o) t
$$;
CREATE FUNCTION pg_temp.in_turn(p_list jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_one jsonb;
  v_sum jsonb := '{}';
BEGIN
  FOR v_one IN SELECT a FROM jsonb_array_elements(p_list) WITH ORDINALITY AS t (a, at) ORDER BY at LOOP
    v_one := payments.allocation_apply(jsonb_build_array(v_one));
    v_sum := (SELECT jsonb_object_agg(key, value::int + coalesce((v_sum->>key)::int, 0)) FROM jsonb_each_text(v_one));
  END LOOP;
  RETURN v_sum;
END $$;
-- Both ways from the same start, each undone.
CREATE FUNCTION pg_temp.both(p_list jsonb, OUT at_once text, OUT in_turn text) LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    at_once := payments.allocation_apply(p_list)::text || E'\n' || pg_temp.books();
    RAISE EXCEPTION 'undone' USING ERRCODE = 'TT001';
  EXCEPTION WHEN SQLSTATE 'TT001' THEN NULL;
  END;
  BEGIN
    in_turn := pg_temp.in_turn(p_list)::text || E'\n' || pg_temp.books();
    RAISE EXCEPTION 'undone' USING ERRCODE = 'TT001';
  EXCEPTION WHEN SQLSTATE 'TT001' THEN NULL;
  END;
END $$;
CREATE FUNCTION pg_temp.same(p_what text, p_counts jsonb, VARIADIC p_list jsonb[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  v record;
  v_counts jsonb;
BEGIN
  SELECT * INTO v FROM pg_temp.both(to_jsonb(p_list));
  v_counts := (SELECT jsonb_object_agg(key, value) FROM jsonb_each(split_part(v.at_once, E'\n', 1)::jsonb) WHERE value <> '0');
  RETURN NEXT is(v_counts, p_counts, p_what);
  RETURN NEXT is(v.at_once, v.in_turn, p_what || ': the same one after the other');
END $$;

SELECT pg_temp.same('a payment, what is expected and what is put aside', '{"payment": 1, "income": 2, "suspense": 1}',
  pg_temp.allocation(1, 'payment', -10800), pg_temp.allocation(4, 'contribution', 5000), pg_temp.allocation(6, 'refund', 5000), pg_temp.allocation(9, 'suspense:', 700));
SELECT pg_temp.same('a payment on two lines is paid once', '{"payment": 1, "not_expected": 1}', pg_temp.allocation(1, 'payment', -10800), pg_temp.allocation(2, 'payment', -10800));
SELECT pg_temp.same('a payment before its run', '{"payment": 1, "not_expected": 1}', pg_temp.allocation(1, 'payment', -10800), pg_temp.allocation(2, 'run', -10800));
SELECT pg_temp.same('a run before its payment', '{"run": 1, "not_expected": 1}', pg_temp.allocation(2, 'run', -10800), pg_temp.allocation(1, 'payment', -10800));
SELECT pg_temp.same('a run and what is expected', '{"run": 1, "income": 1}', pg_temp.allocation(1, 'run', -10800), pg_temp.allocation(4, 'contribution', 5000));
SELECT pg_temp.same('paid and come back', '{"payment": 1, "return": 1}', pg_temp.allocation(1, 'payment', -10800), pg_temp.allocation(3, 'return', 10800));
SELECT pg_temp.same('nothing comes back that was not paid', '{"not_expected": 1}', pg_temp.allocation(3, 'return', 10800));
SELECT pg_temp.same('an item in two parts and back', '{"income": 2, "income_return": 1}', pg_temp.allocation(7, 'contribution', 3000), pg_temp.allocation(9, 'contribution', 700),
  pg_temp.allocation(8, 'contribution back', -3700));
SELECT pg_temp.same('one line for two items', '{"income": 2}', pg_temp.allocation(5, 'contribution', 4000), pg_temp.allocation(5, 'refund', 4000));
SELECT pg_temp.same('a line gives no more than it has', '{"income": 1, "not_expected": 1}', pg_temp.allocation(5, 'contribution', 5000), pg_temp.allocation(5, 'refund', 5000));
SELECT pg_temp.same('nor to the other side', '{"not_expected": 1, "income": 1}', pg_temp.allocation(8, 'contribution', 5000), pg_temp.allocation(6, 'refund', 5000));
SELECT pg_temp.same('what nobody knows', '{"not_expected": 3, "suspense": 1}', pg_temp.allocation(4, 'income:NOBODY', 5000), pg_temp.allocation(6, 'what', 5000), pg_temp.allocation(99, 'refund', 5000),
  pg_temp.allocation(10, 'suspense:', 800));

-- What a bank leaves out or adds.
CREATE FUNCTION pg_temp.imported(p_account text, p_entries jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT payments.statement_import(gen_random_uuid(), jsonb_build_object('format', 'test', 'statements', jsonb_build_array(jsonb_build_object('id', 'X', 'account', p_account,
    'balance', 'undecided', 'entries', p_entries))))#>>'{statements,0,outcome}'
$$;
UPDATE payments.bank_account SET iban = 'GB29NWBK60000087654321' WHERE ref = 'TBANK-01';
SELECT is(pg_temp.imported('GB29NWBK60000087654321GBP', '[]'), 'imported', 'an account may be named with its currency');
SELECT is(pg_temp.imported('GB29NWBK60000087654321EUR', '[]'), 'unknown_account', 'but with its own');
SELECT is(pg_temp.imported(name, '[]'), CASE WHEN is_ours THEN 'imported' ELSE 'unknown_account' END, 'an account named ' || name)
  FROM (VALUES ('60-00-00 87654321', true), ('600000 87654321 GBP', true), ('00600000/87654321', true), ('87654321/60-00-00', true), ('NWBKGB2L/60000087654321', true),
               ('NWBKGB2LXXX 600000-87654321', true), ('87654321', true), ('600000/87654321EUR', false), ('01600000/87654321', false), ('87654321/600001', false), ('NWBKDE2L/60000087654321', false),
               ('160000087654321', false)) AS said (name, is_ours);
SELECT throws_ok($$SELECT pg_temp.imported('60000087654321', '[{"amount": "1.00", "status": "booked"}]')$$, 'MC422', NULL, 'a line that was booked on no day is the bank''s to correct');
SELECT is(pg_temp.imported('60000087654321', '[{"amount": "1.00", "status": "pending"}]'), 'imported', 'what is only announced needs no day');

-- Journals of many pairs are those of ledger.post.
SELECT ledger.account_open('suspense', 'x') AS x, ledger.account_open('suspense', 'y') AS y \gset
SELECT ledger.post(ledger.key('p'), 'receipt', jsonb_build_array(jsonb_build_object('account', :x::bigint, 'amount', -5), jsonb_build_object('account', :y::bigint, 'amount', 5)), 'r', NULL, ledger.today())->>'journal' AS journal \gset
SELECT is((ledger.post_pairs(ARRAY[ROW(ledger.key('q'), 'receipt', 'r', :x, :y, 6, ledger.today()), ROW(ledger.key('p'), 'receipt', 'r', :x, :y, 5, ledger.today())]::ledger.pair[]))[2], :'journal'::bigint, 'a journal that is there is found again');
SELECT is(ledger.balance(:y), 11::bigint, 'and posted once');
SELECT is(ledger.post(ledger.key('q'), 'receipt', jsonb_build_array(jsonb_build_object('account', :x::bigint, 'amount', -6), jsonb_build_object('account', :y::bigint, 'amount', 6)), 'r', NULL, ledger.today())->>'replayed', 'true', 'the other way round too');
SELECT throws_ok(format('SELECT ledger.post_pairs(ARRAY[ROW(ledger.key(''q''), ''receipt'', ''r'', %s, %s, 7, ledger.today())]::ledger.pair[])', :x, :y), 'MC422', NULL, 'other figures under a key are refused');
SELECT throws_ok(format('SELECT ledger.post_pairs(ARRAY[ROW(ledger.key(''z''), ''receipt'', ''r'', (SELECT min(id) FROM ledger.account WHERE no_overdraw), %s, 7, ledger.today())]::ledger.pair[])', :y), 'P0001', NULL, 'a budget is not posted to without a look at what is left');
CREATE FUNCTION pg_temp.posted(p_from int, p_to int, p_x bigint, p_y bigint) RETURNS bigint[] LANGUAGE sql AS $$
  SELECT ledger.post_pairs(array_agg(ROW(ledger.key('n' || n % 7), 'receipt', 'r' || n % 7, p_x, p_y, n % 7 + 1, ledger.today())::ledger.pair ORDER BY n)) FROM generate_series(p_from, p_to) n
$$;
CREATE FUNCTION pg_temp.credits(p_journals bigint[], p_y bigint) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(j.ref || ' ' || l.amount, ', ' ORDER BY p.at) FROM unnest(p_journals) WITH ORDINALITY AS p (id, at)
    JOIN ledger.journal j ON j.id = p.id JOIN ledger.entry l ON l.journal_id = j.id AND l.account_id = p_y
$$;
SELECT pg_temp.posted(5, 9, :x, :y) AS journals \gset
SELECT is(pg_temp.credits(:'journals', :y), 'r5 6, r6 7, r0 1, r1 2, r2 3', 'new journals come back in the order of their pairs');
SELECT pg_temp.posted(6, 10, :x, :y) AS journals \gset
SELECT is(pg_temp.credits(:'journals', :y), 'r6 7, r0 1, r1 2, r2 3, r3 4', 'and so they do when some were there');
SELECT is((SELECT count(*) FROM payments.verify_bank()), 0::bigint, 'the books hold');
SELECT * FROM finish();
ROLLBACK;
