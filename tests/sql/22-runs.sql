-- Payment runs and the bank: four eyes, one file, statements that overlap, money that comes back.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();

SELECT walked('o1', 4), walked('o2', 2, 'amir') \g /dev/null
SELECT receive(bill('INV-1', 'o1', 4))->>'ref' AS i1 \gset
SELECT receive(bill('INV-2', 'o2', 2) || '{"bank": null}')->>'ref' AS i2 \gset

-- Bank details: two people, cooling-off, notice to the provider.
SELECT pg_temp.as('finance', 'provider_account_enter', '{"organisation": "TORG-0001", "account_name": "Bright Mornings Ltd", "sort_code": "400002", "account_number": "11111111", "vat_profile": "not_registered"}')->>'ref' AS new_details \gset
SELECT is(pg_temp.as('finance', 'run_assemble', '{}')#>>'{left_out,0,why}', 'New bank details wait for a second person to check them.', 'a waiting change holds the payments');
SELECT is(pg_temp.as('finance', 'provider_account_verify', jsonb_build_object('ref', :'new_details', 'evidence', 'x'))->>'outcome', 'same_person', 'who entered details does not verify them');
SELECT throws_ok(format('UPDATE payments.provider_account SET state = ''verified'', verified_by = entered_by, verified_at = now(), evidence = ''x'', cooling_until = now() WHERE ref = %L', :'new_details'), '23514', NULL, 'not by direct SQL either');
SELECT throws_ok(format('UPDATE payments.provider_account SET account_number = ''22222222'' WHERE ref = %L', :'new_details'), 'MC409', NULL, 'details are never edited');
SELECT is(pg_temp.as('finance2', 'provider_account_verify', jsonb_build_object('ref', :'new_details', 'decision', 'refuse'))->>'outcome', 'refused', 'a second person refuses the change');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE payload->>'subject' LIKE 'New bank details%'), 2::bigint, 'the provider was told each time');

SELECT is((SELECT string_agg(DISTINCT (payments.expected_on(council_id, id) = due_on)::text, ' ') FROM payments.invoice), 'true', 'an approved invoice is expected when it is due');
SELECT is(pg_temp.as('finance', 'run_assemble', jsonb_build_object('pay_on', ledger.today() - 1))->>'outcome', 'day_past', 'nothing is paid on a day that has passed');
SELECT is(pg_temp.as('finance', 'run_assemble', jsonb_build_object('pay_on', ledger.today() + 91))->>'outcome', 'day_far', 'nor put together for a day that nobody plans yet');
SELECT pg_temp.as('finance', 'run_assemble', '{"bank_account": "TBANK-01"}', 'run') AS r \gset
SELECT is(:'r'::jsonb->>'total', '10800', 'a run of what is approved');
SELECT is((SELECT string_agg(DISTINCT (payments.expected_on(i.council_id, i.id) = r.pay_on)::text, ' ') FROM payments.invoice i, payments.run r), 'true', 'in a run, on the day that the run pays');
SELECT is(pg_temp.as('finance', 'run_assemble', '{"bank_account": "TBANK-01"}', 'run')->>'ref', :'r'::jsonb->>'ref', 'the same form twice is one run');
SELECT throws_ok('SELECT pg_temp.as(''finance'', ''run_assemble'', ''{"bank_account": "x"}'', ''run'')', 'MC422', NULL, 'another form under its key is refused');
SELECT is(pg_temp.as('finance2', 'run_assemble', '{}')->>'outcome', 'nothing_to_pay', 'nothing is left for a second run');
SELECT jsonb_build_object('run', :'r'::jsonb->>'ref') AS run \gset
SELECT is(pg_temp.as('finance2', 'run_approve', :'run')->>'outcome', 'state', 'a draft is not approved');
SAVEPOINT late;
UPDATE payments.run SET pay_on = ledger.today() - 1;
SELECT matches(pg_temp.as('finance', 'run_freeze', :'run')->>'sentence', '^The day on which it should pay has passed', 'a run whose day has passed does not go on');
ROLLBACK TO late;
SELECT is(pg_temp.as('finance', 'run_freeze', :'run')->>'outcome', 'frozen', 'frozen');
SELECT is(pg_temp.as('finance', 'run_approve', :'run')->>'outcome', 'same_person', 'not by the same person');
SELECT throws_ok(format('UPDATE payments.run SET state = ''approved'', approved_by = assembled_by, approved_at = now() WHERE ref = %L', :'r'::jsonb->>'ref'), '23514', NULL, 'nor by direct SQL');
SELECT throws_ok('UPDATE payments.payment SET amount = amount + 1', 'MC409', NULL, 'a frozen payment does not change');
SELECT is(pg_temp.as('finance2', 'run_approve', :'run')->>'outcome', 'approved', 'by a second person');
SELECT throws_ok(format('SELECT pg_temp.as(''finance902'', ''run_emit'', %L)', :'run'), 'MC404', NULL, 'another council knows no such run');
SELECT throws_ok(format('SELECT pg_temp.as(''auditor'', ''run_emit'', %L)', :'run'), 'MC403', NULL, 'an auditor releases nothing');
SELECT is(pg_temp.as('finance2', 'run_emit', :'run')->>'outcome', 'same_person', 'who approved does not release');
SAVEPOINT tamper;
ALTER TABLE payments.payment DISABLE TRIGGER frozen;
UPDATE payments.payment SET payee_account = '66666666';
SELECT is(pg_temp.as('finance', 'run_emit', :'run')->>'outcome', 'held', 'what was approved is what leaves');
ROLLBACK TO tamper;
SELECT pg_temp.as('finance', 'run_emit', :'run', 'emit') AS e \gset
SELECT is(:'e'::jsonb->>'outcome', 'emitted', 'released');
SELECT is(pg_temp.as('finance', 'run_emit', :'run', 'emit')->>'sha256', :'e'::jsonb->>'sha256', 'the same form gives the same bytes');
SELECT is(pg_temp.as('finance3', 'run_emit', :'run')->>'outcome', 'state', 'and a run is released once');
SELECT is((SELECT payments.pain001(r) FROM payments.run r), (SELECT bytes FROM jobs.file WHERE ref = :'e'::jsonb->>'file'), 'rendered again, byte for byte');
SELECT is((SELECT payments.pain_control(bytes)::text FROM jobs.file WHERE ref = :'e'::jsonb->>'file'), '(1,10800,10800)', 'the control sum is in the file');
SELECT is(ledger.balance(ledger.payable(id('bright'))), 0::bigint, 'nothing is owed to the provider');
SELECT is(ledger.balance(ledger.account_open('run_clearing', 'TBANK-01')), 10800::bigint, 'it is on its way');
SELECT reference AS paid FROM payments.payment \gset
SELECT matches((SELECT payload->>'body' FROM jobs.outbox WHERE payload->>'subject' LIKE '%is on its way'), 'invoice INV-1: £72.00', 'remittance advice lists the invoices');

-- A statement: the run as one debit, a stranger, a pending line.
CREATE FUNCTION pg_temp.entry(p_amount text, p_words text, p_ref text DEFAULT NULL, p_status text DEFAULT 'booked', p_day int DEFAULT 2) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('amount', p_amount, 'booked', (current_date + p_day)::text, 'value', (current_date + p_day)::text, 'status', p_status, 'reversal', false,
                            'bank_ref', p_ref, 'remittance', jsonb_build_array(p_words)) $$;
CREATE FUNCTION pg_temp.statement(p_id text, VARIADIC p_entries jsonb[]) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('format', 'test', 'statements', jsonb_build_array(jsonb_build_object('id', p_id, 'account', '60-00-00 87654321', 'currency', 'GBP',
           'opening', jsonb_build_object('amount', '1000.00', 'date', (current_date + 1)::text),
           'closing', jsonb_build_object('amount', (1000 + (SELECT sum((e->>'amount')::numeric) FROM unnest(p_entries) e WHERE e->>'status' = 'booked'))::text, 'date', (current_date + 2)::text),
           'balance', 'balances', 'entries', to_jsonb(p_entries)))) $$;
SELECT pg_temp.statement('S1', pg_temp.entry('-108.00', 'BACS ' || left(replace(lower(:'r'::jsonb->>'ref'), '-', ' - '), 40)), pg_temp.entry('-4.20', 'CHARGES', 'B7'), pg_temp.entry('-4.20', 'CHARGES', 'B7'), pg_temp.entry('-1.00', 'x', 'B8', 'pending')) AS s1 \gset
SELECT pg_temp.as('finance', 'statement_import', :'s1', 's1') AS a \gset
SELECT is(:'a'::jsonb->>'outcome', 'read', 'a statement is read; matching comes after it');
SELECT jsonb_agg(x.item) AS items FROM payments.matching_accounts() a, unnest('{run,payment,income}'::text[]) k, payments.expected_items(a.id, k, 0, 100) x \gset w_
SELECT jsonb_agg(x.entry) AS entries FROM payments.matching_accounts() a, payments.open_entries(a.id, '-infinity', 0, 100) x \gset w_
SELECT is((SELECT string_agg((i->>'kind') || ' ' || (i->>'amount'), ', ' ORDER BY i->>'kind') FROM jsonb_array_elements(:'w_items'::jsonb) i),
          'payment -108.00, run -108.00', 'the matcher is told of the run and of its payment');
SELECT is((SELECT i->'documents' FROM jsonb_array_elements(:'w_items'::jsonb) i WHERE i->>'kind' = 'payment'), '["INV-1", "INV-2"]'::jsonb, 'with the numbers of the invoices');
SELECT is((SELECT string_agg((e->>'amount') || ' ' || (e#>>'{remittance,0}'), ', ' ORDER BY e->>'amount') FROM jsonb_array_elements(:'w_entries'::jsonb) e),
          '-108.00 BACS ' || left(replace(lower(:'r'::jsonb->>'ref'), '-', ' - '), 40) || ', -4.20 CHARGES, -4.20 CHARGES', 'and of the lines as the reader read them');
SELECT is((SELECT string_agg(t.item, ' ') FROM (VALUES ('run:' || (:'r'::jsonb->>'ref'), -10800::bigint), ('payment:' || :'paid', -10800), ('payment:' || :'paid', -10799), ('return:' || :'paid', 10800)) t (item, amount)
           WHERE EXISTS (SELECT FROM payments.allocation_target(split_part(t.item, ':', 1), split_part(t.item, ':', 2), t.amount))), 'run:' || (:'r'::jsonb->>'ref') || ' payment:' || :'paid', 'the books take a whole run or a whole payment, and no return of what was not paid');
SELECT jsonb_build_array(jsonb_build_object('amount', '-108.00', 'class', 'post', 'rule', 'R1', 'allocations', jsonb_build_array(jsonb_build_object('item', 'run:' || (:'r'::jsonb->>'ref'), 'amount', '-108.00'))),
                         jsonb_build_object('amount', '-4.20', 'candidates', jsonb_build_array(jsonb_build_object('item', 'payment:' || :'paid', 'score', 3, 'why', 'Something of its name.')))) AS answer \gset
SELECT matched(:'answer') AS a \gset
SELECT is((:'a'::jsonb->>'run') || ' ' || (:'a'::jsonb->>'unmatched'), '1 2', 'the run is settled, the charges are left');
SELECT is((SELECT string_agg(x.kind || ' ' || x.fits || ' ' || x.why, '; ') FROM payments.statement s, payments.entry_explanations(s.ref) x), 'payment false Something of its name.; payment false Something of its name.', 'what is near a line is shown, and cannot be pressed when it does not fit');
SELECT is((matched(:'answer')->>'not_expected') || ' ' || (SELECT count(*) FROM payments.bank_proposal), '0 2', 'another round with the same answer changes nothing');
SELECT is((SELECT (fresh, skipped, follows)::text FROM payments.statement), '(3,1,first)', 'two equal lines are two, a pending one is none');
SELECT is((SELECT count(*) FROM payments.invoice WHERE state = 'paid' AND paid_on = current_date + 2), 2::bigint, 'the invoices are paid on the value date');
SELECT is((SELECT state FROM payments.run), 'settled', 'the run is settled');
SELECT is((SELECT string_agg(difference::text, ' ') FROM payments.bank_check), '0', 'ledger and bank agree, but for what is listed');
SELECT is(pg_temp.as('finance', 'statement_import', :'s1', 's1')->>'replayed', 'true', 'the same form again');
SELECT is(pg_temp.as('finance', 'statement_import', :'s1')#>>'{statements,0,fresh}', '0', 'the same statement again brings nothing');
SELECT pg_temp.statement('S2', pg_temp.entry('-4.20', 'CHARGES', 'B7'), pg_temp.entry('-4.20', 'CHARGES', 'B7'), pg_temp.entry('-4.20', 'CHARGES', 'B7'), pg_temp.entry('108.00', 'RETURNED ' || :'paid', 'B9')) AS s2 \gset
SELECT pg_temp.as('finance', 'statement_import', :'s2') AS a \gset
SELECT is(:'a'::jsonb#>>'{statements,0,fresh}', '2', 'an overlapping statement brings what is new');
SELECT matched(jsonb_build_array(jsonb_build_object('amount', '108.00', 'class', 'post', 'rule', 'R5', 'allocations', jsonb_build_array(jsonb_build_object('item', 'payment:' || :'paid', 'amount', '108.00'))))) AS a \gset
SELECT is(:'a'::jsonb->>'return', '1', 'money that comes back from a payment is its return');
SELECT is((SELECT count(*) FROM payments.bank_proposal), 0::bigint, 'explanations of the round before are gone');
SELECT is((SELECT state FROM payments.payment), 'returned', 'it is not settled any more');
SELECT is((SELECT count(*) FROM payments.invoice WHERE state = 'approved' AND paid = 0 AND paid_on IS NULL), 2::bigint, 'the invoices are owed again');
SELECT is(ledger.balance(ledger.payable(id('bright'))), 10800::bigint, 'so says the ledger');
SELECT matches(pg_temp.as('finance', 'run_assemble', '{}')#>>'{left_out,0,why}', 'stopped', 'and nothing is paid to those details before somebody checked them');
SELECT is((SELECT string_agg(difference::text, ' ') FROM payments.bank_check), '0', 'ledger and bank agree');

-- A line that only a person can place.
SELECT be('finance') \g /dev/null
SELECT ref AS charge FROM payments.bank_entry WHERE amount = -420 ORDER BY id LIMIT 1 \gset
SELECT throws_ok(format('SELECT pg_temp.as(''finance'', ''entry_match'', %L)', jsonb_build_object('entry', :'charge', 'item', 'suspense:')), 'MC422', NULL, 'not without a reason');
SELECT is(pg_temp.as('finance', 'entry_match', jsonb_build_object('entry', :'charge', 'item', 'payment:' || :'paid', 'note', 'x'))->>'outcome', 'not_expected', 'not to a payment of another amount');
SELECT is(pg_temp.as('finance', 'entry_match', jsonb_build_object('entry', :'charge', 'item', 'suspense:', 'note', 'Bank charges'))->>'outcome', 'matched', 'to suspense with a reason');

-- A statement that does not add up waits for a person.
SELECT jsonb_set(pg_temp.statement('S3', pg_temp.entry('-9.99', 'who knows', 'B10', 'booked', 3)), '{statements,0,balance}', '"differs"') AS s3 \gset
SELECT pg_temp.as('finance', 'statement_import', :'s3') AS a \gset
SELECT is(:'a'::jsonb#>>'{statements,0,outcome}', 'held', 'held');
SELECT is(pg_temp.as('finance', 'statement_accept', jsonb_build_object('statement', :'a'::jsonb#>>'{statements,0,ref}', 'note', 'The bank confirmed it'))->>'outcome', 'accepted', 'until somebody answers for it');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE topic = 'reconcile'), 1::bigint, 'then its lines are to be matched');
SELECT is(pg_temp.as('finance', 'reconcile', '{}', 'again')->>'outcome', 'asked', 'anybody in finance may ask for another round');
SELECT is(pg_temp.as('finance', 'reconcile', '{}', 'again')->>'replayed', 'true', 'one press is one round');
SELECT ok(payments.is_matching(), 'the page can say that a round waits');
SELECT is(pg_temp.as('finance902', 'statement_import', :'s3')#>>'{statements,0,outcome}', 'unknown_account', 'another council''s account is not ours');
SELECT be('finance') \g /dev/null
SELECT is((SELECT count(*) FROM payments.verify()), 0::bigint, 'the books hold');
SELECT is((SELECT count(*) FROM ledger.verify()), 0::bigint, 'so does the ledger');

-- Bytes that are no payment file are named like any other change, rather than ending the proof; those of other files are nobody's run.
INSERT INTO jobs.file (council_id, ref, kind, name, sha256, bytes, account_id) SELECT council_id, 'NOTARUN1', 'statement', 'one.sta', sha256(':20:X'), ':20:X', account_id FROM jobs.file LIMIT 1;
SELECT is((SELECT count(*) FROM payments.verify_runs()), 0::bigint, 'a statement beside the runs changes nothing');
UPDATE jobs.file SET bytes = ':20:X' WHERE kind = 'payment_file';
SELECT is((SELECT string_agg(DISTINCT check_name, '; ' ORDER BY check_name) FROM payments.verify_runs()), 'the control sum is the run''s total; the file is what was stored', 'a payment file that was replaced');
SELECT * FROM finish();
ROLLBACK;
