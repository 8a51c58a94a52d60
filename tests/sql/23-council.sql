-- What officers and auditors do in the browser: a read statement's report, the nearest explanations, looking at a record, the proof of the log.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();

-- A run that was sent: one payment waits for the bank.
SELECT walked('o1', 4) \g /dev/null
SELECT receive(bill('INV-1', 'o1', 4)) \g /dev/null
SELECT pg_temp.as('finance', 'run_assemble', '{}')->>'ref' AS run \gset
SELECT is((SELECT count(*) FROM payments.run_candidates(NULL)), 0::bigint, 'what is in a run is no candidate for another');
SELECT pg_temp.as('finance', 'run_freeze', jsonb_build_object('run', :'run')), pg_temp.as('finance2', 'run_approve', jsonb_build_object('run', :'run')),
       pg_temp.as('finance', 'run_emit', jsonb_build_object('run', :'run')) \g /dev/null
SELECT reference AS reference, amount AS amount FROM payments.payment WHERE council_id = 901 \gset

-- The reader's JSON of a file becomes statements, and the file says what came of it.
SELECT be('finance');
SELECT jobs.file_store(gen_random_uuid(), 'statement', 's.xml', 'x')->>'ref' AS file \gset
CREATE FUNCTION pg_temp.read(p_entries jsonb, p_account text DEFAULT '20-00-01 55555555') RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('format', 'camt.053.001.08', 'statements', jsonb_build_array(jsonb_build_object('id', 'S1', 'account', p_account, 'currency', 'GBP',
    'entries', p_entries, 'opening', jsonb_build_object('amount', '1000.00', 'date', '2026-11-20'), 'closing', NULL, 'balance', 'undecided')))
$$;
SELECT sort_code || account_number AS account FROM payments.bank_account WHERE council_id = 901 ORDER BY id LIMIT 1 \gset
SELECT jsonb_build_array(
  jsonb_build_object('amount', payments.decimal(-:amount), 'booked', '2026-11-23', 'status', 'booked', 'bank_ref', 'A', 'remittance', '["BRIGHT MORNINGS"]'::jsonb, 'details', '[]'::jsonb),
  jsonb_build_object('amount', '-3.00', 'booked', '2026-11-23', 'status', 'booked', 'bank_ref', 'B', 'remittance', '["CHARGES"]'::jsonb, 'details', '[]'::jsonb)) AS entries \gset
SELECT is(public.file_read(:'file', pg_temp.read(:'entries', :'account'))->>'outcome', 'read', 'the reader''s JSON is what the import expects');
SELECT is(report#>>'{statements,0,fresh}', '2', 'the report says how many lines were new') FROM jobs.file WHERE council_id = 901 AND ref = :'file';
SELECT report#>>'{statements,0,ref}' AS statement FROM jobs.file WHERE council_id = 901 AND ref = :'file' \gset
SELECT jobs.file_finish(:'file', 'done', '{"reconciled": {"unmatched": 2}}', 0) \g /dev/null
SELECT is((report->>'outcome') || (report#>>'{reconciled,unmatched}'), 'read2', 'finishing the file adds to its report') FROM jobs.file WHERE council_id = 901 AND ref = :'file';
SELECT is(public.file_read(:'file', pg_temp.read(:'entries', :'account'))->>'replayed', 'true', 'the same file is imported once');
SELECT jobs.file_store(gen_random_uuid(), 'statement', 't.xml', 'y')->>'ref' AS other \gset
SELECT public.file_read(:'other', pg_temp.read('[]', '99999912345678')) \g /dev/null
SELECT is(report#>>'{statements,0,outcome}', 'unknown_account', 'an account that is not ours is said') FROM jobs.file WHERE council_id = 901 AND ref = :'other';
-- A file that names no account is of the one that was chosen for it; one that does is of its own, whatever was chosen.
SELECT ref AS bank, sort_code || account_number AS number FROM payments.bank_account WHERE council_id = 901 ORDER BY id LIMIT 1 \gset
SELECT jobs.file_store(gen_random_uuid(), 'statement', 'mute.csv', 'm')->>'ref' AS mute, jobs.file_store(gen_random_uuid(), 'statement', 'mute.csv', 'm', :'bank')->>'ref' AS told,
       jobs.file_store(gen_random_uuid(), 'statement', 'other.csv', 'o', :'bank')->>'ref' AS both \gset
SELECT is(public.file_read(:'mute', pg_temp.read('[]', NULL))#>>'{statements,0,outcome}', 'no_account', 'no account and none chosen: asked for');
SELECT is(public.file_read(:'told', pg_temp.read('[]', NULL))#>>'{statements,0,account}', :'bank', 'the account that was chosen');
SELECT is(public.file_read(:'both', pg_temp.read('[]', '99999912345678'))#>>'{statements,0,outcome}', 'unknown_account', 'the choice does not overrule the file');
SELECT throws_ok($$ SELECT jobs.file_store(gen_random_uuid(), 'statement', 'x', 'x', 'NOTOURS') $$, '23503', NULL, 'an account that is not the council''s cannot be chosen');

-- The stored explanations: one that fits can be pressed, one of several payments is taken whole or not at all.
SELECT matched(jsonb_build_array(
  jsonb_build_object('amount', payments.decimal(-:amount), 'class', 'propose', 'rule', 'R7', 'allocations', jsonb_build_array(jsonb_build_object('item', 'payment:' || :'reference', 'amount', payments.decimal(-:amount))),
    'candidates', jsonb_build_array(jsonb_build_object('item', 'payment:' || :'reference', 'score', 60, 'why', 'The same name and the same amount.'), jsonb_build_object('item', 'payment:MC22222222', 'score', 9, 'why', 'The same amount.'))),
  jsonb_build_object('amount', '-3.00', 'class', 'propose', 'rule', 'R8', 'allocations', jsonb_build_array(jsonb_build_object('item', 'payment:' || :'reference', 'amount', '-2.00'),
    jsonb_build_object('item', 'payment:MC22222222', 'amount', '-1.00'))))) \g /dev/null
SELECT results_eq(format('SELECT kind, reference, fits, why FROM payments.entry_explanations(%L)', :'statement'),
                  format('VALUES (''payment'', %L, true, ''As the test says.''), (''payment'', ''MC22222222'', false, ''The same amount.''), (''several'', %1$L || '', MC22222222'', false, ''As the test says.'')', :'reference'),
                  'each is shown once, the proposal first; only what the books would take fits');
SELECT e.ref AS line, (SELECT p.ref FROM payments.bank_proposal p WHERE p.entry_id = e.id AND p.place = 1) AS explanation FROM payments.bank_entry e WHERE e.council_id = 901 AND e.amount = -:amount \gset
SELECT e.ref AS other_line, (SELECT p.ref FROM payments.bank_proposal p WHERE p.entry_id = e.id AND p.place = 1) AS sum FROM payments.bank_entry e WHERE e.council_id = 901 AND e.amount = -300 \gset
SELECT is(pg_temp.as('finance', 'entry_match', jsonb_build_object('entry', :'other_line', 'explanation', :'sum', 'note', 'chosen'))->>'outcome', 'not_expected', 'a sum that does not fit');
SELECT is((SELECT allocated FROM payments.bank_entry WHERE ref = :'other_line'), 0::bigint, 'places nothing at all');
SELECT is(pg_temp.as('finance', 'entry_match', jsonb_build_object('entry', :'line', 'explanation', 'gone', 'note', 'chosen'))->>'outcome', 'not_expected', 'an explanation that is gone places nothing');
SELECT is(pg_temp.as('finance', 'entry_match', jsonb_build_object('entry', :'line', 'explanation', :'explanation', 'note', 'Chosen.'))->>'outcome', 'matched', 'one press settles it');
SELECT is((SELECT payments.evidence_words(evidence) FROM payments.bank_allocation WHERE rule = 'hand'), 'As the test says. Chosen.', 'the decision keeps why');
SELECT is(payments.evidence_words('{"note": "Reference and amount.", "engine": "1", "rule": "R2", "matched_on": [{"field": "remittance", "ours": "MCA", "theirs": "mc a", "normalisation": "x"}, {"field": "return_reason", "ours": null, "theirs": "AC04"}]}'),
          'Reference and amount. MCA found in the text as mc a; return reason AC04.', 'evidence in words');
SELECT be('commissioner');
SELECT is((SELECT count(*) FROM payments.entry_explanations(:'statement')), 0::bigint, 'a commissioner sees no bank lines');
SELECT be('finance902');
SELECT is((SELECT count(*) FROM payments.entry_explanations(:'statement')), 0::bigint, 'nor does another council');

-- Looking is recorded, once a day, and only for people of this council.
SELECT be('auditor');
SELECT is((SELECT name FROM audit.look_at('TPER-0001')), 'Rosa Quill', 'an officer opens a record');
SELECT name FROM audit.look_at('TPER-0001') \g /dev/null
SELECT is((SELECT count(*) FROM audit.look WHERE council_id = 901 AND person_id = id('rosa')), 1::bigint, 'the look is recorded once a day');
SELECT throws_ok('SELECT * FROM audit.look_at(''TPER-0004'')', 'MC404', NULL, 'a person of another council is not there');
SELECT be('provider');
SELECT throws_ok('SELECT * FROM audit.look_at(''TPER-0001'')', 'MC403', NULL, 'a provider opens no record');

-- The web's own role proves the log of its council and no other.
SELECT set_config('mc.council', '902', true), mc.audit('signed_in', 'session', 'x'), audit.seal_next() \g /dev/null
SELECT be('auditor');
SELECT audit.seal_next() \g /dev/null
-- Sealing takes what waits off the queue, whatever its number, and nothing else.
SELECT is((SELECT count(*) FROM audit.unsealed WHERE council_id = 901), 0::bigint, 'nothing waits after the sealing');
INSERT INTO audit.event (council_id, id, verb, kind, ref) OVERRIDING SYSTEM VALUE VALUES (901, -7, 'signed_in', 'session', 'committed late');
SELECT is((SELECT string_agg(kind || ' ' || id, ',') FROM audit.unsealed WHERE council_id = 901), 'event -7', 'an event waits from the moment it is written');
SELECT is(audit.seal_next(), 1, 'a number below the sealed ones is sealed as well');
SELECT is(audit.seal_next(), 0, 'and once');
INSERT INTO audit.event (council_id, verb, kind, ref, detail) SELECT mc.council(), 'seen', 'page', n::text, '{}' FROM generate_series(1, 10001) AS n;
SELECT is(ARRAY[audit.seal_next(), audit.seal_next(), audit.seal_next()], ARRAY[10000, 1, 0], 'at most 10,000 a block, the rest in the next');
ALTER TABLE audit.event DISABLE TRIGGER queue_unsealed;
INSERT INTO audit.event (council_id, id, at, verb, kind, ref) OVERRIDING SYSTEM VALUE VALUES (901, -8, now() - interval '2 hours', 'signed_in', 'session', 'slipped in');
ALTER TABLE audit.event ENABLE TRIGGER queue_unsealed;
SELECT is(audit.seal_next(), 0, 'what was slipped in past the triggers is never sealed');
SELECT is((SELECT detail FROM audit.verify_events() WHERE object = 'council 901 event -8'), 'has waited over an hour to be sealed', 'and is found');
ALTER TABLE audit.event DISABLE TRIGGER ALL;
DELETE FROM audit.event WHERE id = -8;
ALTER TABLE audit.event ENABLE TRIGGER ALL;
ALTER TABLE audit.event DISABLE TRIGGER ALL;
UPDATE audit.event SET amount = 1 WHERE council_id = 902;
ALTER TABLE audit.event ENABLE TRIGGER ALL;
SET LOCAL ROLE mc_web;
SELECT is((SELECT count(*) FROM audit.verify()), 0::bigint, 'this council''s log is whole');
SELECT set_config('mc.council', '902', true) \g /dev/null
SELECT isnt((SELECT count(*) FROM audit.verify()), 0::bigint, 'the changed event of the other council is found there');
RESET ROLE;

-- The look of the night: once a night, at once where nobody has looked, kept with what it found.
SELECT be('auditor');
SET LOCAL ROLE mc_jobs;
SELECT is(audit.check_log_due(), 0, 'the first look is due at once, and this council''s log is whole');
RESET ROLE;
SELECT results_eq('SELECT c.block, c.events, c.journals, c.findings, c.first_found FROM audit.log_check c WHERE council_id = 901',
                  'SELECT max(block), sum(events)::bigint, sum(journals)::bigint, 0, ''[]''::jsonb FROM audit.seal WHERE council_id = 901', 'it counts what is sealed');
SELECT is(audit.check_log_due(), 0, 'once a night');
SELECT is((SELECT count(*) FROM audit.log_check WHERE council_id = 901), 1::bigint, 'no second look');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE payload ->> 'subject' = 'The audit log is not whole'), 0::bigint, 'nobody is told of a log that is whole');
UPDATE mc.installation SET is_demo = true;
SELECT set_config('mc.clock', (now() + interval '1 day')::text, true) \g /dev/null
ALTER TABLE audit.event DISABLE TRIGGER ALL;
UPDATE audit.event SET amount = coalesce(amount, 0) + 1 WHERE council_id = 901 AND id = (SELECT min(event_id) FROM audit.sealed_event WHERE council_id = 901);
ALTER TABLE audit.event ENABLE TRIGGER ALL;
SELECT is(audit.check_log_due(), 1, 'the next night finds what was changed since');
SELECT is((SELECT first_found -> 0 ->> 'detail' FROM audit.log_check WHERE council_id = 901 ORDER BY id DESC LIMIT 1), 'was changed after it was sealed', 'and keeps what it found');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE payload ->> 'subject' = 'The audit log is not whole' AND (payload ->> 'to_account')::bigint = (SELECT account_id FROM identity.hat WHERE council_id = 901 AND role = 'auditor' AND ended_at IS NULL)),
          1::bigint, 'the auditor is told');
SELECT is(audit.check_log_due(), 1, 'what was found stands until the next look');
SELECT throws_ok('UPDATE audit.log_check SET findings = 0', NULL, NULL, 'a look cannot be changed');
SET LOCAL ROLE mc_web;
SELECT is((SELECT count(*) FROM audit.log_check), 2::bigint, 'the web''s role reads the looks of its own council');
SELECT throws_ok('SELECT audit.check_log()', '42501', NULL, 'and makes none');
SELECT set_config('mc.council', '902', true) \g /dev/null
SELECT is((SELECT count(*) FROM audit.log_check), 0::bigint, 'nor sees those of another');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
