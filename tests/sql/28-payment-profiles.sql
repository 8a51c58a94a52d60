-- Which payment file a bank takes: pain.001 in two versions, records in the style of Bacs Standard 18; each says what the run says.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();

SELECT walked('o1', 4), walked('o2', 2, 'amir') \g /dev/null
SELECT receive(bill('INV-1', 'o1', 4)) \g /dev/null
CREATE FUNCTION pg_temp.profile(p_profile text, p_number text DEFAULT '') RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.as('finance', 'bank_profile_set', jsonb_build_object('account', 'TBANK-01', 'profile', p_profile, 'service_user_number', p_number, 'reason', 'The bank asks for it'))->>'outcome' $$;
CREATE FUNCTION pg_temp.emitted() RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE r jsonb;
BEGIN
  r := jsonb_build_object('run', pg_temp.as('finance', 'run_assemble', '{"bank_account": "TBANK-01"}')->>'ref');
  PERFORM pg_temp.as('finance', 'run_freeze', r), pg_temp.as('finance2', 'run_approve', r), pg_temp.as('finance', 'run_emit', r);
  RETURN (SELECT f.bytes FROM jobs.file f JOIN payments.run x ON x.file_ref = f.ref WHERE x.ref = r->>'run');
END $$;

SELECT throws_ok($$ SELECT pg_temp.as('auditor', 'bank_profile_set', '{"account": "TBANK-01"}') $$, 'MC403', NULL, 'an auditor decides no file');
SELECT throws_ok($$ SELECT pg_temp.as('finance902', 'bank_profile_set', '{"account": "TBANK-01", "profile": "pain.001.001.03"}') $$, 'MC404', NULL, 'nor does the other council');
SELECT is(pg_temp.profile('bacs18'), 'number', 'Standard 18 needs the number from Bacs');
SELECT is(pg_temp.profile('bacs18', '12345'), 'number', 'of six digits');

SAVEPOINT before;
SELECT is(pg_temp.profile('pain.001.001.03'), 'set', 'the version before');
SELECT convert_from(pg_temp.emitted(), 'UTF8') AS pain \gset
SELECT matches(:'pain'::text, '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain\.001\.001\.03"><CstmrCdtTrfInitn><GrpHdr>', 'says which version it is');
SELECT matches(:'pain'::text, '<ReqdExctnDt>\d{4}-\d\d-\d\d</ReqdExctnDt>', 'gives its day as that version does');
SELECT is(payments.file_control(convert_to(:'pain', 'UTF8'))::text, '(1,7200,7200)', 'and says what the run says');
SELECT is((SELECT string_agg(verb || ' ' || (detail->>'from') || ' ' || (detail->>'to') || ': ' || (detail->>'reason'), '; ') FROM audit.event WHERE verb = 'bank_profile_set'),
          'bank_profile_set pain.001.001.09 pain.001.001.03: The bank asks for it', 'the decision is in the log');
ROLLBACK TO before;

SELECT is(pg_temp.profile('bacs18', '123456'), 'set', 'records of Bacs');
SELECT receive(bill('INV-2', 'o2', 2) || '{"bank": null}') \g /dev/null
SELECT convert_from(pg_temp.emitted(), 'UTF8') AS bacs \gset
CREATE TEMP TABLE line AS SELECT l AS text, n FROM regexp_split_to_table(:'bacs', E'\r\n') WITH ORDINALITY AS t (l, n) WHERE l <> '';
SELECT is((SELECT string_agg(left(text, 4) || ' ' || length(text), ', ' ORDER BY n) FROM line WHERE text ~ '^[A-Z]'),
          'VOL1 80, HDR1 80, HDR2 80, UHL1 80, EOF1 80, EOF2 80, UTL1 80', 'labels before and after, of 80 characters');
SELECT is((SELECT string_agg(length(text)::text, ' ') FROM line WHERE text ~ '^[0-9]'), (SELECT repeat('100 ', r.payments) || '100' FROM payments.run r), 'a record of 100 characters a payment, and the contra');
SELECT is((SELECT text FROM line WHERE text LIKE 'VOL1%'), 'VOL1' || (SELECT lpad((id % 999999 + 1)::text, 6, '0') FROM payments.run) || repeat(' ', 31) || '123456' || repeat(' ', 32) || '1', 'the first label names the service user');
SELECT is((SELECT substr(text, 5, 6) || '|' || substr(text, 29, 9) FROM line WHERE text LIKE 'UHL1%'),
          (SELECT payments.bacs_day(payments.pay_by(pay_on - 1)) || '|1 DAILY  ' FROM payments.run), 'the bank processes on the working day before it pays');
SELECT is((SELECT r.pay_on FROM payments.run r), payments.add_working_days(ledger.today(), 2), 'two working days from now at the earliest');
SELECT is((SELECT text FROM line WHERE n = 5),
          (SELECT p.payee_sort_code || p.payee_account || '099' || b.sort_code || b.account_number || '    ' || lpad(p.amount::text, 11, '0') || rpad(payments.bank_text(c.name, 18), 18)
                  || rpad(p.reference, 18) || rpad(payments.bank_text(p.payee_name, 18), 18)
             FROM payments.payment p, payments.bank_account b, identity.council c WHERE b.ref = 'TBANK-01' AND c.id = b.council_id ORDER BY p.id LIMIT 1), 'a payment, place by place');
SELECT is((SELECT substr(text, 16, 2) || substr(text, 47, 36) FROM line WHERE n = (SELECT payments + 5 FROM payments.run)), (SELECT '17' || rpad(message_id, 18) || rpad('CONTRA', 18) FROM payments.run),
          'the contra record carries the name of the run, as our own statement will');
SELECT is((SELECT left(text, 44) FROM line WHERE text LIKE 'UTL1%'), (SELECT format('UTL1%1$s%1$s0000001%2$s', lpad(total::text, 13, '0'), lpad(payments::text, 7, '0')) FROM payments.run), 'the last label has both sums and counts');
SELECT is(payments.file_control(convert_to(:'bacs', 'UTF8'))::text, (SELECT format('(%s,%s,%s)', payments, total, total) FROM payments.run), 'the file says what the run says');
SELECT is((SELECT payments.payment_file(r) FROM payments.run r), convert_to(:'bacs', 'UTF8'), 'rendered again, byte for byte');
SELECT is((SELECT f.name FROM jobs.file f JOIN payments.run r ON r.file_ref = f.ref), (SELECT 'run-' || ref || '.txt' FROM payments.run), 'it is text');
SELECT is((payments.file_control(convert_to(regexp_replace(:'bacs', '(UTL1[0-9]{13})[0-9]', '\19'), 'UTF8'))).control, NULL, 'a last label that differs from the contra record says no sum');
SELECT is((payments.file_control(convert_to(replace(:'bacs', E'\r\nEOF1', E'9\r\nEOF1'), 'UTF8'))).control, NULL, 'nor does a contra record that is no record');
SELECT is(payments.file_control('\xff00')::text, '(,,)', 'bytes that are no file say nothing');
SELECT is((payments.file_control('VOL1'::bytea || '\xff00')).control, NULL, 'nor do those that only begin like one');
SELECT is((SELECT count(*) FROM payments.verify()), 0::bigint, 'the books hold');

-- A run that was put together in time but is released too late.
ROLLBACK TO before;
SELECT pg_temp.profile('bacs18', '123456') \g /dev/null
SELECT jsonb_build_object('run', pg_temp.as('finance', 'run_assemble', '{"bank_account": "TBANK-01"}')->>'ref') AS run \gset
SELECT is(pg_temp.profile('pain.001.001.09'), 'set', 'the profile may change meanwhile');
SELECT is((SELECT profile FROM payments.run), 'bacs18', 'the run keeps its own');
UPDATE payments.run SET pay_on = ledger.today() + 1;
SELECT matches(pg_temp.as('finance', 'run_freeze', :'run')->>'sentence', '^Bacs takes two working days', 'too late for Bacs');
SELECT * FROM finish();
ROLLBACK;
