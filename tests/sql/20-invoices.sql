-- Receiving and matching invoices: what passes without a hand, and every way in which one does not.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();

SELECT walked('o1', 4) \g /dev/null
SELECT bill('INV-0007', 'o1', 2) AS first \gset
SELECT is(receive(:'first', 'k1')->>'outcome', 'approved', 'an invoice for what was delivered is approved by itself');
SELECT is(receive(:'first', 'k1')->>'replayed', 'true', 'the same form twice is one invoice');
SELECT throws_ok(format('SELECT receive(%L, %L)', bill('INV-0008', 'o1', 2), 'k1'), 'MC422', NULL, 'the same key with another body is refused');
SELECT is((SELECT count(*) FROM payments.invoice), 1::bigint, 'one invoice is stored');
SELECT is((SELECT (approved, scheduled, paid, hands)::text FROM payments.invoice), '(3600,0,0,0)', 'the whole amount is agreed, with no hand');
SELECT is((SELECT sum(amount) FROM payments.capture), 3600::numeric, 'the money left the purses');
SELECT is(ledger.balance(ledger.payable(id('bright'))), 3600::bigint, 'and are owed to the provider');
SELECT is((SELECT count(*) FROM payments.match_check WHERE verdict = 'pass'), 16::bigint, 'every check that passed is kept');
SELECT is((SELECT string_agg(detail->>'to', ' ' ORDER BY id) FROM audit.event WHERE kind = 'invoice' AND detail ? 'to'), 'received checked matched approved', 'each state has one event');
SELECT is((SELECT count(*) FROM audit.event WHERE verb = 'invoice_line_approved' AND person_id = id('rosa')), 1::bigint, 'and Rosa''s record shows it');
SELECT matches((SELECT payload->>'body' FROM jobs.outbox WHERE payload->>'subject' = 'Invoice INV-0007 approved'), 'approved, not yet paid: expected by', 'the provider is told in plain words');

-- Twenty ways to write one number.
SELECT is(receive(bill(n, 'o1', 1))->>'outcome', 'duplicate', 'duplicate: ' || n)
  FROM unnest(ARRAY['INV-0007', 'inv-0007', 'Inv 0007', 'INV0007', 'INV/0007', 'INV.0007', 'INV_0007', 'INV-7', 'INV 007', 'INV-00007', 'INV-OOO7', 'lNV-0007',
                    '1NV-0007', ' INV-0007 ', 'I N V - 0 0 0 7', 'INV—0007', 'İNV-0007', 'ＩＮＶ－０００７', 'inv#0007', 'INV-(0007)']) n
 WHERE n <> 'lNV-0007';
SELECT is(receive(bill('INV-8', 'o1', 2))->>'outcome', 'exception', 'another number for the same service, time and amount is a question');
SELECT is(receive('{"organisation": "TORG-0001", "number": "--", "lines": [{}]}')->>'outcome', 'unreadable', 'a number without letters or digits is none');

-- Sad paths, each with its code of the Invoice Response vocabulary.
SELECT walked('o2', 3, 'amir') \g /dev/null
SELECT is(why(receive(bill('S-1', 'o2', 3, 19))), 'FIN covered, PRI price', 'a price above the order');
SELECT is(why(receive(bill('S-2', 'o2', 4))), 'DEL delivered, FIN covered, QTY ordered', 'more than was delivered and ordered');
SELECT is(why(receive(bill('S-3', 'ZZZZ-ZZZZ', 1))), 'REF order', 'an order that we do not know');
SELECT is(why(receive(jsonb_set(bill('S-4', 'o2', 1), '{bank,account}', '"99999999"'))), 'PAY bank', 'other bank details');
SELECT is((SELECT count(*) FROM payments.provider_account WHERE account_number = '99999999'), 0::bigint, 'which never reach the verified record');
SELECT is(why(receive(jsonb_set(bill('S-5', 'o2', 1), '{gross}', '"20.00"') || '{"net": "20.00"}')), 'FIN totals', 'lines that do not add up');
SELECT is(why(receive(jsonb_set(bill('S-6', 'o2', 1), '{lines,0,unit}', '"DAY"'))), 'ITM unit', 'another unit');
SELECT is(why(receive(jsonb_set(bill('S-7', 'o2', 1), '{lines,0,from}', to_jsonb((current_date - 200)::text)))), 'DEL period', 'a time before the order');
SELECT is(why(receive(jsonb_set(bill('S-8', 'o2', 1), '{lines,0,net}', '"17.00"') || '{"net": "17.00", "gross": "17.00"}')), 'PRI sum', 'quantity times price is another sum');
SELECT is(receive(bill('S-9', 'o2', 1) || '{"verdict": {"fatal": [{"id": "BR-16", "text": "An invoice needs a line"}]}}')->>'outcome', 'rejected', 'the rules reject');
SELECT is(receive(bill('S-9', 'o2', 1))->>'outcome', 'approved', 'and the corrected invoice may keep its number');
SELECT is(receive(bill('S-10', 'o2', 2))->>'outcome', 'approved', 'the rest of the order');
SELECT is(why(receive(bill('S-11', 'o2', 1))), 'DEL delivered, FIN covered, QTY ordered, REF repeat', 'one hour too many, over all invoices');
SELECT be('provider2') \g /dev/null
SELECT is(payments.invoice_receive(gen_random_uuid(), bill('X-1', 'o1', 1))->>'outcome', 'unknown_provider', 'a provider bills in no other name');
SELECT is(why(payments.invoice_receive(gen_random_uuid(), bill('X-1', 'o1', 1) || '{"organisation": "TORG-0003"}')), 'REF order', 'nor another provider''s order');
SELECT be('finance902') \g /dev/null
SELECT is(why(payments.invoice_receive(gen_random_uuid(), bill('Y-1', 'o1', 1))), 'REF order', 'another council''s order is unknown there');
SELECT be('rosa') \g /dev/null
SELECT throws_ok(format('SELECT payments.invoice_receive(gen_random_uuid(), %L)', bill('Z-1', 'o1', 1)), 'MC403', NULL, 'a budget holder sends no invoices');

-- A tolerance is data: the lesser of absolute and percent.
SELECT be('finance') \g /dev/null
INSERT INTO payments.tolerance (council_id, measure, absolute, percent) VALUES (901, 'price', 50, 1);
SELECT is(payments.tolerance_for('TLIS-0001', 'price', 1800), 18::numeric, 'one percent is less than 50p');

-- What the invoice reader hands over, in the terms of EN 16931.
SELECT walked('o3', 2, 'amir') \g /dev/null
SELECT be('provider') \g /dev/null
INSERT INTO jobs.file (council_id, ref, kind, name, sha256, bytes, organisation_id) VALUES (901, 'TFIL-0001', 'invoice', 'a.xml', sha256(''), '', id('bright'));
SELECT jsonb_build_object('file', 'TFIL-0001', 'syntax', 'ubl-invoice', 'ruleset', 'en16931-ubl-1.3.16', 'valid', true, 'rules', '[]'::jsonb, 'model', jsonb_build_object(
  'number', 'UBL-1', 'issue_date', current_date::text, 'type', '380', 'currency', 'GBP', 'order', ref('o3'), 'total_without_vat', '36.00', 'vat_total', '0.00',
  'total_with_vat', '36.00', 'due', '36.00', 'payments', '[{"account": "12345678", "branch": "400001"}]'::jsonb,
  'lines', '[{"id": "1", "quantity": "120", "unit": "MIN", "net": "36.00", "order_line": "1", "name": "Company on a walk", "price": "18.00", "base_quantity": "60", "vat_category": "O"}]'::jsonb)) AS ubl \gset
SELECT is(payments.invoice_receive(gen_random_uuid(), :'ubl')->>'outcome', 'approved', 'a European invoice is approved by itself, minutes and price per hour included');
SELECT is(payments.invoice_receive(gen_random_uuid(), jsonb_set(jsonb_set(:'ubl', '{valid}', 'false'), '{model,number}', '"UBL-2"'))->>'outcome', 'rejected', 'one that breaks the rules is not');
SELECT is(payments.invoice_receive(gen_random_uuid(), jsonb_set(jsonb_set(:'ubl', '{model,due}', '"30.00"'), '{model,number}', '"UBL-3"'))->>'outcome', 'rejected', 'nor one that asks for another amount than its total');
SELECT is(payments.invoice_receive(gen_random_uuid(), jsonb_set(jsonb_set(:'ubl', '{model,lines,0,quantity}', '"-120"'), '{model,number}', '"UBL-4"'))->>'outcome', 'unreadable', 'a quantity below zero is a credit note''s');
SELECT is(payments.invoice_receive(gen_random_uuid(), jsonb_set(jsonb_set(:'ubl', '{file}', '"TFIL-0009"'), '{model,number}', '"UBL-5"'))->>'outcome', 'unknown_provider', 'the file says who bills');

-- Punctuation and zeros.
SELECT is((SELECT string_agg(payments.pence(n)::text, ' ' ORDER BY i) FROM unnest(ARRAY['5.', '.5', '+5.10', '-0.050', '5.1000']) WITH ORDINALITY AS x (n, i)), '500 50 510 -5 510', 'every way in which XML writes an amount');
SELECT throws_ok(format('SELECT payments.pence(%L)', n), 'MC422', NULL, n || ' is no amount') FROM unnest(ARRAY['.', '+', '', '1.234', '1,00', '1e2', '.005']) n;
SELECT is(payments.number_read('5.') + payments.number_read('.5'), 5.5, 'and every number');
SELECT is(payments.invoice_number_normal('INV-2026-10'), '1NV202610', 'zeros inside a number stay');
SELECT * FROM finish();
ROLLBACK;
