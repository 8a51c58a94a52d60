-- Letters and other messages that wait: written as a set, to whom they are for, once; nothing that was done long ago is read again.
BEGIN;
SELECT plan(19);
INSERT INTO identity.council (id, slug, name, phone, email) VALUES (1, 'exampleshire', 'Exampleshire', '0', 'hello@town.example'), (2, 'otherton', 'Otherton', '0', 'hello@other.example');
INSERT INTO identity.organisation (ref, name, kind) VALUES ('ORGA-0001', 'One', 'agency'), ('ORGA-0002', 'Other', 'agency');
INSERT INTO identity.account (email, name) SELECT n || '@town.example', 'Reader ' || n FROM generate_series(1, 5000) AS n;
INSERT INTO identity.hat (council_id, account_id, role, organisation_id)
SELECT 1, a.id, 'provider', o.id FROM identity.account a JOIN identity.organisation o ON o.ref = CASE a.name WHEN 'Reader 7' THEN 'ORGA-0001' ELSE 'ORGA-0002' END;
INSERT INTO identity.hat (council_id, account_id, role, organisation_id)
SELECT 2, a.id, 'provider', o.id FROM identity.account a, identity.organisation o WHERE o.ref = 'ORGA-0001' AND a.name IN ('Reader 8', 'Reader 9');
INSERT INTO jobs.outbox (council_id, topic, payload, tries, done_at) SELECT 1, 'mail', '{}', 1, now() FROM generate_series(1, 20000);
ANALYZE identity.hat, identity.account, jobs.outbox;

CREATE TEMP TABLE letter (what text PRIMARY KEY, id bigint);
CREATE FUNCTION pg_temp.letter(p_what text, p_council int, p_payload jsonb, p_topic text DEFAULT 'mail') RETURNS bigint LANGUAGE sql AS $$
  WITH added AS (INSERT INTO jobs.outbox (council_id, topic, payload) VALUES (p_council, p_topic, p_payload || '{"subject": "s", "body": "b"}') RETURNING id)
  INSERT INTO letter SELECT p_what, id FROM added RETURNING id
$$;
SELECT pg_temp.letter('one in 1', 1, jsonb_build_object('to_organisation', id)), pg_temp.letter('one in 2', 2, jsonb_build_object('to_organisation', id))
  FROM identity.organisation WHERE ref = 'ORGA-0001' \g /dev/null
SELECT pg_temp.letter('account', 1, jsonb_build_object('to_account', id)) FROM identity.account WHERE name = 'Reader 70' \g /dev/null
SELECT pg_temp.letter('nobody''s council', NULL, '{"to_email": "new@town.example"}'), pg_temp.letter('to nobody', 1, '{"to_account": 0}'),
       pg_temp.letter('reconcile', 1, '{}', 'reconcile') \g /dev/null
INSERT INTO letter SELECT 'later', id FROM (SELECT pg_temp.letter('x', 1, '{"to_email": "later@town.example"}') AS id) x;
UPDATE jobs.outbox SET not_before = now() + interval '1 hour' WHERE id = (SELECT id FROM letter WHERE what = 'later');

SELECT pg_stat_get_xact_blocks_fetched('identity.hat'::regclass) AS hats, pg_stat_get_xact_blocks_fetched('jobs.outbox'::regclass) AS messages \gset
SELECT is(jobs.mail_write_due(100), 5, 'all letters that are due are written at once');
SELECT cmp_ok(pg_stat_get_xact_blocks_fetched('identity.hat'::regclass) - :hats, '<', 40::bigint, 'without reading the hats of people whom no letter is for');
SELECT cmp_ok(pg_stat_get_xact_blocks_fetched('jobs.outbox'::regclass) - :messages, '<', 60::bigint, 'nor the letters that were written before');
SELECT is(ARRAY(SELECT to_email FROM jobs.mail JOIN letter l ON l.id = outbox_id WHERE what = 'one in 1'), '{7@town.example}', 'an organisation''s letter goes to who wears its hat');
SELECT is(ARRAY(SELECT to_email FROM jobs.mail JOIN letter l ON l.id = outbox_id WHERE what = 'one in 2' ORDER BY 1), '{8@town.example,9@town.example}', 'in the council of the letter');
SELECT is(ARRAY(SELECT to_email FROM jobs.mail JOIN letter l ON l.id = outbox_id WHERE what = 'account'), '{70@town.example}', 'an account''s letter to the account');
SELECT is(ARRAY(SELECT council_id || to_email FROM jobs.mail JOIN letter l ON l.id = outbox_id WHERE what = 'nobody''s council'), '{NULL}', 'a letter of no council is written');
SELECT is((SELECT count(*) FROM jobs.mail JOIN letter l ON l.id = outbox_id WHERE what = 'to nobody'), 0::bigint, 'a letter to nobody has no e-mail');
SELECT is((SELECT array_agg(what ORDER BY what) FROM letter JOIN jobs.outbox USING (id) WHERE done_at IS NULL AND what <> 'x'), '{later,reconcile}', 'what is not due, or no letter, waits');
SELECT is(jobs.mail_write_due(100), 0, 'nothing is written twice');

SELECT pg_stat_get_xact_blocks_fetched('jobs.outbox'::regclass) AS messages \gset
SELECT is((SELECT array_agg(topic) FROM jobs.claim(20, false)), '{reconcile}', 'the message that is no letter is claimed');
SELECT cmp_ok(pg_stat_get_xact_blocks_fetched('jobs.outbox'::regclass) - :messages, '<', 60::bigint, 'without reading all that were ever sent');
SELECT is((SELECT count(*) FROM jobs.claim(20, true)), 0::bigint, 'and not again before its time');

-- One that cannot be written.
SELECT pg_temp.letter('good', 1, '{"to_email": "good@town.example"}'), pg_temp.letter('bad', 1, '{"to_account": "seven"}') \g /dev/null
SELECT throws_ok('SELECT jobs.mail_write_due(100)', '22P02', NULL, 'a letter that cannot be written stops all of them');
SELECT is((SELECT count(*) FROM jobs.outbox JOIN letter USING (id) WHERE what IN ('good', 'bad') AND done_at IS NULL AND tries = 0), 2::bigint, 'and nothing of them has happened');
SELECT is((SELECT count(*) FROM jobs.claim(20, false)), 0::bigint, 'fresh letters are not claimed unless that is asked for');
SELECT is((SELECT count(*) FROM jobs.claim(20, true)), 2::bigint, 'then they are, one by one');
SELECT is(jobs.mail_write(ARRAY[(SELECT id FROM letter WHERE what = 'good')]), 1, 'the good one is written');
SELECT is(jobs.mail_write_due(100), 0, 'the bad one holds up nobody any more');
SELECT * FROM finish();
ROLLBACK;
