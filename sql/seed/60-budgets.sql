-- Budgets of every route, each told up front, with the outcomes that they are for.
-- What waits for the commit is checked before the council changes: at the commit only the last one would be seen.
CREATE FUNCTION pg_temp.act(p_council int, p_role text, p_name text) RETURNS void LANGUAGE sql AS $$
  SET CONSTRAINTS ALL IMMEDIATE;
  SET CONSTRAINTS ALL DEFERRED;
  SELECT set_config('mc.council', p_council::text, true);
  SELECT set_config('mc.account', h.account_id::text, true), set_config('mc.hat', h.id::text, true), set_config('mc.role', h.role, true),
         set_config('mc.person', coalesce(h.person_id::text, ''), true), set_config('mc.organisation', coalesce(h.organisation_id::text, ''), true), set_config('mc.mandate', '', true)
    FROM identity.hat h JOIN identity.account a ON a.id = h.account_id
   WHERE h.council_id = p_council AND h.role = p_role AND a.name = p_name
$$;
-- Moves the demonstration's clock to an hour of a day so many days from today (see sql/migrations/0050-clock.sql).
CREATE FUNCTION pg_temp.at(p_days int, p_time time) RETURNS void LANGUAGE sql AS $$
  SELECT set_config('mc.clock', ((((now() AT TIME ZONE 'Europe/London')::date + p_days) + p_time) AT TIME ZONE 'Europe/London')::text, true)
$$;
CREATE FUNCTION pg_temp.person(p_name text) RETURNS text LANGUAGE sql AS $$
  SELECT ref FROM identity.person WHERE council_id = mc.council() AND name = p_name
$$;
CREATE FUNCTION pg_temp.outcome(p_person text, p_title text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO payments.outcome (council_id, ref, person_id, title, agreed_on)
  SELECT mc.council(), mc.new_ref(), id, p_title, current_date - 60 FROM identity.person WHERE council_id = mc.council() AND name = p_person
$$;
-- Lines: [funder, kind, council pays, route, holder account or organisation, pence]
CREATE FUNCTION pg_temp.budget(p_person text, p_lines jsonb) RETURNS void LANGUAGE sql AS $$
  SELECT payments.budget_allocate(gen_random_uuid(), jsonb_build_object('person', pg_temp.person(p_person), 'starts_on', date_trunc('month', current_date - 60)::date,
    'ends_on', (date_trunc('month', current_date - 60) + interval '1 year - 1 day')::date, 'reason', 'Agreed at the first assessment',
    'lines', (SELECT jsonb_agg(jsonb_build_object('funder', l ->> 0, 'kind', l ->> 1, 'council_funded', (l ->> 2)::boolean, 'use_order', n,
                'portions', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('route', l ->> 3, 'amount', (l ->> 5)::bigint,
                  'holder_account', (SELECT id FROM identity.account WHERE name = l ->> 4),
                  'holder_organisation', (SELECT ref FROM identity.organisation WHERE name = l ->> 4))))) ORDER BY n)
                FROM jsonb_array_elements(p_lines) WITH ORDINALITY AS x (l, n))))
$$;

SELECT pg_temp.at(-60, '10:00');
SELECT pg_temp.act(1, 'commissioner', 'Helen Draycott');
SELECT pg_temp.budget('Amina Yusuf', '[["Eastmere Council", "social_care", true, "direct_payment", "Amina Yusuf", 624000]]'),
       pg_temp.budget('George Whitlock', '[["Eastmere Council", "social_care", true, "council_managed", null, 980000]]'),
       pg_temp.budget('Lily Chen', '[["Eastmere Council", "social_care", true, "representative", "Mei Chen", 1240000], ["Eastmere College", "education", false, "council_managed", null, 180000]]'),
       pg_temp.budget('Tom Ashdown', '[["Eastmere Council", "social_care", true, "broker_account", "Clearpath Brokers", 515000]]'),
       pg_temp.budget('Rosa Marino', '[["Eastmere Council", "social_care", true, "provider_isf", "Hearth and Home Care", 730000]]'),
       pg_temp.budget('Delroy Grant', '[["Eastmere Council", "social_care", true, "trust", "Winston Grant", 890000]]'),
       pg_temp.budget('Edith Marlow', '[["Eastmere Council", "social_care", true, "direct_payment", "Edith Marlow", 360000], ["NHS continuing health", "health", false, "council_managed", null, 420000]]');
SELECT pg_temp.outcome('Amina Yusuf', 'Keep my home the way I like it'), pg_temp.outcome('Amina Yusuf', 'See friends every week'),
       pg_temp.outcome('George Whitlock', 'Stay in my own home'), pg_temp.outcome('George Whitlock', 'Eat a proper meal each day'),
       pg_temp.outcome('Lily Chen', 'Go to college by myself'), pg_temp.outcome('Lily Chen', 'Make art with other people'),
       pg_temp.outcome('Tom Ashdown', 'Get out of the house'), pg_temp.outcome('Tom Ashdown', 'Feel well enough to work again'),
       pg_temp.outcome('Rosa Marino', 'Wash and dress with dignity'), pg_temp.outcome('Delroy Grant', 'Play football'), pg_temp.outcome('Delroy Grant', 'Live in my own flat'),
       pg_temp.outcome('Edith Marlow', 'Remember good days'), pg_temp.outcome('Edith Marlow', 'Give Clara a rest');
SELECT pg_temp.act(2, 'commissioner', 'Alan Birch');
SELECT pg_temp.budget('Owen Price', '[["Calderwick Council", "social_care", true, "direct_payment", "Owen Price", 480000]]'),
       pg_temp.budget('Saira Malik', '[["Calderwick Council", "social_care", true, "council_managed", null, 860000]]'),
       pg_temp.budget('Jack Fenwick', '[["Calderwick Council", "social_care", true, "broker_account", "Stepping Stones Brokerage", 350000]]');
SELECT pg_temp.outcome('Owen Price', 'Keep active'), pg_temp.outcome('Saira Malik', 'Care that fits my faith'), pg_temp.outcome('Jack Fenwick', 'Read what I want to read');
SELECT pg_temp.act(1, 'self_funder', 'Margaret Lowe');
SELECT pg_temp.budget('Margaret Lowe', '[["Own money", "own_money", false, "direct_payment", "Margaret Lowe", 200000]]');

-- Who may act for whom.
CREATE FUNCTION pg_temp.mandate(p_council int, p_person text, p_actor text, p_rights text[], p_order bigint, p_month bigint, p_basis text, p_evidence text) RETURNS void
LANGUAGE sql AS $$
  SELECT pg_temp.enter(p_council);
  INSERT INTO identity.mandate (council_id, ref, person_id, account_id, organisation_id, rights, ceiling_order, ceiling_month, basis, evidence, starts_on, review_on)
  SELECT p_council, mc.new_ref(), p.id, a.id, o.id, p_rights, p_order, p_month, p_basis, p_evidence, current_date - 60, current_date + 300
    FROM identity.person p LEFT JOIN identity.account a ON a.name = p_actor LEFT JOIN identity.organisation o ON o.name = p_actor
   WHERE p.council_id = p_council AND p.name = p_person
$$;
SELECT pg_temp.act(1, 'commissioner', 'Helen Draycott');
SELECT pg_temp.mandate(1, 'Tom Ashdown', 'Clearpath Brokers', '{see,order,hold,pay,decide,rate}', 60000, 120000, 'consent', 'Signed at home with Nadia'),
       pg_temp.mandate(1, 'Delroy Grant', 'Clearpath Brokers', '{see,order,decide}', 50000, 100000, 'consent', 'Signed with Winston present'),
       pg_temp.mandate(1, 'Lily Chen', 'Mei Chen', '{see,order,hold,pay,decide,rate,attend_review}', NULL, NULL, 'deputy', 'Court order of last spring'),
       pg_temp.mandate(1, 'Edith Marlow', 'Clara Marlow', '{see,decide,attend_review}', NULL, NULL, 'attorney', 'Registered lasting power of attorney'),
       pg_temp.mandate(1, 'Delroy Grant', 'Winston Grant', '{see,hold,pay}', NULL, NULL, 'consent', 'Trust deed'),
       pg_temp.mandate(2, 'Jack Fenwick', 'Stepping Stones Brokerage', '{see,order,hold,pay}', 40000, 80000, 'consent', 'Recorded on audio at his wish');
