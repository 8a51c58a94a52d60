-- Reviews: who may write one and when, what everybody reads and what nobody does, the answer, the report, the decision.
BEGIN;
\ir fixture.psql
SELECT no_plan();
CREATE FUNCTION k(p text) RETURNS uuid LANGUAGE sql AS $$ SELECT ledger.key(p) $$;
INSERT INTO catalogue.listing (id, organisation_id, title, summary, category, unit, price, delivered, status, published_at) OVERRIDING SYSTEM VALUE
VALUES (1, id('bright'), 'Company on a walk', 'A walk', (SELECT min(slug) FROM catalogue.category WHERE NOT is_regulated), 'hour', 2000, '{home}', 'published', now());
SELECT ref AS listing FROM catalogue.listing WHERE id = 1 \gset
SELECT public.t_hat_make('moderator', 901, 'moderator'), public.t_hat_make('moderator902', 902, 'moderator'), public.t_hat_make('safeguarding902', 902, 'safeguarding'),
       public.t_hat_make('provider902', 902, 'provider', 'bright') \g /dev/null

-- Orders of Rosa (self or through her sister), each with two visits, of which the first is moved into the past.
CREATE FUNCTION an_order(p_key text, p_hat text DEFAULT 'rosa', p_outcome text DEFAULT 'o_rosa') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_ref text;
BEGIN
  PERFORM be(p_hat);
  v_ref := payments.order_place(k('order ' || p_key), walk(2, p_outcome)) ->> 'ref';
  PERFORM be('provider'), payments.order_accept(k('accept ' || p_key), jsonb_build_object('order', v_ref));
  UPDATE payments.visit v SET planned_on = planned_on - 30 FROM payments.orders o WHERE o.id = v.order_id AND o.ref = v_ref AND v.planned_on = ledger.today() + 1;
  PERFORM be(p_hat);
  RETURN v_ref;
END $$;
CREATE FUNCTION delivers(p_order text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_visit text := (SELECT v.ref FROM payments.visit v JOIN payments.orders o ON o.id = v.order_id WHERE o.ref = p_order ORDER BY v.planned_on LIMIT 1);
BEGIN
  PERFORM be('provider'), payments.visit_deliver(k('deliver ' || p_order), jsonb_build_object('visit', v_visit, 'outcome', 'delivered'));
  RETURN v_visit;
END $$;
CREATE FUNCTION says(p_key text, p_order text, p_more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
  SELECT payments.review_write(k(p_key), '{"on_time": "yes", "was_kind": "partly", "words": " They were late, once. "}'::jsonb || p_more || jsonb_build_object('order', p_order)) ->> 'outcome'
$$;
CREATE FUNCTION shown(p_ref text) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws('|', on_time, as_agreed, was_kind, use_again, words, written_by, reply) FROM catalogue.review_shown WHERE ref = p_ref
$$;
CREATE FUNCTION events(p_ref text) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(verb, ' ' ORDER BY id) FROM audit.event WHERE kind = 'review' AND ref = p_ref $$;

-- Only of what was delivered, once an order
SELECT an_order('one') AS o1 \gset
SELECT is(says('early', :'o1'), 'not_delivered', 'nothing is said of what was not delivered');
SELECT delivers(:'o1') AS v1 \gset
SELECT be('rosa'), payments.visit_query(k('question'), jsonb_build_object('visit', :'v1', 'reason', 'Nobody came.')) \g /dev/null
SELECT is(says('questioned', :'o1'), 'not_delivered', 'nor of a visit that is in question');
SELECT payments.visit_confirm(k('settled'), jsonb_build_object('visit', :'v1')) \g /dev/null
SELECT is(says('nothing', :'o1', '{"on_time": null, "was_kind": null}'), 'nothing_said', 'words alone are no answer');
SELECT is(says('first', :'o1'), 'written', 'of a delivered order the person says how it was');
SELECT is(says('first', :'o1'), 'written', 'the same form twice is one review');
SELECT ref AS r1 FROM catalogue.review \gset
SELECT is(shown(:'r1'), 'yes|partly|person', 'the answers count at once, what cannot be said is left out; the words wait');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE payload ->> 'subject' = 'A review waits to be read'), (SELECT count(*) FROM identity.hat WHERE council_id = 901 AND role = 'moderator' AND ended_at IS NULL), 'the moderators are told');
UPDATE catalogue.review SET words_checked = true;
SELECT is(shown(:'r1'), 'yes|partly|They were late, once.|person', 'what was read everybody reads');
SELECT is(says('second', :'o1', '{"words": "Always on time."}'), 'changed', 'another form changes it');
SELECT is((SELECT count(*) FROM catalogue.review), 1::bigint, 'an order has one review');
SELECT is(shown(:'r1'), 'yes|partly|person', 'new words wait again');
UPDATE catalogue.review SET words_checked = true;
SELECT is(shown(:'r1'), 'yes|partly|Always on time.|person', 'the change is what everybody reads');
SELECT is((SELECT is_changed FROM catalogue.review_shown), true, 'and that it was changed');
SELECT throws_ok($$ INSERT INTO catalogue.review (council_id, ref, order_id, person_id, organisation_id, listing_id, on_time, written_by, account_id)
  SELECT council_id, 'XXXX-XXXX', order_id, person_id, organisation_id, listing_id, 'yes', 'person', account_id FROM catalogue.review $$, '23505', NULL, 'the table holds no second one of an order');
SELECT be('amir') \g /dev/null
SELECT throws_ok(format('SELECT says(%L, %L)', 'amir', :'o1'), 'MC404', NULL, 'another person''s order does not exist');
SELECT be('provider') \g /dev/null
SELECT throws_ok(format('SELECT says(%L, %L)', 'provider', :'o1'), 'MC403', NULL, 'a provider writes none');
SELECT be('olu') \g /dev/null
SELECT throws_ok(format('SELECT says(%L, %L)', 'olu', :'o1'), 'MC404', NULL, 'nor does another council''s person');

-- Somebody with the right, visibly on their behalf
SELECT be('sister'), for_('rosa', 'm_sister') \g /dev/null
SELECT is(says('sister', :'o1'), 'mandate_no_right', 'a helper needs the right');
SELECT is(payments.may_rate(), false, 'and knows before');
SELECT is(payments.review_withdraw(k('sister away'), jsonb_build_object('order', :'o1')) ->> 'outcome', 'mandate_no_right', 'for taking away too');
INSERT INTO identity.mandate (council_id, ref, person_id, account_id, rights, basis, evidence, starts_on)
SELECT 901, 'TMAN-0009', id('rosa'), account, '{see,rate}', 'consent', 'form', current_date FROM t_hat WHERE name = 'sister';
SELECT is(payments.may_rate(), true, 'of two mandates the one that gives it counts');
SELECT is(says('sister may', :'o1', '{"words": "She is happy."}'), 'changed', 'with the right she writes');
UPDATE catalogue.review SET words_checked = true;
SELECT is(shown(:'r1'), 'yes|partly|She is happy.|helper', 'everybody reads that a helper did');
SELECT is((SELECT m.ref FROM audit.event e JOIN identity.mandate m ON m.id = e.mandate_id WHERE e.verb = 'review_changed' ORDER BY e.id DESC LIMIT 1), 'TMAN-0009', 'the log says under which mandate');
UPDATE identity.mandate SET revoked_at = now() WHERE ref = 'TMAN-0009';
SELECT be('sister'), for_('rosa', 'm_sister') \g /dev/null
SELECT is(says('sister late', :'o1'), 'mandate_no_right', 'what was revoked gives nothing');
SELECT an_order('related') AS o2 \gset
SELECT delivers(:'o2') \g /dev/null
INSERT INTO identity.hat (council_id, account_id, role, organisation_id) SELECT 901, account, 'provider', id('bright') FROM t_hat WHERE name = 'rosa';
SELECT be('rosa') \g /dev/null
SELECT is(says('related', :'o2'), 'related_party', 'nobody reviews their own organisation');
UPDATE identity.hat SET council_id = 902 WHERE role = 'provider' AND account_id = (SELECT account FROM t_hat WHERE name = 'rosa');
UPDATE identity.account SET councils = '{901,902}' WHERE id = (SELECT account FROM t_hat WHERE name = 'rosa');
SELECT is(says('related elsewhere', :'o2'), 'related_party', 'be it for another council that they work there');
DELETE FROM identity.hat WHERE role = 'provider' AND account_id = (SELECT account FROM t_hat WHERE name = 'rosa');

-- The provider's answer
SELECT be('provider2') \g /dev/null
SELECT throws_ok(format('SELECT catalogue.review_answer(k(%L), %L)', 'a0', jsonb_build_object('review', :'r1', 'reply', 'x')), 'MC404', NULL, 'another provider''s review does not exist');
SELECT be('provider902') \g /dev/null
SELECT throws_ok(format('SELECT catalogue.review_answer(k(%L), %L)', 'a1', jsonb_build_object('review', :'r1', 'reply', 'x')), 'MC404', NULL, 'nor does it in another council');
SELECT be('rosa') \g /dev/null
SELECT throws_ok(format('SELECT catalogue.review_answer(k(%L), %L)', 'a2', jsonb_build_object('review', :'r1', 'reply', 'x')), 'MC403', NULL, 'people do not answer');
SELECT be('provider') \g /dev/null
SELECT is(catalogue.review_answer(k('a3'), jsonb_build_object('review', :'r1', 'reply', ' Thank you. ')) ->> 'outcome', 'answered', 'the provider answers');
SELECT is(shown(:'r1'), 'yes|partly|She is happy.|helper|Thank you.', 'everybody reads the answer');
SELECT is(catalogue.review_answer(k('a4'), jsonb_build_object('review', :'r1', 'reply', 'Thank you very much.')) ->> 'outcome', 'answered', 'and changes it');
SELECT is(shown(:'r1'), 'yes|partly|She is happy.|helper|Thank you very much.', 'one answer, the later one');

-- Reported, hidden, shown again
SELECT catalogue.review_report(k('rep'), jsonb_build_object('review', :'r1', 'reason', 'untrue', 'words', 'I was there.'), 'somewhere') \g /dev/null
SELECT be('provider'), catalogue.review_report(k('rep'), jsonb_build_object('review', :'r1', 'reason', 'untrue', 'words', 'I was there.'), 'somewhere') \g /dev/null
SELECT be('moderator') \g /dev/null
SELECT is((SELECT count(*) FROM catalogue.review_report), 1::bigint, 'the same report twice is one');
SELECT is((SELECT concat_ws('|', account_id, hat_id, role, person_id, mandate_id, detail) FROM audit.event WHERE verb = 'review_reported'), '{"reason": "untrue"}', 'and nobody is stored with it');
SELECT is((SELECT count(*) FROM mc.idempotency WHERE verb LIKE '%report%'), 0::bigint, 'not with its key either');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE payload ->> 'subject' LIKE 'Somebody reported a review%'), 1::bigint, 'the moderator is told');
SELECT catalogue.review_report(k('rep2'), jsonb_build_object('review', :'r1', 'reason', 'unkind'), 'somewhere') \g /dev/null
SELECT is((SELECT count(*) FROM jobs.outbox WHERE payload ->> 'subject' LIKE 'Somebody reported a review%'), 1::bigint, 'once, until it is decided');
SELECT is((SELECT string_agg(catalogue.review_report(gen_random_uuid(), jsonb_build_object('review', :'r1', 'reason', 'unkind'), 'flood') ->> 'outcome', ' ') FROM generate_series(1, 11)),
  repeat('reported ', 10) || 'too_many', 'nobody floods the moderator');
SELECT throws_ok($$ SELECT catalogue.review_report(k('rep3'), '{"review": "ZZZZ-ZZZ2", "reason": "unkind"}', 'somewhere') $$, 'MC404', NULL, 'what is not shown cannot be reported');
SELECT be('provider') \g /dev/null
SELECT throws_ok(format('SELECT catalogue.review_hide(k(%L), %L)', 'h0', jsonb_build_object('review', :'r1', 'reason', 'unkind')), 'MC403', NULL, 'a provider hides nothing');
SELECT be('moderator902') \g /dev/null
SELECT throws_ok(format('SELECT catalogue.review_hide(k(%L), %L)', 'h1', jsonb_build_object('review', :'r1', 'reason', 'unkind')), 'MC404', NULL, 'nor does another council''s moderator');
SELECT be('moderator') \g /dev/null
SELECT is(catalogue.review_reports_open((SELECT id FROM catalogue.review WHERE ref = :'r1')), 12, 'the reports wait');
SELECT throws_ok(format('SELECT catalogue.review_hide(k(%L), %L)', 'h2', jsonb_build_object('review', :'r1')), '23514', NULL, 'it is not hidden without a reason');
SELECT is(catalogue.review_hide(k('h3'), jsonb_build_object('review', :'r1', 'reason', 'untrue', 'note', 'The visits were on time.')) ->> 'outcome', 'hidden', 'the moderator hides it');
SELECT is(shown(:'r1'), NULL, 'nobody reads it any more');
SELECT is(catalogue.review_reports_open((SELECT id FROM catalogue.review WHERE ref = :'r1')), 0, 'the reports are answered');
SELECT is((SELECT detail FROM audit.event WHERE verb = 'review_hidden'), '{"reason": "untrue"}', 'the reason is in the log');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE payload ->> 'subject' = 'Your review is not shown any more' AND (payload ->> 'to_person')::bigint = id('rosa')), 1::bigint, 'the person is told');
SELECT be('provider') \g /dev/null
SELECT throws_ok(format('SELECT catalogue.review_answer(k(%L), %L)', 'a5', jsonb_build_object('review', :'r1', 'reply', 'x')), 'MC404', NULL, 'what is hidden is not answered');
SELECT be('rosa') \g /dev/null
SELECT is(says('hidden', :'o1', '{"words": "Mostly on time."}'), 'changed', 'the person may still change it');
SELECT is(shown(:'r1'), NULL, 'and it stays hidden');
SELECT be('moderator') \g /dev/null
SELECT is(catalogue.review_hide(k('h4'), jsonb_build_object('review', :'r1', 'reason', 'untrue')) ->> 'outcome', 'hidden', 'it may be hidden again, whatever it says by now');
SELECT is((SELECT words_checked FROM catalogue.review WHERE ref = :'r1'), false, 'which reads nothing');
INSERT INTO identity.hat (council_id, account_id, role, organisation_id) SELECT 901, account, 'provider', id('bright') FROM t_hat WHERE name = 'moderator';
SELECT throws_ok(format('SELECT catalogue.review_%s(k(%L), %L)', verb, 'own' || verb, jsonb_build_object('review', :'r1', 'reason', 'untrue', 'read', md5('Mostly on time.'))), 'MC403', NULL,
  'a moderator decides nothing about where they work: ' || verb) FROM unnest(ARRAY['hide', 'show']) AS verb;
DELETE FROM identity.hat WHERE role = 'provider' AND account_id = (SELECT account FROM t_hat WHERE name = 'moderator');
UPDATE catalogue.review SET account_id = (SELECT account FROM t_hat WHERE name = 'moderator') WHERE ref = :'r1';
SELECT throws_ok(format('SELECT catalogue.review_show(k(%L), %L)', 'ownwords', jsonb_build_object('review', :'r1', 'read', md5('Mostly on time.'))), 'MC403', NULL, 'nor about what they wrote');
UPDATE catalogue.review SET account_id = (SELECT account FROM t_hat WHERE name = 'rosa') WHERE ref = :'r1';
SELECT is(catalogue.review_show(k('s'), jsonb_build_object('review', :'r1')) ->> 'outcome', 'changed', 'nothing is shown by somebody who does not say what they read');
SELECT is(catalogue.review_show(k('s0'), jsonb_build_object('review', :'r1', 'read', md5('Always late.'))) ->> 'outcome', 'changed', 'words that changed since they were read are not shown unread');
SELECT is(shown(:'r1'), NULL, 'and nothing has happened');
SELECT is(catalogue.review_show(k('s1'), jsonb_build_object('review', :'r1', 'read', md5('Mostly on time.'))) ->> 'outcome', 'shown', 'until the moderator shows it again');
SELECT is(shown(:'r1'), 'yes|partly|Mostly on time.|person|Thank you very much.', 'with its answer');
SELECT is((SELECT string_agg(verb, ' ' ORDER BY id) FROM catalogue.review_decision), 'hide hide show', 'every decision is kept');
SELECT throws_ok($$ UPDATE catalogue.review_decision SET note = 'x' $$, 'MC409', NULL, 'and is not changed');

-- Who wrote it
SELECT is((SELECT count(*) FROM catalogue.review_writer(:'r1')), 0::bigint, 'the moderator does not know who wrote it');
SELECT be('provider') \g /dev/null
SELECT is((SELECT count(*) FROM catalogue.review_writer(:'r1')), 0::bigint, 'nor does the provider');
SELECT be('finance') \g /dev/null
SELECT is((SELECT count(*) FROM catalogue.review_writer(:'r1')), 0::bigint, 'nor finance');
SELECT be('safeguarding902') \g /dev/null
SELECT is((SELECT count(*) FROM catalogue.review_writer(:'r1')), 0::bigint, 'nor another council');
SELECT be('safeguarding') \g /dev/null
SELECT is((SELECT person_name FROM catalogue.review_writer(:'r1')), 'Rosa Quill', 'the safeguarding lead does');
SELECT is((SELECT count(*) FROM audit.look WHERE person_id = id('rosa') AND account_id = (SELECT account FROM t_hat WHERE name = 'safeguarding')), 1::bigint, 'and the person sees that they looked');
SELECT columns_are('catalogue', 'review_shown', ARRAY['id', 'ref', 'council_id', 'organisation_id', 'listing_id', 'on_time', 'as_agreed', 'was_kind', 'use_again', 'words', 'written_by',
  'written_in', 'is_changed', 'reply', 'replied_in'], 'what everybody reads has no person, account, order or day in it');
SELECT is(has_column_privilege('mc_web', 'catalogue.review_shown', 'council_id', 'SELECT'), false, 'and the web does not read whose council it is');
SELECT set_config('mc.council', '902', true) \g /dev/null
SET LOCAL SESSION AUTHORIZATION mc_web;
SELECT is((SELECT count(*) FROM catalogue.review), 0::bigint, 'another council sees no review with its writer');
SELECT is((SELECT count(*) FROM catalogue.review_decision) + (SELECT count(*) FROM catalogue.review_report), 0::bigint, 'no decision and no report');
SELECT is((SELECT count(*) FROM catalogue.reviews_of(:'listing', 20, 0)), 1::bigint, 'but what everybody reads');
RESET SESSION AUTHORIZATION;

-- Figures
SELECT results_eq(format('SELECT place, reviews, answers, yes FROM catalogue.review_figures(%L) ORDER BY place', :'listing'),
  $$ VALUES (1, 1::bigint, 1::bigint, NULL::bigint), (2, 1, 0, NULL), (3, 1, 1, NULL), (4, 1, 0, NULL) $$, 'fewer than three answers give no figure');
SELECT be('rosa') \g /dev/null
SELECT is(says('o2', :'o2', '{"as_agreed": "yes", "use_again": "no"}'), 'written', 'a second review');
SELECT an_order('three') AS o3 \gset
SELECT delivers(:'o3') \g /dev/null
SELECT be('rosa') \g /dev/null
SELECT is(says('o3', :'o3', '{"on_time": "no", "as_agreed": "yes", "use_again": "yes"}'), 'written', 'and a third');
SELECT results_eq(format('SELECT place, reviews, answers, yes, partly, no, at_least FROM catalogue.review_figures(%L) ORDER BY place', :'listing'),
  $$ VALUES (1, 3::bigint, 3::bigint, 2::bigint, 0::bigint, 1::bigint, 20), (2, 3, 2, NULL, NULL, NULL, NULL), (3, 3, 3, 0, 3, 0, 0), (4, 3, 2, NULL, NULL, NULL, NULL) $$,
  'each figure has its own number of answers');
SELECT results_eq(format('SELECT place, answers FROM catalogue.review_figures(%L) ORDER BY place', ref('bright')), $$ VALUES (1, 3::bigint), (2, 2), (3, 3), (4, 2) $$, 'of the organisation as well');
-- 3 of 3: 9/(9 + 3 z²)…; the values are those of published tables of the interval.
SELECT results_eq('SELECT catalogue.share_at_least(y, n) FROM (VALUES (1, 3::bigint, 3::bigint), (2, 8, 10), (3, 0, 5), (4, 81, 263), (5, 100, 100)) AS t (place, y, n) ORDER BY place',
  'VALUES (43), (49), (0), (25), (96)', 'the lower end of the interval, which grows with the number of answers');

-- The limit, and taking away
UPDATE catalogue.review SET written_at = now() - interval '29 days' WHERE ref = :'r1';
SELECT is(says('day 29', :'o1'), 'changed', 'within thirty days it may be changed');
UPDATE catalogue.review SET written_at = now() - interval '32 days' WHERE ref = :'r1';
SELECT is(says('day 32', :'o1'), 'too_late', 'later it stands');
SELECT is(payments.review_withdraw(k('away'), jsonb_build_object('order', :'o1')) ->> 'outcome', 'withdrawn', 'but it may be taken away at any time');
SELECT is(payments.review_withdraw(k('away'), jsonb_build_object('order', :'o1')) ->> 'replayed', 'true', 'once');
SELECT throws_ok(format('SELECT payments.review_withdraw(k(%L), %L)', 'away again', jsonb_build_object('order', :'o1')), 'MC404', NULL, 'what is gone is not there');
SELECT is(shown(:'r1'), NULL, 'nobody reads it');
SELECT is((SELECT concat_ws('|', words, reply, replied_by) FROM catalogue.review WHERE ref = :'r1'), '', 'its words and the answer are gone');
SELECT is(says('again', :'o1'), 'too_late', 'and it is not written again');
SELECT payments.review_withdraw(k('away o3'), jsonb_build_object('order', :'o3')) \g /dev/null
SELECT is(says('o3 again', :'o3'), 'too_late', 'not within the thirty days either');
SELECT be('moderator') \g /dev/null
SELECT is(catalogue.review_hide(k('h9'), jsonb_build_object('review', :'r1', 'reason', 'unkind')) ->> 'outcome', 'state', 'nor decided about');
SELECT is(events(:'r1'), 'review_written review_changed review_changed review_answered review_answer_changed ' || repeat('review_reported ', 12) || 'review_hidden review_changed review_hidden review_left review_changed review_withdrawn',
  'every act is in the log');
SELECT is_empty($$ SELECT detail FROM audit.event WHERE kind = 'review' AND detail::text ~* 'late|time|happy|thank|there' $$, 'without a word of what was said');

-- What is counted as it goes is what a recount finds, after all that has happened to these reviews.
SELECT results_eq('SELECT place, reviews, answers, yes, partly, no FROM catalogue.review_tally WHERE listing_id = 1 ORDER BY place',
  $$ SELECT s.place, count(*)::int, count(s.said)::int, (count(*) FILTER (WHERE s.said = 'yes'))::int, (count(*) FILTER (WHERE s.said = 'partly'))::int, (count(*) FILTER (WHERE s.said = 'no'))::int
       FROM catalogue.review_shown r, LATERAL (VALUES (1, r.on_time), (2, r.as_agreed), (3, r.was_kind), (4, r.use_again)) AS s (place, said) GROUP BY s.place ORDER BY s.place $$,
  'the tally is what a recount finds');
SELECT payments.review_withdraw(k('away o2'), jsonb_build_object('order', :'o2')) FROM (SELECT be('rosa')) AS x \g /dev/null
SELECT is_empty(format('SELECT * FROM catalogue.review_figures(%L)', :'listing'), 'without a review there is no row');

SELECT * FROM finish();
ROLLBACK;
