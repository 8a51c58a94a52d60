-- A payment run of more payments than one minute's letters: put together, taken apart, put together again and emitted, each as one set.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
SELECT walked('o1', 1) \g /dev/null
SELECT be('finance') \g /dev/null
\set payees 1203
\ir payees.psql
SELECT is((SELECT count(*) FROM payments.verify()), 0::bigint, 'the books hold before');

-- ---------------------------------------------------------------- moves are judged and recorded as a set
SELECT is((SELECT string_agg(x.verb || ' ' || x.n, ', ' ORDER BY x.first) FROM (SELECT e.verb, count(*) AS n, min(e.id) AS first FROM audit.event e JOIN payments.invoice i ON i.ref = e.ref
            WHERE e.kind = 'invoice' AND i.ruleset = 'payees' AND e.amount = i.gross GROUP BY e.verb) x),
          'invoice_received 1203, invoice_checked 1203, invoice_matched 1203, invoice_approved 1203', 'each invoice leaves one event a move, with its amount');
SELECT is((SELECT count(DISTINCT (account_id, role, hat_id)) FROM audit.event WHERE verb = 'invoice_approved'), 1::bigint, 'in the name of who did it');
SELECT count(*) AS events FROM audit.event \gset
UPDATE payments.invoice SET hands = hands + 1 WHERE ruleset = 'payees';
UPDATE payments.invoice SET state = state WHERE ruleset = 'payees';
SELECT is((SELECT count(*) FROM audit.event), :events::bigint, 'what does not move leaves none');
SELECT throws_ok($$UPDATE payments.invoice SET state = CASE WHEN id = (SELECT max(id) FROM payments.invoice) THEN 'received' ELSE 'in_run' END WHERE ruleset = 'payees'$$, 'MC409',
  format('The invoice %s cannot go from "approved" to "received".', (SELECT ref FROM payments.invoice ORDER BY id DESC LIMIT 1)), 'one move of the set that is not allowed refuses all of it');
SELECT throws_ok($$INSERT INTO payments.provider_account (council_id, ref, organisation_id, version, account_name, sort_code, account_number, vat_profile, entered_by, state)
  SELECT council_id, mc.new_ref(), organisation_id, 2, account_name, sort_code, account_number, vat_profile, entered_by, 'refused' FROM payments.provider_account WHERE version = 1 LIMIT 2$$,
  'MC409', NULL, 'nor does anything begin in a state that is none to begin with');

-- ---------------------------------------------------------------- put together, taken apart, put together again
SELECT pg_temp.as('finance', 'run_assemble', '{}') AS r \gset
SELECT is((:'r'::jsonb->>'payments') || ' ' || (:'r'::jsonb->>'total'), (SELECT '1203 ' || sum(gross) FROM payments.invoice WHERE ruleset = 'payees'), 'everybody who is owed money');
SELECT is((SELECT string_agg(DISTINCT concat_ws(' ', state, scheduled = gross), ', ') FROM payments.invoice WHERE ruleset = 'payees'), 'in_run t', 'their invoices are in the run');
SELECT is((SELECT count(*) FROM payments.verify()), 0::bigint, 'the books hold with a draft');
SELECT is(pg_temp.as('finance', 'run_withdraw', jsonb_build_object('run', :'r'::jsonb->>'ref'))->>'outcome', 'withdrawn', 'taken apart');
SELECT is((SELECT string_agg(DISTINCT concat_ws(' ', state, scheduled), ', ') FROM payments.invoice WHERE ruleset = 'payees'), 'approved 0', 'they are only approved again');
SELECT pg_temp.as('finance', 'run_assemble', '{}') AS r \gset
SELECT is(:'r'::jsonb->>'payments', '1203', 'and come into the next one');
SELECT jsonb_build_object('run', :'r'::jsonb->>'ref') AS run, :'r'::jsonb->>'ref' AS ref \gset
SELECT pg_temp.as('finance', 'run_freeze', :'run')->>'outcome', pg_temp.as('finance2', 'run_approve', :'run')->>'outcome' \g /dev/null
SELECT is((SELECT state FROM payments.run WHERE ref = :'ref'), 'approved', 'frozen and approved');

-- ---------------------------------------------------------------- what one payee of many holds up
SELECT p.organisation_id AS org, p.payee_name AS payee, o.ref AS org_ref FROM payments.payment p JOIN identity.organisation o ON o.id = p.organisation_id
  JOIN payments.run r ON r.id = p.run_id WHERE r.ref = :'ref' ORDER BY p.id OFFSET 700 LIMIT 1 \gset
SELECT jsonb_build_object('organisation', :'org_ref', 'account_name', 'Someone Else', 'sort_code', '400002', 'account_number', '11111111', 'vat_profile', 'exempt') AS change \gset
SAVEPOINT changed;
SELECT pg_temp.as('finance', 'provider_account_enter', :'change')->>'ref' AS entered \gset
SELECT is(pg_temp.as('finance', 'run_emit', :'run')->>'sentence', :'payee' || ': New bank details wait for a second person to check them. Withdraw the run and put together a new one.', 'a change that waits');
SELECT pg_temp.as('finance2', 'provider_account_verify', jsonb_build_object('ref', :'entered', 'evidence', 'Rang')) \g /dev/null
SELECT matches(pg_temp.as('finance', 'run_emit', :'run')->>'sentence', '^' || :'payee' || ': The bank details changed; payments start again on ', 'a change that cools off');
ALTER TABLE payments.provider_account DISABLE TRIGGER frozen;
UPDATE payments.provider_account SET cooling_until = now() - interval '1 day' WHERE ref = :'entered';
SELECT is(pg_temp.as('finance', 'run_emit', :'run')->>'sentence', :'payee' || ': The bank details changed since. Withdraw the run and put together a new one.', 'a change that is over');
ROLLBACK TO changed;
UPDATE payments.provider_account SET state = 'stopped', stopped_reason = 'a call' WHERE organisation_id = :org;
SELECT is(pg_temp.as('finance', 'run_emit', :'run')->>'sentence', :'payee' || ': The bank details were stopped: a call. Withdraw the run and put together a new one.', 'details that were stopped');
ROLLBACK TO changed;
CREATE OR REPLACE FUNCTION payments.decimal(p_pence bigint) RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN p_pence = 311 THEN '3.10' ELSE (p_pence::numeric / 100)::numeric(20, 2)::text END $$;
SELECT throws_like(format('SELECT pg_temp.as(''finance'', ''run_emit'', %L)', :'run'), 'the file of run % says %', 'a file that adds up to something else is not released');
ROLLBACK TO changed;
UPDATE ledger.account SET code = code || '-' WHERE kind = 'payable' AND organisation_id = :org;
SELECT throws_ok(format('SELECT pg_temp.as(''finance'', ''run_emit'', %L)', :'run'), '23514', NULL, 'nor is one whose ledger effect is not its sum');
ROLLBACK TO changed;
DELETE FROM jobs.outbox;

-- ---------------------------------------------------------------- emitted
SELECT pg_temp.as('finance', 'run_emit', :'run') AS e \gset
SELECT is(:'e'::jsonb->>'outcome', 'emitted', 'released');
SELECT is((SELECT count(*) FROM payments.verify()), 0::bigint, 'the books hold');
SELECT is((SELECT count(*) FROM ledger.verify()), 0::bigint, 'so does the ledger');
SELECT is((SELECT sum(ledger.balance(id)) FROM ledger.account WHERE kind = 'payable'), 0::numeric, 'nothing is owed to anybody');
SELECT is((SELECT count(*) FROM audit.event e JOIN payments.payment p ON p.ref = e.ref AND p.amount = e.amount WHERE e.verb = 'payment_emitted'), 1203::bigint, 'one event a payment');
-- The same element as PostgreSQL's XML functions write it.
CREATE FUNCTION pg_temp.element(p payments.payment, p_numbers text) RETURNS text LANGUAGE sql AS $$
  SELECT xmlserialize(CONTENT xmlelement(NAME "CdtTrfTxInf",
    xmlelement(NAME "PmtId", xmlforest(p.reference AS "InstrId", p.reference AS "EndToEndId")),
    xmlelement(NAME "Amt", xmlelement(NAME "InstdAmt", xmlattributes('GBP' AS "Ccy"), payments.decimal(p.amount))),
    xmlelement(NAME "CdtrAgt", xmlelement(NAME "FinInstnId", xmlelement(NAME "ClrSysMmbId", xmlelement(NAME "ClrSysId", xmlelement(NAME "Cd", 'GBDSC')), xmlelement(NAME "MmbId", p.payee_sort_code)))),
    xmlelement(NAME "Cdtr", xmlelement(NAME "Nm", payments.bank_text(p.payee_name, 70))),
    xmlelement(NAME "CdtrAcct", xmlelement(NAME "Id", CASE WHEN p.payee_iban IS NULL THEN xmlelement(NAME "Othr", xmlelement(NAME "Id", p.payee_account), xmlelement(NAME "SchmeNm", xmlelement(NAME "Cd", 'BBAN')))
                                                           ELSE xmlelement(NAME "IBAN", p.payee_iban) END)),
    xmlelement(NAME "RmtInf", xmlelement(NAME "Ustrd", p.reference || ' ' || payments.bank_text(p_numbers, 120)))) AS text) $$;
SELECT ok((SELECT strpos(convert_from(f.bytes, 'UTF8'), (SELECT string_agg(pg_temp.element(l.payment, l.numbers), '' ORDER BY (l.payment).id) FROM payments.run_lines(r) l)) > 0
             FROM payments.run r JOIN jobs.file f ON f.ref = r.file_ref WHERE r.ref = :'ref'), 'all payments stand in the file, in their order');
SELECT is((SELECT payments.pain_transfer(jsonb_populate_record(p, '{"payee_name": "Ünïted <Care> & \"Sons\"", "payee_iban": "GB82WEST12345698765432"}'), 'A&B <1>') FROM payments.payment p ORDER BY id LIMIT 1),
          (SELECT pg_temp.element(jsonb_populate_record(p, '{"payee_name": "Ünïted <Care> & \"Sons\"", "payee_iban": "GB82WEST12345698765432"}'), 'A&B <1>') FROM payments.payment p ORDER BY id LIMIT 1), 'with whatever a name holds');
SELECT is((SELECT string_agg(n::text, ' ' ORDER BY not_before) FROM (SELECT not_before, count(*) AS n FROM jobs.outbox WHERE topic = 'mail' GROUP BY not_before) x), '1000 203', 'its letters become due a thousand a minute');
SELECT is((SELECT count(DISTINCT payload->>'to_organisation') FROM jobs.outbox), 1203::bigint, 'one to each payee');
SELECT is((SELECT payload FROM jobs.outbox ORDER BY id LIMIT 1),
  (SELECT jsonb_build_object('to_organisation', p.organisation_id, 'subject', 'Payment ' || p.reference || ' is on its way', 'body', payments.pence_words(p.amount) || ' leaves our bank on ' || payments.day_long(r.pay_on)
     || ' with the reference ' || p.reference || E'. It pays:\ninvoice P-' || p.organisation_id || ': ' || payments.pence_words(p.amount))
     FROM payments.payment p JOIN payments.run r ON r.id = p.run_id WHERE r.ref = :'ref' ORDER BY p.id LIMIT 1), 'that says what it pays');

-- ---------------------------------------------------------------- settled
SELECT payments.payments_settle(payments.run_payment_ids((SELECT id FROM payments.run WHERE ref = :'ref')), current_date + 1), payments.payments_settle(payments.run_payment_ids((SELECT id FROM payments.run WHERE ref = :'ref')), current_date + 2) \g /dev/null
SELECT is((SELECT string_agg(DISTINCT concat_ws(' ', state, paid = gross, scheduled, paid_on = current_date + 1), ', ') FROM payments.invoice WHERE ruleset = 'payees'), 'paid t 0 t', 'paid once, on its day');
SELECT * FROM finish();
ROLLBACK;
