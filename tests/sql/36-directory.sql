-- The directory: what it publishes of whom, when something counts as changed, and that its filters mean "and".
BEGIN;
SELECT plan(52);

SET LOCAL ROLE mc_owner;
INSERT INTO identity.council (id, slug, name, phone, email) VALUES (1, 'northshire', 'Northshire County Council', '01632 960001', 'ask@northshire.example');
INSERT INTO catalogue.postcode (postcode, lat, lon) VALUES ('AB1 2DE', 53.40, -2.30), ('AB1 3FG', 53.41, -2.30), ('CD9 9ZZ', 54.90, -1.50);
INSERT INTO identity.organisation (ref, name, kind) VALUES ('2222-222A', 'Bright Days', 'agency'), ('2222-2223', 'Pat Small', 'micro');
INSERT INTO catalogue.storefront (organisation_id, summary, phone, email, web)
SELECT id, 'Help at home', '01632 960' || id, 'hello' || id || '@days.example', 'https://days.example/' || id FROM identity.organisation;
INSERT INTO catalogue.listing (organisation_id, title, summary, description, category, unit, price, delivered, address, postcode, lat, lon, radius_m, features, status, published_at)
SELECT o.id, v.title, 'Tidy rooms', v.description, v.category, 'hour', 2050, v.delivered, '1 Mill Lane, Anytown, Northshire', 'AB1 2DE', 53.40, -2.30, v.radius, '{wheelchair,same_worker}', v.status, now()
  FROM (VALUES ('Bright Days', 'Weekly housework', 'Tidy rooms, every week', 'cleaning-and-laundry', '{home,place}'::text[], 3000, 'published'),
               ('Pat Small', 'Small repairs', 'And shelves', 'home-and-garden-jobs', '{home}', 3000, 'published'),
               ('Pat Small', 'Secret draft', '', 'home-and-garden-jobs', '{home}', 3000, 'draft')) v (org, title, description, category, delivered, radius, status)
  JOIN identity.organisation o ON o.name = v.org;
INSERT INTO catalogue.listing_price (listing_id, band, price) SELECT id, 'bank_holiday', 4100 FROM catalogue.listing WHERE title = 'Weekly housework';
INSERT INTO catalogue.entry (council_id, kind, name, summary, category, phone, email, web, address, postcode, lat, lon, assured_on, check_again_by, source, source_key, source_hash)
SELECT 1, 'community', v.name, 'Tea and talk', 'things-to-do', '01632 960555', v.email, v.web, v.address, v.postcode, 53.41, -2.30, current_date, current_date + 365, 'list', v.name, ''
  FROM (VALUES ('Tea Club', 'tea@club.example', 'https://club.example/tea', 'The Hall, 2 Long Road, Anytown', 'AB1 3FG'),
               ('Odd Club', 'not an address', 'https://club.example/a b', 'Somewhere', NULL),
               ('Far Club', NULL, NULL, 'AB1 3FG', 'AB1 3FG')) v (name, email, web, address, postcode);
INSERT INTO catalogue.event (council_id, title, summary, category, place, address, postcode, lat, lon, price, phone, status)
VALUES (1, 'Garden day', 'Dig with us', 'gardening', 'The Park', NULL, 'AB1 3FG', 53.41, -2.30, 150, '01632 960556', 'published');
INSERT INTO catalogue.event_occurrence (event_id, starts_at, ends_at)
SELECT id, t, t + interval '2 hours' FROM catalogue.event, unnest(ARRAY['2035-01-08 14:00 Europe/London', '2035-07-09 14:00 Europe/London', '2020-01-06 14:00 Europe/London']::timestamptz[]) AS t;
UPDATE catalogue.entry SET minimum_age = 16, maximum_age = 25.50, opens = 'Not in August', hours = '2 10:00 12:30|4 10:00 12:30|6 09:00 11:00 2035-12-31|7 09:00 11:00 2020-12-31' WHERE name = 'Tea Club';
UPDATE catalogue.listing SET cqc_id = '1-1', cqc_rating = 'Good', cqc_rated_on = '2025-05-12' WHERE title = 'Weekly housework';
-- All of it changed long ago.
UPDATE catalogue.search_doc SET modified_at = '2026-01-02 03:04:05.678901Z';

RESET ROLE;
CREATE FUNCTION pg_temp.names(p_asked jsonb, p_list text DEFAULT 'services') RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(string_agg(coalesce(c ->> 'name', c -> 'service' ->> 'name'), ', ' ORDER BY coalesce(c ->> 'name', c -> 'service' ->> 'name')), '')
    FROM jsonb_array_elements(catalogue.directory_page(p_list, p_asked, 'https://cross.example') -> 'contents') c $$;
CREATE FUNCTION pg_temp.one(p_name text, p_list text DEFAULT 'services') RETURNS jsonb LANGUAGE sql AS $$
  SELECT catalogue.directory_one(p_list, (c ->> 'id')::uuid, '{}', 'https://cross.example')
    FROM jsonb_array_elements(catalogue.directory_page(p_list, '{}', 'https://cross.example') -> 'contents') c WHERE coalesce(c ->> 'name', c -> 'service' ->> 'name') = p_name $$;
CREATE FUNCTION pg_temp.place(p_name text) RETURNS jsonb LANGUAGE sql AS $$ SELECT pg_temp.one(p_name) #> '{service_at_locations,0,location}' $$;
CREATE FUNCTION pg_temp.flags(p_asked jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', p ->> 'total_items', p ->> 'total_pages', p ->> 'page_number', p ->> 'size', p ->> 'first_page', p ->> 'last_page', p ->> 'empty')
    FROM catalogue.directory_page('services', p_asked, '') p $$;
CREATE FUNCTION pg_temp.term(p_slug text) RETURNS uuid LANGUAGE sql SECURITY DEFINER AS $$ SELECT catalogue.public_id('taxonomy_term', p_slug) $$;
SET LOCAL ROLE mc_web;

-- ---------------------------------------------------------------- pages
SELECT is(pg_temp.names('{}'), 'Far Club, Garden day, Odd Club, Small repairs, Tea Club, Weekly housework', 'what search shows is published, a draft is not');
SELECT is(pg_temp.flags('{"per_page":"4"}'), '6 2 1 4 true false false', 'the first page');
SELECT is(pg_temp.flags('{"per_page":"4","page":"2"}'), '6 2 2 2 false true false', 'the last page holds the rest');
SELECT is(pg_temp.flags('{"per_page":"4","page":"9"}'), '6 2 9 0 false false true', 'beyond it is an empty page');
SELECT is(pg_temp.flags('{"search":"zeppelin"}'), '0 1 1 0 true true true', 'nothing found is one empty page');
SELECT is(pg_temp.flags('{"per_page":"1000000000","page":"1000000000"}'), '6 1 1000000000 0 false false true', 'no number is too large');
SELECT is((SELECT string_agg(line::jsonb ->> 'name', ', ' ORDER BY line::jsonb ->> 'name') FROM catalogue.directory_lines('services', '{}', '', 0)), pg_temp.names('{}'), 'lines hold the same');
SELECT is((SELECT count(*) FROM catalogue.directory_lines('services', '{}', '', (SELECT max(place) FROM catalogue.directory_lines('services', '{}', '', 0)))), 0::bigint, 'and go on behind a place');

-- ---------------------------------------------------------------- what an item says
SELECT is(pg_temp.one('Weekly housework') - '{id,organization_id,organization,service_at_locations,attributes,cost_options,contacts,service_areas}'::text[],
  jsonb_build_object('name', 'Weekly housework', 'description', 'Tidy rooms, every week', 'url', 'https://days.example/' || (SELECT id FROM identity.organisation WHERE name = 'Bright Days'),
    'email', 'hello' || (SELECT id FROM identity.organisation WHERE name = 'Bright Days') || '@days.example', 'status', 'active', 'accreditations', 'Care Quality Commission: Good, 12 May 2025', 'assured_date', current_date,
    'last_modified', '2026-01-02T03:04:05.678Z'), 'a listing, with nothing said twice');
SELECT is((SELECT jsonb_agg(c - '{id,service_id}'::text[]) FROM jsonb_array_elements(pg_temp.one('Weekly housework') -> 'cost_options') c),
  '[{"option": "Ordinary price", "amount": 20.5, "amount_description": "GBP an hour"}, {"option": "Bank holiday", "amount": 41, "amount_description": "GBP an hour"}]', 'its public prices, as numbers');
SELECT is((SELECT string_agg(a #>> '{taxonomy_term,name}', ', ') FROM jsonb_array_elements(pg_temp.one('Weekly housework') -> 'attributes') a), 'Help at home, Cleaning and laundry', 'its category and those above');
SELECT is((pg_temp.place('Weekly housework') #> '{addresses,0}') - '{id,location_id}'::text[], '{"address_1": "1 Mill Lane", "city": "Anytown", "state_province": "Northshire",
  "postal_code": "AB1 2DE", "country": "GB", "address_type": "physical"}', 'an address in its parts, the county known as one');
SELECT is((SELECT string_agg(a ->> 'description', ', ') FROM jsonb_array_elements(pg_temp.place('Weekly housework') -> 'accessibility') a), 'Wheelchair access', 'what makes a place accessible belongs to it');
SELECT is(pg_temp.one('Weekly housework') #>> '{service_areas,0,name}', 'Up to 2 miles from AB1', 'how far it travels');
SELECT is(pg_temp.one('Weekly housework') #>> '{contacts,0,title}', 'Telephone 01632 960' || (SELECT id FROM identity.organisation WHERE name = 'Bright Days'), 'a telephone number stands in the title of a contact');
SELECT ok(pg_temp.one('Small repairs')::text !~ '(01632|@)', 'of a micro-enterprise neither telephone nor e-mail');
SELECT ok(NOT pg_temp.one('Small repairs') ? 'service_at_locations', 'nor where it starts from, when nobody is received there');
SELECT is(pg_temp.one('Small repairs') ->> 'description', E'Tidy rooms\n\nAnd shelves', 'summary and description make one text');
SELECT is((pg_temp.place('Tea Club') #> '{addresses,0}') ->> 'address_1', 'The Hall, 2 Long Road', 'all but the town is the first line');
SELECT is((pg_temp.place('Tea Club') #> '{addresses,0}') ->> 'state_province', 'England', 'a county that nobody said');
SELECT is((pg_temp.place('Far Club') #> '{addresses,0}') - '{id,location_id}'::text[], '{"address_1": "Far Club", "city": "Northshire", "state_province": "England",
  "postal_code": "AB1 3FG", "country": "GB", "address_type": "physical"}', 'nothing that an address must have is missing');
SELECT ok(NOT pg_temp.place('Odd Club') ? 'addresses' AND pg_temp.place('Odd Club') ? 'latitude', 'a place without a postcode is a point');
SELECT ok(NOT pg_temp.one('Odd Club') ? 'email', 'what is no e-mail address is left out');
SELECT is(pg_temp.one('Odd Club') ->> 'url', 'https://cross.example/services/' || (SELECT ref FROM catalogue.entry WHERE name = 'Odd Club') || '/odd-club', 'for a bad web address stands our own page');
SELECT is(pg_temp.one('Tea Club') #>> '{organization,name}', 'Tea Club', 'an entry that nobody has claimed is its own provider');
SELECT is(pg_temp.one('Garden day') #>> '{organization,name}', 'Northshire County Council', 'an event without a group is the council’s');
SELECT is((SELECT string_agg(concat_ws(' ', s ->> 'dtstart', s ->> 'opens_at', s ->> 'closes_at'), ', ' ORDER BY s ->> 'dtstart') FROM jsonb_array_elements(pg_temp.one('Garden day') -> 'schedules') s),
  '2035-01-08 14:00Z 16:00Z, 2035-07-09 14:00+01:00 16:00+01:00', 'what is still to come, with the offset of its day');
SELECT is((SELECT jsonb_agg(s - '{id,service_id}'::text[]) FROM jsonb_array_elements(pg_temp.one('Tea Club') -> 'schedules') s),
  '[{"freq": "WEEKLY", "interval": 1, "byday": "TU,TH", "opens_at": "10:00", "closes_at": "12:30"},
    {"freq": "WEEKLY", "interval": 1, "byday": "SA", "opens_at": "09:00", "closes_at": "11:00", "valid_to": "2035-12-31"}, {"description": "Not in August"}]',
  'weekly hours that still hold, days of the same hours together, and the words');
SELECT is((SELECT count(DISTINCT s ->> 'id') FROM jsonb_array_elements(pg_temp.one('Tea Club') -> 'schedules') s), 3::bigint, 'each with an id of its own');
SELECT is(pg_temp.one('Tea Club') ->> 'minimum_age' || ' ' || (pg_temp.one('Tea Club') ->> 'maximum_age'), '16 25.5', 'for whom it is');
SELECT is((SELECT count(*) FROM jsonb_path_query(pg_temp.one('Garden day'), '$.** ? (@ == null)')), 0::bigint, 'no field is null');
SELECT is(jsonb_array_length(pg_temp.one('Pat Small', 'organizations') -> 'services'), 1, 'an organisation with its services');
SELECT is(catalogue.directory_one('services', gen_random_uuid(), '{}', ''), NULL, 'an unknown id');

-- ---------------------------------------------------------------- what is asked for
SELECT is(pg_temp.names(jsonb_build_object('taxonomy_term_id', pg_temp.term('help-at-home'))), 'Small repairs, Weekly housework', 'a kind of help with those below it');
SELECT is(pg_temp.names(jsonb_build_object('taxonomy_term_id', pg_temp.term('help-at-home'), 'search', 'repairs')), 'Small repairs', 'and words');
SELECT is(pg_temp.names(jsonb_build_object('organization_id', upper(pg_temp.one('Weekly housework') ->> 'organization_id'))), 'Weekly housework', 'what one organisation provides');
SELECT is(pg_temp.names('{"organization_id":"x"}'), '', 'what is no id finds nothing');
SELECT is(pg_temp.names('{"day":"1","start_time":"14:00","end_time":"16:00"}'), 'Garden day', 'a day and its times');
SELECT is(pg_temp.names('{"day":"3"}'), '', 'no other day');
SELECT is(pg_temp.names('{"day":"4","start_time":"10:00","end_time":"12:30"}') || '/' || pg_temp.names('{"day":"4","start_time":"10:01"}') || '/' || pg_temp.names('{"day":"7"}'), 'Tea Club//', 'weekly hours count as long as they hold');
SELECT is(pg_temp.names('{"minimum_age":"26"}'), 'Far Club, Garden day, Odd Club, Small repairs, Weekly housework', 'what is for younger people only is left out');
SELECT is(pg_temp.names('{"minimum_age":"18","maximum_age":"60"}'), pg_temp.names('{}'), 'what is for some of these ages is not');
SELECT is(pg_temp.names('{"maximum_age":"15.5"}'), pg_temp.names('{"minimum_age":"26"}'), 'nor what nobody said');
SELECT is(pg_temp.names('{"postcode":"cd99zz"}'), 'Far Club, Garden day, Odd Club, Tea Club', 'who travels no further than a few miles does not serve a postcode far away');
SELECT is(pg_temp.names('{"postcode":"AB1 2DE","proximity":"500"}', 'service_at_locations'), 'Weekly housework', 'within a distance');
SELECT is(pg_temp.names('{"modified_after":"2026-01-02T03:04:05.678Z"}'), pg_temp.names('{}'), '"after" holds for the moment as it is published');
SELECT is(pg_temp.names('{"modified_after":"2026-01-02T03:04:05.679Z"}'), '', 'and not beyond it');

RESET ROLE;
SET LOCAL ROLE mc_owner;
UPDATE catalogue.event_occurrence SET is_cancelled = true WHERE starts_at = '2035-07-09 14:00 Europe/London';
UPDATE catalogue.listing_price SET price = 4200;
UPDATE catalogue.storefront SET phone = '01632 960999' WHERE organisation_id = (SELECT id FROM identity.organisation WHERE name = 'Pat Small');
SET LOCAL ROLE mc_web;
SELECT is(pg_temp.names('{"modified_after":"2026-01-03"}'), 'Garden day, Small repairs, Weekly housework', 'a date, a price and a storefront that change have changed the service');

SET LOCAL ROLE mc_owner;
DELETE FROM catalogue.listing_price;
UPDATE catalogue.entry SET status = 'hidden' WHERE name = 'Tea Club';
SET LOCAL ROLE mc_web;
SELECT is(pg_temp.names('{"search":"tea"}'), 'Far Club, Odd Club', 'what is hidden is gone at once');
SELECT is(jsonb_array_length(catalogue.directory_page('services', '{"minimal":"true"}', '') -> 'contents'), 5, 'the minimal form is one page');

-- ---------------------------------------------------------------- providers are found by index
RESET ROLE;
CREATE FUNCTION pg_temp.plan_of(p_query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_line text; v_plan text := '';
BEGIN
  SET LOCAL enable_seqscan = off;
  FOR v_line IN EXECUTE 'EXPLAIN ' || p_query LOOP v_plan := v_plan || v_line || E'\n'; END LOOP;
  RETURN v_plan;
END $$;
SELECT ok(pg_temp.plan_of('SELECT id, place FROM catalogue.directory_provider') ~ 'using search_doc_provider on search_doc' AND
          pg_temp.plan_of('SELECT id, place FROM catalogue.directory_provider') !~ '(Sort|Join|Loop)', 'the list of providers is a walk along an index, and reads nothing else');
SELECT matches(pg_temp.plan_of(format('SELECT place FROM catalogue.directory_provider WHERE id = %L', gen_random_uuid())), 'search_doc_provider.*\n.*Index Cond: \(provider_id', 'one of them is a look into it');
SELECT * FROM finish();
ROLLBACK;
