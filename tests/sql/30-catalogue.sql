-- The catalogue: what is found, what it costs for whom, and that an agreed price never leaves its council.
BEGIN;
SELECT plan(46);

SET LOCAL ROLE mc_owner;
INSERT INTO identity.council (id, slug, name, phone, email) VALUES (1, 'northshire', 'Northshire', '01632 960001', 'a@northshire.example'),
                                                                   (2, 'southshire', 'Southshire', '01632 960002', 'a@southshire.example');
INSERT INTO catalogue.postcode (postcode, lat, lon) VALUES ('M33 2DS', 53.4246, -2.3187), ('M33 7ZF', 53.4256, -2.3230), ('M1 1JQ', 53.4810, -2.2350), ('SK1 1AA', 53.4100, -2.1570);
INSERT INTO identity.organisation (ref, name, kind) VALUES ('2222-222A', 'Bright Days', 'agency'), ('2222-2223', 'Kind Hands', 'micro');
INSERT INTO catalogue.storefront (organisation_id, summary, languages) SELECT id, 'Help at home', '{Urdu}' FROM identity.organisation WHERE name = 'Bright Days';
INSERT INTO catalogue.listing (organisation_id, title, summary, description, category, unit, price, delivered, postcode, radius_m, features, status, published_at)
SELECT o.id, v.title, v.summary, '', v.category, 'hour', v.price, v.delivered, 'M33 2DS', v.radius, v.features, v.status, now()
  FROM (VALUES ('Bright Days', 'Weekly housework', 'Cleaning and ironing in your home', 'cleaning-and-laundry', 2000::bigint, '{home}'::text[], 8000, '{same_worker}'::text[], 'published'),
               ('Kind Hands', 'Tidy homes', 'Cleaning by one person you know', 'cleaning-and-laundry', 1800, '{home}', 8000, '{}', 'published'),
               ('Kind Hands', 'Secret draft', 'Cleaning nobody may see yet', 'cleaning-and-laundry', 1, '{home}', 8000, '{}', 'draft')) v (org, title, summary, category, price, delivered, radius, features, status)
  JOIN identity.organisation o ON o.name = v.org;
CREATE TEMP TABLE t AS SELECT title, id, ref, organisation_id FROM catalogue.listing;
GRANT SELECT ON t TO PUBLIC;

-- ---------------------------------------------------------------- prices
SELECT set_config('mc.council', '1', true);
INSERT INTO catalogue.agreed_price (council_id, listing_id, price, valid_from, valid_to) SELECT 1, id, 1500, current_date - 10, current_date + 10 FROM t WHERE title = 'Weekly housework';
SELECT set_config('mc.council', '2', true);
INSERT INTO catalogue.agreed_price (council_id, listing_id, price, valid_from) SELECT 2, id, 1600, current_date - 10 FROM t WHERE title = 'Weekly housework';

RESET ROLE;
CREATE FUNCTION pg_temp.act(p_council text, p_role text, p_person text, p_organisation text DEFAULT '') RETURNS void LANGUAGE sql AS $$
  SELECT set_config('mc.council', p_council, true), set_config('mc.role', p_role, true), set_config('mc.person', p_person, true), set_config('mc.organisation', p_organisation, true) $$;
CREATE FUNCTION pg_temp.seen() RETURNS text LANGUAGE sql AS $$
  SELECT s.price || CASE WHEN s.is_agreed THEN ' agreed' ELSE ' public' END FROM catalogue.search('housework', 'M33 2DS', 16000, '{}', '{}', NULL, 'best', 1) s WHERE s.title = 'Weekly housework' $$;
CREATE FUNCTION pg_temp.price(p_council int, p_on date) RETURNS text LANGUAGE sql AS $$
  SELECT price || ' ' || source FROM catalogue.price_for((SELECT ref FROM t WHERE title = 'Weekly housework'), p_council, p_on) $$;

SET LOCAL ROLE mc_web;
SELECT pg_temp.act('', '', '');
SELECT is(catalogue.viewer_council(), NULL, 'a visitor has no council');
SELECT is(pg_temp.seen(), '2000 public', 'a visitor sees the public price');
SELECT is(pg_temp.price(NULL, current_date), '2000 public', 'price_for without a council is public');
SELECT is(pg_temp.price(1, current_date), '2000 public', 'a council named by somebody outside it changes nothing');
SELECT pg_temp.act('1', 'commissioner', '');
SELECT is(pg_temp.seen(), '1500 agreed', 'an officer sees what the council agreed');
SELECT is(pg_temp.price(1, current_date), '1500 agreed', 'price_for gives the agreed price');
SELECT is(pg_temp.price(1, current_date + 11), '2000 public', 'not after its last day');
SELECT is(pg_temp.price(1, current_date - 11), '2000 public', 'not before its first day');
SELECT is(pg_temp.price(2, current_date), '2000 public', 'not that of another council');
SELECT pg_temp.act('2', 'finance', '');
SELECT is(pg_temp.seen(), '1600 agreed', 'an officer of another council sees its own');
SELECT pg_temp.act('1', 'self_funder', '7');
SELECT is(pg_temp.seen(), '2000 public', 'a self-funder sees the public price');
SELECT pg_temp.act('1', 'holder', '7');
SELECT is(pg_temp.seen(), '2000 public', 'so does a holder without money of the council');
SELECT pg_temp.act('1', 'supporter', '');
SELECT is(pg_temp.seen(), '2000 public', 'a supporter who acts for nobody sees the public price');
SELECT pg_temp.act('1', 'provider', '', (SELECT organisation_id::text FROM t WHERE title = 'Tidy homes'));
SELECT is(catalogue.viewer_price((SELECT id FROM t WHERE title = 'Weekly housework'), (SELECT organisation_id FROM t WHERE title = 'Weekly housework')), NULL,
          'a provider does not see what another one agreed');
SELECT pg_temp.act('1', 'provider', '', (SELECT organisation_id::text FROM t WHERE title = 'Weekly housework'));
SELECT is(catalogue.viewer_price((SELECT id FROM t WHERE title = 'Weekly housework'), (SELECT organisation_id FROM t WHERE title = 'Weekly housework')), 1500::bigint,
          'a provider sees what it agreed itself');
SELECT pg_temp.act('1', 'self_funder', '7');
SELECT is((SELECT string_agg(title, ' < ') FROM catalogue.search('cleaning', 'M33 2DS', 16000, '{}', '{}', NULL, 'price', 1)), 'Tidy homes < Weekly housework',
          'the order by price does not give the agreed one away');
SELECT is((SELECT count(*) FROM catalogue.search('cleaning', 'M33 2DS', 16000, '{}', '{}', 1700, 'best', 1)), 0::bigint, 'nor does the highest price');
SELECT pg_temp.act('1', 'commissioner', '');
SELECT is((SELECT string_agg(title, ' < ') FROM catalogue.search('cleaning', 'M33 2DS', 16000, '{}', '{}', NULL, 'price', 1)), 'Weekly housework < Tidy homes',
          'for an officer the agreed price orders');
SELECT is((SELECT count(*) FROM catalogue.agreed_price), 1::bigint, 'row-level security shows one council');
SELECT is((SELECT count(*) FROM catalogue.search_doc WHERE to_jsonb(search_doc)::text ~ '\m1[56]00\M'), 0::bigint, 'no agreed price is in what search reads');
SELECT throws_ok('DELETE FROM catalogue.agreed_price', '42501', NULL, 'the web role cannot write prices');

-- ---------------------------------------------------------------- search
SELECT pg_temp.act('', '', '');
SELECT is((SELECT count(*) FROM catalogue.search('draft', '', 16000, '{}', '{}', NULL, 'best', 1)), 0::bigint, 'drafts are not found');
SELECT is((SELECT count(*) FROM catalogue.search('someone to clean', 'M33 2DS', 16000, '{}', '{}', NULL, 'best', 1)), 2::bigint, 'plain words find it');
SELECT is((SELECT shown FROM catalogue.search_about('hosework', '')), 'housework', 'a misspelt word is corrected');
SELECT is((SELECT count(*) FROM catalogue.search('housework', 'SK1 1AA', 30000, '{}', '{}', NULL, 'best', 1)), 0::bigint, 'who travels 8 km is not found 11 km away');
SELECT is((SELECT count(*) FROM catalogue.search('housework', 'M1 1JQ', 3000, '{}', '{}', NULL, 'best', 1)), 0::bigint, 'nor in the next town');
SELECT is((SELECT count(*) FROM catalogue.search('', 'M33 2DS', 3000, '{is:same_worker}', '{at:home,at:place}', NULL, 'best', 1)), 1::bigint, 'filters: all of these, one of those');
SELECT is((SELECT s.facets ->> 'cat:help-at-home' FROM catalogue.search('cleaning', 'M33 2DS', 3000, '{}', '{}', NULL, 'best', 1) s LIMIT 1), '2', 'parents of a category count too');
SELECT is((SELECT bool_and(is_any_word) FROM catalogue.search('housework helicopter', '', 3000, '{}', '{}', NULL, 'best', 1)), true, 'when nothing has all words, some will do');
SELECT is(catalogue.search_missed('blue Helicopter 0161 4960000 ann@example.org', 'M33 2DS', '192.0.2.7'), 1, 'a miss is counted');
RESET ROLE;
SELECT is((SELECT words || ' ' || area FROM catalogue.search_miss), 'ann blue exampl helicopt org M33', 'as stems and a district, without numbers');
SELECT catalogue.search_missed('zz' || translate(n::text, '0123456789', 'abcdefghij'), '', '192.0.2.8') FROM generate_series(1, 150) n \g /dev/null
SELECT is((SELECT count(*) FROM catalogue.search_miss WHERE words LIKE 'zz%'), 100::bigint, 'one address cannot fill the table with words');
SELECT is(catalogue.search_missed('helicopter', '', '192.0.2.9'), 1, 'another is still counted');

-- ---------------------------------------------------------------- the documents follow their sources
SET LOCAL ROLE mc_owner;
UPDATE catalogue.listing SET status = 'paused' WHERE title = 'Tidy homes';
SELECT is((SELECT count(*) FROM catalogue.search_doc WHERE kind = 'listing'), 1::bigint, 'paused listings leave the results at once');
UPDATE identity.organisation SET name = 'Brighter Days' WHERE name = 'Bright Days';
SELECT is((SELECT organisation FROM catalogue.search_doc WHERE kind = 'listing'), 'Brighter Days', 'a new name arrives at once');
SELECT throws_ok($$UPDATE catalogue.listing SET category = 'personal-care', status = 'published' WHERE title = 'Tidy homes'$$, 'MC409', NULL,
                 'personal care without registration or exemption is not published');
SELECT lives_ok($$UPDATE catalogue.listing SET category = 'personal-care', status = 'published', cqc_exemption = 'Employed by the person' WHERE title = 'Tidy homes'$$, 'with an exemption it is');
INSERT INTO catalogue.event (council_id, title, category, place, status) VALUES (1, 'Tea and talk', 'going-out', 'The hall', 'published');
SELECT is((SELECT count(*) FROM catalogue.search_doc WHERE kind = 'event'), 0::bigint, 'an event without a date is not found');
INSERT INTO catalogue.event_occurrence SELECT id, now() + interval '1 day', now() + interval '25 hours' FROM catalogue.event;
SELECT is((SELECT count(*) FROM catalogue.search_doc WHERE kind = 'event'), 1::bigint, 'with one it is');
SELECT throws_ok($$INSERT INTO catalogue.agreed_price (council_id, listing_id, price, valid_from) SELECT 2, id, 1, current_date FROM t WHERE title = 'Weekly housework'$$,
                 '42501', NULL, 'nobody writes another council''s price') FROM set_config('mc.council', '1', true);
SELECT throws_ok($$INSERT INTO catalogue.agreed_price (council_id, listing_id, price, valid_from) SELECT 1, id, 1, current_date FROM t WHERE title = 'Weekly housework'$$,
                 '23P01', NULL, 'two agreed prices never overlap');
-- A price holds from midnight in England: in summer that is an hour before midnight of the database.
UPDATE mc.installation SET is_demo = true;
INSERT INTO catalogue.agreed_price (council_id, listing_id, price, valid_from)
SELECT 1, id, 1300, make_date(extract(year FROM current_date)::int + 1, 7, 1) FROM t WHERE title = 'Weekly housework';
SELECT set_config('mc.clock', extract(year FROM current_date)::int + 1 || '-06-30 23:30+00', true);
SET LOCAL ROLE mc_web;
SELECT pg_temp.act('1', 'commissioner', '');
SELECT is(pg_temp.seen(), '1300 agreed', 'half an hour after an English midnight the new day''s price is found');
SELECT is(catalogue.viewer_price((SELECT id FROM t WHERE title = 'Weekly housework'), 0), 1300::bigint, 'and shown');
RESET ROLE;
SELECT set_config('mc.clock', '', true);

-- Tags are asked for together with the words, as they are.
SELECT is(catalogue.tag_query('{cat:a,is:b}', '{at:c,at:d}')::text, $$'#cat:a' & '#is:b' & ( '#at:c' | '#at:d' )$$, 'all of some tags and one of others');
SELECT is_empty($$SELECT * FROM catalogue.search('', NULL, 16093, ARRAY['cat:o''brien\ & | !( ', repeat('x', 3000)], ARRAY['at:''', ''], NULL, 'best', 1)$$,
                'whatever is typed is a tag that nothing has');

-- Pages kept in memory: whatever they may be made of tells the workers when it changed.
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'catalogue' AND c.relkind = 'r'
    AND c.relname !~ '^import_' AND c.relname NOT IN ('agreed_price', 'word', 'search_miss', 'review', 'review_report', 'review_decision')
    AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgname = 'pages_changed' AND g.tgtype = 4 + 8 + 16 + 32)$$,
  'every table of the catalogue that visitors are shown says that it changed');

SELECT * FROM finish();
ROLLBACK;
