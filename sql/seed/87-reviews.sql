-- What people say about what they live with, what the providers answer, and one review that somebody reported.
CREATE FUNCTION pg_temp.reviews(p_title text, p_said text[], p_words text) RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.got(payments.review_write(gen_random_uuid(), jsonb_strip_nulls(jsonb_build_object('order', o.ref, 'on_time', p_said[1], 'as_agreed', p_said[2], 'was_kind', p_said[3],
           'use_again', p_said[4], 'words', p_words))), 'written') ->> 'ref'
    FROM payments.orders o JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id
   WHERE o.council_id = mc.council() AND o.person_id = mc.person() AND l.title = p_title AND payments.was_delivered(o.id)
$$;
CREATE FUNCTION pg_temp.replies(p_review text, p_reply text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.as_provider(organisation_id) FROM catalogue.review WHERE council_id = mc.council() AND ref = p_review;
  PERFORM pg_temp.got(catalogue.review_answer(gen_random_uuid(), jsonb_build_object('review', p_review, 'reply', p_reply)), 'answered');
END $$;

SELECT pg_temp.at(-12, '18:20');
SELECT pg_temp.act(1, 'self_funder', 'Margaret Lowe');
SELECT pg_temp.reviews('Seated exercise at home', '{yes,yes,yes,yes}', 'I laugh more in these forty minutes than in the rest of the week.'),
       pg_temp.reviews('Help around the house', '{yes,partly,yes,yes}', 'Careful with my things. The windows were left out once.');
SELECT pg_temp.act(1, 'holder', 'Amina Yusuf');
SELECT pg_temp.replies(pg_temp.reviews('Personal care at home', '{partly,yes,yes,yes}', 'They ring twice as I asked, and it is nearly always somebody I know. Twice they were late and rang to say so.'),
                       'Thank you. We have moved the round so that the morning visits begin on time.');
SELECT pg_temp.act(1, 'holder', 'Rosa Marino');
SELECT pg_temp.reviews('Personal care at home', '{yes,yes,yes,yes}', 'They write things down for me and wait until I have read them.');
SELECT pg_temp.act(1, 'supporter', 'Mei Chen');
SELECT pg_temp.acting_for('Lily Chen');
SELECT pg_temp.reviews('Support to live your life', '{yes,yes,yes,yes}', 'She is told what happens next, each time, and comes home happy.');
SELECT pg_temp.act(1, 'broker', 'Nadia Rahman');
SELECT pg_temp.acting_for('Tom Ashdown');
SELECT pg_temp.reviews('Going out with Sam', '{yes,yes,yes,yes}', NULL);
SELECT pg_temp.act(1, 'holder', 'Edith Marlow');
SELECT pg_temp.reviews('Home care, mornings and evenings', '{no,partly,partly,no}', 'A different face each week. The tall one with the red car is useless.');
-- The moderators have read them but one.
SELECT pg_temp.act(1, 'moderator', 'Colin Mead');
SELECT pg_temp.got(catalogue.review_show(gen_random_uuid(), jsonb_build_object('review', r.ref, 'read', md5(coalesce(r.words, '')))), 'shown')
  FROM catalogue.review r WHERE r.council_id = mc.council() AND catalogue.review_is_waiting(r) AND r.words NOT LIKE 'She is told what happens next%';
SELECT catalogue.review_report(gen_random_uuid(), jsonb_build_object('reason', 'names_somebody', 'words', 'Everybody here knows who has the red car.', 'review', r.ref), 'demonstration')
  FROM catalogue.review r WHERE r.council_id = mc.council() AND r.words LIKE '%the red car%';
SELECT pg_temp.act(2, 'holder', 'Owen Price');
SELECT pg_temp.reviews('Dog walking and pet visits', '{yes,yes,yes,yes}', 'The dog waits at the door for him.');
SELECT pg_temp.act(2, 'moderator', 'Beth Lawson');
SELECT pg_temp.got(catalogue.review_show(gen_random_uuid(), jsonb_build_object('review', ref, 'read', md5(coalesce(words, '')))), 'shown') FROM catalogue.review WHERE council_id = mc.council();
