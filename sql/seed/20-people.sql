-- Everybody with an account. Budget holders of every route, those who help them, and the officers of both councils.
CREATE FUNCTION pg_temp.account(p_name text) RETURNS bigint LANGUAGE sql AS $$
  INSERT INTO identity.account (email, name)
  VALUES (lower(regexp_replace(p_name, '[^A-Za-z]+', '.', 'g')) || '@town.example', p_name)
  ON CONFLICT ((lower(email))) DO UPDATE SET name = EXCLUDED.name RETURNING id
$$;
CREATE FUNCTION pg_temp.enter(p_council int) RETURNS void LANGUAGE sql AS $$
  SELECT set_config('mc.council', p_council::text, true)
$$;
CREATE FUNCTION pg_temp.officer(p_council int, p_role text, p_name text) RETURNS void LANGUAGE sql AS $$
  SELECT pg_temp.enter(p_council);
  INSERT INTO identity.hat (council_id, account_id, role) VALUES (p_council, pg_temp.account(p_name), p_role)
$$;
CREATE FUNCTION pg_temp.holder(p_council int, p_role text, p_name text, p_postcode text, p_needs text) RETURNS void LANGUAGE sql AS $$
  SELECT pg_temp.enter(p_council);
  INSERT INTO identity.person (council_id, ref, name, postcode, needs) VALUES (p_council, mc.new_ref(), p_name, p_postcode, p_needs);
  INSERT INTO identity.hat (council_id, account_id, role, person_id)
  SELECT p_council, pg_temp.account(p_name), p_role, id FROM identity.person WHERE council_id = p_council AND name = p_name
$$;

SELECT pg_temp.holder(1, 'holder', 'Amina Yusuf', 'EM1 2AB', 'Speaks Somali and English. Please text first.'),
       pg_temp.holder(1, 'holder', 'George Whitlock', 'EM1 4RT', 'Large print, please.'),
       pg_temp.holder(1, 'holder', 'Lily Chen', 'EM2 1CD', 'Easy Read and pictures. Time to answer.'),
       pg_temp.holder(1, 'holder', 'Tom Ashdown', 'EM2 3EF', 'Email is best.'),
       pg_temp.holder(1, 'holder', 'Rosa Marino', 'EM3 1GH', 'Hard of hearing: please write.'),
       pg_temp.holder(1, 'holder', 'Delroy Grant', 'EM3 2JK', NULL),
       pg_temp.holder(1, 'holder', 'Edith Marlow', 'EM1 1LM', 'Large print. Her daughter helps with forms.'),
       pg_temp.holder(2, 'holder', 'Owen Price', 'CW1 1AA', 'Welsh and English.'),
       pg_temp.holder(2, 'holder', 'Saira Malik', 'CW1 2BB', NULL),
       pg_temp.holder(2, 'holder', 'Jack Fenwick', 'CW2 1CC', 'Uses a screen reader.'),
       pg_temp.holder(1, 'self_funder', 'Margaret Lowe', 'EM2 2NP', NULL);

SELECT pg_temp.officer(1, 'commissioner', 'Helen Draycott'), pg_temp.officer(1, 'finance', 'Ravi Patel'), pg_temp.officer(1, 'finance', 'Susan Oakes'),
       pg_temp.officer(1, 'auditor', 'Peter Lindqvist'), pg_temp.officer(1, 'safeguarding', 'Grace Adeyemi'), pg_temp.officer(1, 'moderator', 'Colin Mead'),
       pg_temp.officer(1, 'operator', 'Tess Holloway'),
       pg_temp.officer(2, 'commissioner', 'Alan Birch'), pg_temp.officer(2, 'finance', 'Moira Keane'), pg_temp.officer(2, 'finance', 'David Osei'),
       pg_temp.officer(2, 'auditor', 'Yvonne Carter'), pg_temp.officer(2, 'safeguarding', 'Ian Mercer'), pg_temp.officer(2, 'moderator', 'Beth Lawson'),
       pg_temp.officer(1, 'supporter', 'Mei Chen'), pg_temp.officer(1, 'supporter', 'Clara Marlow'), pg_temp.officer(1, 'supporter', 'Winston Grant');
