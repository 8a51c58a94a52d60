-- What providers and newcomers do: files read to invoices, the form, a week of visits, listings, applications, feedback.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();

-- ---- the reader's words become a request: values with their lines, amounts as text, an order a line

SELECT is(payments.invoice_plain('{"number": {"text": "A \"1\" {x}", "line": 3}, "lines": [{"net": {"text": "1.00", "line": 9}}], "notes": [{"text": {"text": "\\", "line": 4}}], "other": {"line": 3}}'),
          '{"number": "A \"1\" {x}", "lines": [{"net": "1.00"}], "notes": [{"text": "\\"}], "other": {"line": 3}}', 'values lose their lines, and nothing else');
SELECT is(payments.day_read(d), NULL, 'no day: ' || d) FROM unnest(ARRAY['2026-02-30', '30/02/2026', '', 'tomorrow']) d;
SELECT is(payments.number_read(d), NULL, 'no number: ' || d) FROM unnest(ARRAY['', '1,5', '1e9', 'NaN', '--1']) d;

CREATE FUNCTION public.value(p_text text) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('text', p_text, 'line', 7) $$;
-- What the jail writes for one line of p_hours at £18.00 an hour.
CREATE FUNCTION public.read_file(p_number text, p_order text, p_hours int) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('syntax', 'ubl-invoice', 'ruleset', 'test', 'valid', true, 'rules', '[]'::jsonb, 'model', jsonb_build_object(
    'number', value(p_number), 'issue_date', value(current_date::text), 'type', value('380'), 'currency', value('GBP'), 'order', value(p_order),
    'total_without_vat', value(n), 'total_with_vat', value(n), 'due', value(n),
    'payments', jsonb_build_array(jsonb_build_object('account', value('12345678'), 'branch', value('40-00-01'))),
    'lines', jsonb_build_array(jsonb_build_object('seller_item', value('TLIS-0001'), 'period_start', value((current_date - 70)::text), 'period_end', value((current_date - 45)::text),
      'quantity', value(p_hours::text), 'unit', value('HUR'), 'price', value('18.00'), 'net', value(n), 'vat_category', value('O')))))
    FROM (SELECT (p_hours * 18)::text || '.00' AS n) x
$$;
CREATE FUNCTION public.send(p_name text) RETURNS text LANGUAGE sql AS $$ SELECT be('provider'); SELECT jobs.file_store(gen_random_uuid(), 'invoice', p_name, 'x') ->> 'ref' $$;
CREATE FUNCTION public.report(p_ref text) RETURNS jsonb LANGUAGE sql AS $$ SELECT report FROM jobs.file WHERE council_id = 901 AND ref = p_ref $$;

SELECT walked('o1', 4) \g /dev/null
SELECT send('good.xml') AS good \gset
SELECT is(payments.invoice_file_receive(901, :'good', read_file('F-1', ref('o1'), 4)) ->> 'outcome', 'approved', 'a file that fits is approved by itself');
SELECT is(payments.invoice_file_receive(901, :'good', read_file('F-1', ref('o1'), 4)) ->> 'replayed', 'true', 'reading it again is the same invoice');
SELECT throws_ok(format('SELECT payments.invoice_file_receive(901, %L, %L)', :'good', read_file('F-2', ref('o1'), 4)), 'MC422', NULL, 'the same file with another content is refused');
SELECT is((report(:'good') ->> 'outcome', report(:'good') ->> 'number', report(:'good') ->> 'invoice' = (SELECT ref FROM payments.invoice WHERE number = 'F-1'))::text,
          '(approved,F-1,t)', 'its sender can read what became of it');
SELECT send('again.xml') AS again \gset
SELECT is(payments.invoice_file_receive(901, :'again', read_file('f 1', ref('o1'), 4)) ->> 'outcome', 'duplicate', 'the same number is not taken in twice');
SELECT send('broken.xml') AS broken \gset
SELECT is(payments.invoice_file_receive(901, :'broken', read_file('F-3', ref('o1'), 1) || '{"valid": false, "rules": [{"id": "BR-CO-15", "severity": "fatal", "message": "Make the total net and VAT", "path": "/Invoice", "line": 4}]}') ->> 'outcome',
          'rejected', 'a file against the rules is rejected');
SELECT is(report(:'broken') ->> 'sentence', 'Make the total net and VAT (BR-CO-15)', 'in the words of the rule');
SELECT is(report(:'broken') #>> '{findings,0,line}', '4', 'with the place in the document');
SELECT send('empty.xml') AS empty \gset
SELECT is(payments.invoice_file_receive(901, :'empty', '{"syntax": "ubl-invoice", "ruleset": "test", "valid": false, "rules": [{"id": "BR-02", "severity": "fatal", "message": "Give it a number"}], "model": {}}') ->> 'sentence',
          'Give it a number (BR-02)', 'one without a number is answered by the rule, too');
SELECT send('much.xml') AS much \gset
SELECT is(why(payments.invoice_file_receive(901, :'much', read_file('F-4', ref('o1'), 5))), 'DEL delivered, FIN covered, QTY ordered', 'more than was delivered is a question');
SELECT is(jsonb_array_length(report(:'much') -> 'questions'), 3, 'which the report carries');
SELECT be('finance902') \g /dev/null
SELECT is((SELECT count(*) FROM payments.invoice WHERE council_id = mc.council()), 0::bigint, 'another council has none of it');

-- ---- no provider fills the disk, or takes the turn of the others

CREATE FUNCTION public.waits() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM jobs.file WHERE council_id = 901 AND organisation_id = id('bright') AND state IN ('waiting', 'reading') $$;
SELECT be('provider') \g /dev/null
SELECT count(jobs.file_store(key('many' || n), 'invoice', 'many.xml', 'x')) FROM generate_series(1, 200 - waits()) AS n \g /dev/null
SELECT is(waits(), 200::bigint, 'two hundred files wait');
SELECT throws_ok($$ SELECT jobs.file_store(key('more'), 'invoice', 'more.xml', 'x') $$, 'MC429', NULL, 'one more is refused');
SELECT is(jobs.file_store(key('many1'), 'invoice', 'many.xml', 'x') ->> 'replayed', 'true', 'one of them sent again is found again');
SELECT be('provider2') \g /dev/null
SELECT is(jobs.file_store(key('more'), 'invoice', 'more.xml', 'x') ->> 'outcome', 'stored', 'another provider sends as ever');
UPDATE jobs.file SET state = 'done' WHERE name = 'many.xml' AND id = (SELECT max(id) FROM jobs.file WHERE name = 'many.xml');
SELECT be('provider') \g /dev/null
SELECT is(jobs.file_store(key('more'), 'invoice', 'more.xml', 'x') ->> 'outcome', 'stored', 'once one is read, the next can come');
UPDATE jobs.file SET created_at = now() - interval '2 days' WHERE name = 'many.xml';
SELECT is(jobs.file_store(key('later'), 'invoice', 'later.xml', 'x') ->> 'outcome', 'stored', 'what nobody read in a day keeps nobody out');
SELECT throws_ok($$ SELECT jobs.file_store(gen_random_uuid(), 'invoice', 'huge.xml', repeat('x', 9 << 20)::bytea) FROM generate_series(1, 12) $$, 'MC429', NULL, 'a hundred megabytes are enough as well');
SELECT be('finance') \g /dev/null
SELECT is(jobs.file_store(gen_random_uuid(), 'statement', 'month.xml', 'x') ->> 'outcome', 'stored', 'the bank''s are the council''s own');

-- ---- the form

SELECT is(payments.net_of(g, 20) + round(payments.net_of(g, 20) * 0.2)::bigint <= g, true, 'never more than was agreed: ' || g) FROM unnest(ARRAY[1, 2, 3, 1800, 1803, 99999]::bigint[]) g;
SELECT is(payments.net_of(1800, 20), 1500::bigint, '£18.00 with VAT is £15.00 without');
SELECT is(payments.net_of(1800, 0), 1800::bigint, 'without VAT nothing is taken off');
SELECT walked('o2', 3, 'amir') \g /dev/null
CREATE FUNCTION public.form(p_number text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('order', ref('o2'), 'from', current_date - 100, 'to', current_date, 'number', p_number) $$;
SELECT be('provider2') \g /dev/null
SELECT is(payments.invoice_form(key('f0'), form('W-0')) ->> 'outcome', 'nothing_to_bill', 'another provider finds nothing in this order');
SELECT be('provider') \g /dev/null
SELECT is(payments.invoice_form(key('f1'), form('W-1')) ->> 'outcome', 'approved', 'an invoice from the form is approved by itself');
SELECT is(payments.invoice_form(key('f1'), form('W-1')) ->> 'replayed', 'true', 'sent twice it is one invoice');
SELECT throws_ok(format('SELECT payments.invoice_form(key(%L), form(%L))', 'f1', 'W-2'), 'MC422', NULL, 'the same form with another number is refused');
SELECT is((SELECT (gross, tax, (SELECT count(*) FROM payments.invoice_line l WHERE l.invoice_id = i.id))::text FROM payments.invoice i WHERE number = 'W-1'), '(5400,0,3)', 'a line a visit, no tax for the unregistered');
SELECT is(payments.invoice_form(key('f2'), form('W-2')) ->> 'outcome', 'nothing_to_bill', 'nothing is billed twice');
-- ---- the file of an invoice that was written here
SELECT ref AS w1 FROM payments.invoice WHERE number = 'W-1' \gset
SELECT is((SELECT count(*) FROM jobs.outbox WHERE topic = 'invoice_written' AND payload->>'ref' = :'w1'), 1::bigint, 'jobs is asked to write it once');
SELECT payments.own_model(:'w1') AS model \gset
SELECT is((:'model'::jsonb #>> '{vat,0,category}', :'model'::jsonb #>> '{vat,0,reason_code}', :'model'::jsonb #> '{vat,0}' ? 'rate', :'model'::jsonb -> 'seller' ? 'vat_id')::text,
          '(O,VATEX-EU-O,f,f)', 'the unregistered are outside VAT: no rate, no VAT number');
SELECT is((:'model'::jsonb ->> 'due', jsonb_array_length(:'model'::jsonb -> 'lines'), :'model'::jsonb ->> 'order')::text, format('(54.00,3,%s)', ref('o2')), 'amounts, lines and order are the invoice''s');
SELECT isnt(payments.own_keep(:'w1', 'xml', '{"ruleset": "r-1", "xsd": "valid", "rules": []}'), NULL, 'the file is kept');
SELECT is(payments.own_keep(:'w1', 'xml', '{}'), NULL, 'once');
SELECT is((SELECT (i.ruleset, i.verdict->>'xsd', f.name, f.kind)::text FROM payments.invoice i JOIN jobs.file f ON f.ref = i.file_ref WHERE i.ref = :'w1'), '(r-1,valid,W-1.xml,invoice_copy)', 'with the rules and both verdicts');
CREATE FUNCTION public.vat_with(p_profile text, p_number text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v text;
BEGIN
  ALTER TABLE payments.provider_account DISABLE TRIGGER frozen;
  UPDATE payments.provider_account SET vat_profile = p_profile, vat_number = p_number WHERE state = 'verified';
  ALTER TABLE payments.provider_account ENABLE TRIGGER frozen;
  SELECT x.category || ' ' || x.rate INTO v FROM payments.vat_of(id('bright')) x;
  RETURN v;
END $$;
SAVEPOINT vat;
SELECT is(vat_with('exempt', 'GB123456789'), 'E 0', 'exempt and registered: E');
SELECT is(vat_with('exempt', NULL), 'O 0', 'exempt without any tax number: O, as E would break BR-E-02');
SELECT is(vat_with('standard', 'GB123456789'), 'S 20', 'taxed');
SELECT is(vat_with('mixed', 'GB123456789'), 'E 0', 'care of those with both kinds is exempt');
ROLLBACK TO vat;

SELECT be('rosa') \g /dev/null
SELECT throws_ok($$SELECT payments.invoice_form(key('f3'), form('W-3'))$$, 'MC403', NULL, 'only a provider bills');

-- ---- a week at once

SELECT be('amir') \g /dev/null
SELECT payments.order_place(gen_random_uuid(), walk(3, 'o_amir')) ->> 'ref' AS week_order \gset
SELECT be('provider') \g /dev/null
SELECT payments.order_accept(gen_random_uuid(), jsonb_build_object('order', :'week_order')) \g /dev/null
SELECT is(payments.visits_deliver(key('w0'), jsonb_build_object('from', current_date, 'to', current_date + 30)) ->> 'visits', '0', 'nothing that is still to come');
UPDATE payments.visit v SET planned_on = v.planned_on - 10 FROM payments.orders o WHERE o.council_id = v.council_id AND o.id = v.order_id AND o.ref = :'week_order';
CREATE FUNCTION public.week() RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('from', current_date - 14, 'to', current_date + 30) $$;
SELECT is(payments.visits_deliver(key('w1'), week()) ->> 'visits', '2', 'both visits whose time has come');
SELECT is(payments.visits_deliver(key('w1'), week()) ->> 'replayed', 'true', 'twice is once');
SELECT is((SELECT count(*) FROM payments.visit v JOIN payments.orders o ON o.id = v.order_id WHERE o.ref = :'week_order' AND v.state = 'planned'), 1::bigint, 'the third still waits');
SELECT be('rosa') \g /dev/null
SELECT throws_ok($$SELECT payments.visits_deliver(key('w2'), week())$$, 'MC403', NULL, 'only a provider says so');

-- ---- a listing

INSERT INTO catalogue.category (slug, name, about, picture, kind, is_regulated, rank) VALUES ('t-walks', 'Walks', 'Walking. Together.', 'walk', 'activity', false, 901), ('t-care', 'Personal care', 'Care. At home.', 'care', 'support', true, 902);
INSERT INTO catalogue.listing (ref, organisation_id, title, summary, category, unit, price, delivered) VALUES
  ('TEST-2222', id('bright'), 'A walk', 'With tea', 't-walks', 'hour', 1800, '{home}'), ('TEST-3333', id('bright'), 'Washing', 'At home', 't-care', 'hour', 2400, '{home}');
CREATE FUNCTION public.listing(p_ref text, p_price int, p_status text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('listing', p_ref, 'title', 'A long walk', 'summary', 'With cake', 'price', p_price, 'status', p_status) $$;
SELECT be('provider') \g /dev/null
SELECT is(catalogue.listing_save(key('l1'), listing('TEST-2222', 1900, 'published')) ->> 'outcome', 'saved', 'its provider publishes it');
SELECT is(catalogue.listing_save(key('l1'), listing('TEST-2222', 1900, 'published')) ->> 'replayed', 'true', 'twice is once');
SELECT throws_ok($$SELECT catalogue.listing_save(key('l1'), listing('TEST-2222', 2000, 'published'))$$, 'MC422', NULL, 'the same form with another price is refused');
SELECT is((SELECT (title, price, status)::text FROM catalogue.listing WHERE ref = 'TEST-2222'), '("A long walk",1900,published)', 'what was saved is stored');
SELECT is((SELECT (amount, detail ->> 'price_before')::text FROM audit.event WHERE verb = 'listing_save'), '(1900,1800)', 'the log has both prices');
SELECT is(catalogue.listing_save(key('l2'), listing('TEST-3333', 2400, 'published')) ->> 'outcome', 'gate', 'personal care without a registration is not published');
SELECT is((SELECT status FROM catalogue.listing WHERE ref = 'TEST-3333'), 'draft', 'and stays as it was');
SELECT is(catalogue.listing_save(key('l3'), listing('TEST-2222', 1900, 'closed')) ->> 'outcome', 'state', 'a provider publishes or pauses');
SELECT be('provider2') \g /dev/null
SELECT throws_ok($$SELECT catalogue.listing_save(key('l4'), listing('TEST-2222', 1, 'paused'))$$, 'MC404', NULL, 'another provider does not find it');
SELECT be('commissioner') \g /dev/null
SELECT throws_ok($$SELECT catalogue.listing_save(key('l5'), listing('TEST-2222', 1, 'paused'))$$, 'MC403', NULL, 'a commissioner does not change it');

-- ---- joining, by somebody who is not signed in

CREATE FUNCTION public.nobody() RETURNS void LANGUAGE sql AS $$
  SELECT set_config('mc.' || n, '', true) FROM unnest(ARRAY['council', 'account', 'hat', 'role', 'organisation', 'person', 'mandate']) n $$;
CREATE FUNCTION public.apply(p_key text, p_council text, p_name text DEFAULT 'Nell Fry') RETURNS jsonb LANGUAGE sql AS $$
  SELECT nobody();
  SELECT identity.application_send(key(p_key), jsonb_build_object('council', p_council, 'name', p_name, 'work', 'I mend bicycles', 'postcode', 'M33 2DS', 'price', 1500,
                                                                  'personal_care', false, 'checks', '["dbs"]'::jsonb, 'email', 'nell@town.example'), '192.0.2.7') $$;
SELECT t_hat_make('moderator', 901, 'moderator') \g /dev/null
SELECT is(apply('a1', 'exampleshire-test') ->> 'outcome', 'sent', 'a visitor applies');
SELECT is(apply('a1', 'exampleshire-test') ->> 'replayed', 'true', 'twice is one application');
SELECT throws_ok($$SELECT apply('a1', 'exampleshire-test', 'Nell Frye')$$, 'MC422', NULL, 'the same form with another name is refused');
SELECT throws_ok($$SELECT apply('a2', 'nowhere')$$, 'MC404', NULL, 'there must be such a council');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE topic = 'mail' AND payload ->> 'subject' LIKE 'Somebody wants to offer support%' AND (payload ->> 'to_account')::bigint = (SELECT account FROM t_hat WHERE name = 'moderator')), 1::bigint, 'the moderator is told once');
SELECT be('moderator') \g /dev/null
SET LOCAL ROLE mc_web;
SELECT is((SELECT count(*) FROM identity.application), 1::bigint, 'the moderator sees it');
RESET ROLE;
SELECT be('finance902') \g /dev/null
SET LOCAL ROLE mc_web;
SELECT is((SELECT count(*) FROM identity.application), 0::bigint, 'another council does not');
RESET ROLE;
SELECT apply('b' || n, 'exampleshire-test') FROM generate_series(1, 12) n \g /dev/null
SELECT is(apply('b99', 'exampleshire-test') ->> 'outcome', 'too_many', 'one address cannot flood the moderators');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE payload ->> 'to_email' = 'nell@town.example'), 3::bigint, 'nor one who never asked for it');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE payload ->> 'to_email' = 'nell@town.example' AND payload ->> 'body' LIKE '%Nell%'), 0::bigint, 'who is sent nothing that a stranger wrote');

-- ---- letting somebody help tells nobody who else has an account

CREATE FUNCTION public.help(p_email text) RETURNS text LANGUAGE sql AS $$
  SELECT identity.mandate_give(gen_random_uuid(), jsonb_build_object('email', p_email, 'rights', '["see"]'::jsonb)) ->> 'outcome' $$;
SELECT be('rosa') \g /dev/null
SELECT is(help('sister@town.example'), 'given', 'who has an account may help');
SELECT is(string_agg(help('try' || n || '@town.example'), ' '), 'no_account no_account no_account no_account no_account no_account no_account no_account no_account no_account',
          'ten addresses without one') FROM generate_series(1, 10) n;
SELECT is(help('sister@town.example'), 'too_many', 'then a pause, whoever is named');
SELECT be('amir') \g /dev/null
SELECT is(help('sister@town.example'), 'given', 'for nobody else');

-- ---- feedback belongs to nobody

SELECT be('rosa') \g /dev/null
SELECT identity.feedback_give(key('fb'), '{"page": "/orders/K7M2-4QXP", "useful": "true", "words": "Clear."}', '192.0.2.7'), identity.feedback_give(key('fb'), '{"page": "/orders/K7M2-4QXP", "useful": "true"}', '192.0.2.7') \g /dev/null
SELECT is((SELECT array_agg((council_id, page, is_useful, words)::text) FROM identity.feedback), ARRAY['(901,/orders/{ref},t,Clear.)'], 'stored once, without the reference');
SELECT is((SELECT count(*) FROM mc.idempotency WHERE key = key('fb')), 0::bigint, 'no record ties it to an account');
SELECT nobody() \g /dev/null
SELECT is(identity.feedback_give(key('fb2'), '{"page": "/events", "useful": "false"}', '192.0.2.7'), 'stored', 'a visitor may say it, too');
SELECT identity.feedback_give(gen_random_uuid(), '{"page": "/events", "useful": "false"}', '192.0.2.8') FROM generate_series(1, 30) \g /dev/null
SELECT is((SELECT count(*) FROM identity.feedback), 22::bigint, 'one address cannot flood it');
SELECT is(identity.feedback_give(key('fb3'), '{"page": "/events", "useful": "false"}', '192.0.2.8'), 'too_many', 'and is told so');
SELECT is(identity.throttle_forget(), 0, 'who is counted is not forgotten');
UPDATE identity.throttle SET window_from = now() - interval '6 minutes';
SELECT identity.throttle_forget() \g /dev/null
SELECT is((SELECT count(*) FROM identity.throttle), 0::bigint, 'and afterwards is');
SET LOCAL ROLE mc_web;
SELECT throws_ok('SELECT * FROM identity.feedback', '42501', NULL, 'workers cannot read it');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
