-- Where the story begins: requests that wait for an answer, one that was declined, and a sealed log.

-- The letters of the past were sent long ago.
UPDATE jobs.outbox SET done_at = now() WHERE done_at IS NULL;

SELECT set_config('mc.clock', (now() - interval '26 hours')::text, true);
SELECT pg_temp.act(1, 'holder', 'Edith Marlow');
SELECT pg_temp.answers(pg_temp.asks('On-call night', 1, '{}', 3, 1, 'Give Clara a rest', '22:00', 'Clara is away for a night.'), false, 'We have nobody free that night. The week after is possible.');
SELECT set_config('mc.clock', (now() - interval '5 hours')::text, true);
SELECT pg_temp.act(1, 'holder', 'George Whitlock');
SELECT pg_temp.asks('Handyman', 120, '{}', 6, 1, 'Stay in my own home', '10:00', 'A grab rail beside the bath, please.');
SELECT pg_temp.act(1, 'supporter', 'Mei Chen');
SELECT pg_temp.acting_for('Lily Chen');
SELECT pg_temp.asks('Travel training', 1, '{2}', 5, 4, 'Go to college by myself', '09:00', 'The number 7 bus, both ways.');
SELECT pg_temp.act(1, 'broker', 'Nadia Rahman');
SELECT pg_temp.acting_for('Tom Ashdown');
SELECT pg_temp.asks('Support to live your life', 60, '{4}', 4, 6, 'Get out of the house', '11:00');
SELECT pg_temp.act(1, 'holder', 'Rosa Marino');
SELECT pg_temp.asks('Help around the house', 60, '{1}', 7, 6, 'Wash and dress with dignity', '13:00', 'Please write, I do not hear the phone.');
SELECT pg_temp.act(2, 'holder', 'Saira Malik');
SELECT pg_temp.asks('Accessible lift', 2, '{6}', 5, 4, 'Care that fits my faith', '11:30');
-- Delroy goes to his sister's; his broker says so, and the lift does not come.
SELECT pg_temp.act(1, 'broker', 'Nadia Rahman');
SELECT pg_temp.acting_for('Delroy Grant');
SELECT pg_temp.got(payments.absence_start(gen_random_uuid(), jsonb_build_object('from', ledger.today() + 9, 'to', ledger.today() + 18, 'reason', 'holiday', 'words', 'At his sister''s in Leeds.')), 'away');
-- Margaret would like the studio with company: Edith comes too, Lily would rather not.
SELECT pg_temp.act(1, 'self_funder', 'Margaret Lowe');
SELECT pg_temp.got(payments.pool_start(gen_random_uuid(), jsonb_build_object('listing', l.ref, 'quantity', 1, 'weekdays', jsonb_build_array(extract(isodow FROM ledger.today() + 14)::int),
         'starts_on', ledger.today() + 14, 'starts_at', '14:00', 'weeks', 3, 'minimum', 2, 'most', 4, 'closes_on', ledger.today() + 9, 'note', 'Pottery, please. No need to have done it before.')), 'started')
  FROM catalogue.listing l WHERE l.title = 'Studio session';
CREATE FUNCTION pg_temp.invited() RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('invitation', invitation) FROM payments.pool WHERE council_id = mc.council() $$;
SELECT pg_temp.got(payments.pool_join(gen_random_uuid(), pg_temp.invited() || '{"shown": "first_name"}'), 'joined');
SELECT pg_temp.act(1, 'holder', 'Edith Marlow');
SELECT pg_temp.got(payments.pool_join(gen_random_uuid(), pg_temp.invited() || jsonb_build_object('shown', 'initials', 'outcome', (SELECT ref FROM payments.outcome WHERE council_id = mc.council() AND person_id = mc.person() AND title = 'Remember good days'))), 'joined');
SELECT pg_temp.act(1, 'supporter', 'Mei Chen');
SELECT pg_temp.acting_for('Lily Chen');
SELECT pg_temp.got(payments.pool_decline(gen_random_uuid(), pg_temp.invited()), 'declined');
SELECT set_config('mc.clock', '', true);

-- The log of the past is sealed before anybody can sign in.
SELECT pg_temp.act(1, 'operator', 'Tess Holloway');
SELECT audit.seal_next();
SELECT pg_temp.act(2, 'moderator', 'Beth Lawson');
SELECT audit.seal_next();
