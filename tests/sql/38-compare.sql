-- Services beside each other: one pattern costs what an order with it is charged, and an agreed price is nobody's who may not see it on the page of the service.
BEGIN;
SELECT pg_get_functiondef('catalogue.price_for'::regproc) AS real_price_for \gset
\ir fixture.psql
:real_price_for;
SELECT no_plan();

-- The named queries as the web asks them.
\set services `grep -v '^--' sql/queries/payments/compare_services.sql`
\set asked `grep -v '^--' sql/queries/payments/compare_asked.sql`
PREPARE services (text, text, int, int, text, int) AS :services;
PREPARE asked (text) AS :asked;

INSERT INTO catalogue.postcode (postcode, lat, lon) VALUES ('M33 2DS', 53.4246, -2.3187), ('M1 1JQ', 53.4810, -2.2350);
CREATE FUNCTION pg_temp.listing(p_ref text, p_org text, p_unit text, p_price bigint, p_minimum int, p_status text, p_delivered text[] DEFAULT '{home}') RETURNS void LANGUAGE sql AS $$
  INSERT INTO catalogue.listing (ref, organisation_id, title, summary, category, unit, price, minimum_minutes, delivered, postcode, radius_m, status, published_at)
  VALUES (p_ref, public.id(p_org), 'Service ' || p_ref, '', 'cleaning-and-laundry', p_unit, p_price, p_minimum, p_delivered, 'M33 2DS', 3000, p_status, now()) $$;
SELECT pg_temp.listing('AAAA-AAA2', 'bright', 'hour', 2000, 0, 'published'), pg_temp.listing('BBBB-BBB2', 'second', 'hour', 1999, 90, 'published', '{home,place}'),
       pg_temp.listing('CCCC-CCC2', 'second', 'session', 1234, 0, 'published'), pg_temp.listing('DDDD-DDD2', 'second', 'hour', 1, 0, 'draft'),
       pg_temp.listing('EEEE-EEE2', 'second', 'hour', 1, 0, 'closed'), pg_temp.listing('FFFF-FFF2', 'second', 'day', 9000, 0, 'paused'),
       pg_temp.listing('GGGG-GGG2', 'second', 'hour', 1500, 0, 'published') \g /dev/null
INSERT INTO catalogue.agreed_price (council_id, listing_id, price, valid_from) SELECT 901, id, 1777, current_date - 10 FROM catalogue.listing WHERE ref = 'AAAA-AAA2';
SELECT public.be('olu') \g /dev/null
INSERT INTO catalogue.agreed_price (council_id, listing_id, price, valid_from) SELECT 902, id, 1666, current_date - 10 FROM catalogue.listing WHERE ref = 'AAAA-AAA2';

-- A line a service: what it costs for this pattern.
CREATE TEMP TABLE seen (ref text, slug text, title text, organisation text, category text, unit text, unit_name text, price bigint, agreed bigint, bands text, each bigint, visits int, week bigint, total bigint,
  delivered text, miles float8, comes text, cqc_rating text, cqc_rated_on date, reviews int, a int, b int, c int, d int, e int, f int, g int, h int, languages text, features text, notice text, minimum text,
  is_too_short boolean, is_paused boolean, may_ask boolean);
GRANT ALL ON seen TO PUBLIC;
CREATE FUNCTION pg_temp.compare(p_refs text, p_near text DEFAULT NULL, p_minutes int DEFAULT 60, p_quantity int DEFAULT 1, p_weekdays text DEFAULT '', p_weeks int DEFAULT 1)
RETURNS SETOF seen LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format('EXECUTE services (%L, %L, %L, %L, %L, %L)', p_refs, p_near, p_minutes, p_quantity, p_weekdays, p_weeks);
END $$;
CREATE FUNCTION pg_temp.costs(p_refs text, p_minutes int DEFAULT 60, p_quantity int DEFAULT 1, p_weekdays text DEFAULT '', p_weeks int DEFAULT 1) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT concat_ws(' ', ref, coalesce(agreed::text, 'public'), coalesce(each::text, '-'), coalesce(week::text, '-'), visits, coalesce(total::text, '-'))
    FROM pg_temp.compare(p_refs, NULL, p_minutes, p_quantity, p_weekdays, p_weeks) $$;

-- What it costs
SET LOCAL ROLE mc_web;
SELECT set_config(x, '', true) FROM unnest('{mc.council,mc.account,mc.hat,mc.role,mc.organisation,mc.person,mc.mandate}'::text[]) AS x \g /dev/null
SELECT results_eq($$ SELECT pg_temp.costs('CCCC-CCC2 AAAA-AAA2', 90, 2, '1 4', 6) $$, $$ VALUES ('CCCC-CCC2 public 2468 4936 12 29616'), ('AAAA-AAA2 public 3000 6000 12 36000') $$,
                  'as they were named: hours by the minute, sessions by the number, a week and in all');
SELECT results_eq($$ SELECT pg_temp.costs('AAAA-AAA2 CCCC-CCC2') $$, $$ VALUES ('AAAA-AAA2 public 2000 - 1 2000'), ('CCCC-CCC2 public 1234 - 1 1234') $$, 'nothing said: one visit of one hour, once');
SELECT results_eq($$ SELECT pg_temp.costs('BBBB-BBB2 AAAA-AAA2', 15) $$, $$ VALUES ('BBBB-BBB2 public - - 1 -'), ('AAAA-AAA2 public 500 - 1 500') $$, 'shorter than its shortest visit has no cost, as it could not be asked for');
SELECT results_eq($$ SELECT ref, each FROM pg_temp.compare('BBBB-BBB2', NULL, 105) $$, $$ VALUES ('BBBB-BBB2', 3498::bigint) $$, 'half a penny rounds up, as in an order');

-- Which can be compared
SELECT results_eq($$ SELECT ref FROM pg_temp.compare('ZZZZ-ZZZ2 GGGG-GGG2 DDDD-DDD2 EEEE-EEE2 FFFF-FFF2 GGGG-GGG2 AAAA-AAA2 BBBB-BBB2 CCCC-CCC2') $$,
                  $$ VALUES ('GGGG-GGG2'), ('FFFF-FFF2'), ('AAAA-AAA2'), ('BBBB-BBB2') $$, 'the first four that are there, each once; no draft, nothing closed');
SELECT results_eq($$ EXECUTE asked('ZZZZ-ZZZ2 DDDD-DDD2 EEEE-EEE2 FFFF-FFF2 x'' '' AAAA-AAA2') $$,
                  $$ VALUES ('ZZZZ-ZZZ2', 'unknown', NULL::text, NULL::text), ('DDDD-DDD2', 'unknown', NULL, NULL), ('EEEE-EEE2', 'closed', 'service-eeee-eee2', 'Service EEEE-EEE2'),
                            ('FFFF-FFF2', 'open', 'service-ffff-fff2', 'Service FFFF-FFF2'), ('x''', 'unknown', NULL, NULL), ('''', 'unknown', NULL, NULL),
                            ('AAAA-AAA2', 'open', 'service-aaaa-aaa2', 'Service AAAA-AAA2') $$, 'a draft is as unknown as what never was');
SELECT is_empty($$ SELECT * FROM pg_temp.compare('') $$, 'nothing named, nothing shown');

-- How far
SELECT results_eq($$ SELECT ref, round(miles::numeric, 1), comes FROM pg_temp.compare('AAAA-AAA2 BBBB-BBB2', 'm332ds') $$, $$ VALUES ('AAAA-AAA2', NULL::numeric, 'yes'), ('BBBB-BBB2', 0.0, 'yes') $$,
                  'they come to the next door; only a place that people come to is so far away');
SELECT results_eq($$ SELECT ref, round(miles::numeric, 1), comes FROM pg_temp.compare('AAAA-AAA2 BBBB-BBB2', 'M1 1JQ') $$, $$ VALUES ('AAAA-AAA2', NULL::numeric, 'no'), ('BBBB-BBB2', 5.2, 'no') $$,
                  'and not to the city, beyond their radius');
SELECT results_eq($$ SELECT miles, comes FROM pg_temp.compare('BBBB-BBB2', 'ZZ9 9ZZ') $$, $$ VALUES (NULL::float8, NULL) $$, 'an unknown place says nothing');

-- Whose price
SELECT public.be('rosa') \g /dev/null
SELECT results_eq($$ SELECT pg_temp.costs('AAAA-AAA2 CCCC-CCC2', 90, 1, '1 4', 3) $$, $$ VALUES ('AAAA-AAA2 1777 2666 5332 6 15996'), ('CCCC-CCC2 public 1234 2468 6 7404') $$,
                  'a person with money of the council at its price');
SELECT results_eq($$ SELECT (payments.order_place(gen_random_uuid(), jsonb_build_object('listing', ref, 'minutes', 90, 'quantity', 1, 'weekdays', '[1, 4]'::jsonb, 'starts_on', ledger.today(), 'weeks', 3,
                                                                                        'outcome', public.ref('o_rosa'))) ->> 'total')::bigint
                       FROM unnest('{AAAA-AAA2,CCCC-CCC2}'::text[]) AS ref $$, $$ VALUES (15996::bigint), (7404) $$, 'which is to the penny what the orders are charged');
SELECT public.be('joan') \g /dev/null
SELECT results_eq($$ SELECT pg_temp.costs('AAAA-AAA2') $$, $$ VALUES ('AAAA-AAA2 public 2000 - 1 2000') $$, 'a self-funder at the public one');
SELECT is(payments.order_place(gen_random_uuid(), jsonb_build_object('listing', 'AAAA-AAA2', 'minutes', 60, 'starts_on', ledger.today())) ->> 'total', '2000', 'as their order is');
SELECT public.be('olu') \g /dev/null
SELECT results_eq($$ SELECT pg_temp.costs('AAAA-AAA2') $$, $$ VALUES ('AAAA-AAA2 public 2000 - 1 2000') $$, 'somebody of another council without money of it at the public one');
SELECT public.be('commissioner902') \g /dev/null
SELECT results_eq($$ SELECT pg_temp.costs('AAAA-AAA2') $$, $$ VALUES ('AAAA-AAA2 1666 1666 - 1 1666') $$, 'an officer of another council at its own, never at ours');
SELECT public.be('provider2') \g /dev/null
SELECT results_eq($$ SELECT pg_temp.costs('AAAA-AAA2') $$, $$ VALUES ('AAAA-AAA2 public 2000 - 1 2000') $$, 'another provider at the public one');
SELECT public.be('sister') \g /dev/null
SELECT results_eq($$ SELECT pg_temp.costs('AAAA-AAA2') $$, $$ VALUES ('AAAA-AAA2 public 2000 - 1 2000') $$, 'a helper on their own pages at the public one');
SELECT public.for_('rosa', 'm_sister') \g /dev/null
SELECT results_eq($$ SELECT pg_temp.costs('AAAA-AAA2') $$, $$ VALUES ('AAAA-AAA2 1777 1777 - 1 1777') $$, 'on the pages of the person they help at the person’s');
SELECT results_eq($$ SELECT may_ask, is_paused FROM pg_temp.compare('AAAA-AAA2 FFFF-FFF2') $$, $$ VALUES (true, false), (false, true) $$, 'what is paused cannot be asked for');
SELECT * FROM finish();
ROLLBACK;
