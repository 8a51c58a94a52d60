-- Providers, micro-enterprises, brokers and community groups, each with somebody who answers for it.
CREATE FUNCTION pg_temp.organisation(p_name text, p_kind text, p_contact text, p_councils int[], p_summary text, p_area text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  v_id bigint;
  c    int;
BEGIN
  INSERT INTO identity.organisation (ref, name, kind) VALUES (mc.new_ref(), p_name, p_kind) RETURNING id INTO v_id;
  INSERT INTO catalogue.storefront (organisation_id, summary, phone, email, area)
  VALUES (v_id, p_summary, '01632 96' || lpad((v_id % 10000)::text, 4, '0'), lower(regexp_replace(p_name, '[^A-Za-z]+', '-', 'g')) || '@town.example', p_area);
  FOREACH c IN ARRAY p_councils LOOP
    PERFORM pg_temp.enter(c);
    INSERT INTO identity.hat (council_id, account_id, role, organisation_id)
    VALUES (c, pg_temp.account(p_contact), CASE p_kind WHEN 'group' THEN 'group' WHEN 'broker' THEN 'broker' ELSE 'provider' END, v_id);
  END LOOP;
  RETURN v_id;
END $$;

SELECT pg_temp.organisation(o.name, o.kind, o.contact, o.councils, o.summary, o.area) FROM (VALUES
  ('Hearth and Home Care', 'agency', 'Olivia Stone', '{1,2}'::int[], 'Help at home from people you get to know. The same two or three faces, never a stranger at the door.', 'Eastmere and Calderwick'),
  ('Kestrel Care', 'agency', 'Martin Vale', '{1}', 'Home care in the north of Eastmere, early mornings and late evenings too.', 'North Eastmere'),
  ('Riverside Support', 'agency', 'Janet Moor', '{1,2}', 'Support to live your own life: at home, at college, at work, out and about.', 'The valley'),
  ('Willow Tree Care', 'agency', 'Hassan Iqbal', '{2}', 'A small family agency in Calderwick. We speak Urdu, Punjabi and English.', 'Calderwick'),
  ('Brightwater Nursing at Home', 'agency', 'Anne Sorrell', '{1,2}', 'Registered nurses and trained carers for people with complex needs.', 'The valley'),
  ('Anchor Steps', 'agency', 'Joel Brandt', '{1}', 'Mental health support, one small step at a time, with somebody who has been there.', 'Eastmere'),
  ('Eastmere Care at Home', 'in_house', 'Pauline Webb', '{1}', 'The council’s own home care team.', 'Eastmere'),
  ('Calderwick Day Opportunities', 'in_house', 'Rob Tansley', '{2}', 'The council’s day centre: art, cooking, music and friends.', 'Calderwick'),
  ('The Lantern Trust', 'charity', 'Felicity Amos', '{1,2}', 'For people with dementia and those who love them. Day club, memory café, someone to talk to.', 'The valley'),
  ('Common Thread', 'charity', 'Noor Rashid', '{1}', 'Making things together: textiles, pottery, music. Everybody is an artist here.', 'Eastmere'),
  ('Wheels for All', 'charity', 'Graham Pike', '{1,2}', 'Door-to-door lifts in accessible cars, with a driver who waits.', 'The valley'),
  ('Open Kitchen', 'charity', 'Dorothy Nash', '{1}', 'Hot meals brought to you, and lunch together on Thursdays.', 'Eastmere'),
  ('Bev’s Garden Hands', 'micro', 'Bev Horton', '{1}', 'I look after gardens with you or for you. Big or small, wild or neat.', 'Eastmere'),
  ('Marcus Mends', 'micro', 'Marcus Bell', '{1}', 'Small repairs, grab rails, shelves and dripping taps.', 'Eastmere'),
  ('Walk with Priya', 'micro', 'Priya Nair', '{1}', 'Company for walks, gentle or brisk, with a flask of tea.', 'Eastmere'),
  ('Hannah’s Kitchen Table', 'micro', 'Hannah Frost', '{1,2}', 'I cook with you in your kitchen, and we freeze the rest.', 'The valley'),
  ('Sam Okoro, Companion', 'micro', 'Sam Okoro', '{1}', 'Football, chess, the pub quiz: I come along so that you can go.', 'Eastmere'),
  ('Gentle Moves with Ines', 'micro', 'Ines Duarte', '{1}', 'Seated exercise and dance at home.', 'Eastmere'),
  ('Pete’s Pet Visits', 'micro', 'Pete Lomax', '{2}', 'I walk your dog and feed your cat when you cannot.', 'Calderwick'),
  ('Lena Reads', 'micro', 'Lena Wolff', '{2}', 'I read aloud, write letters and sort the post with you.', 'Calderwick'),
  ('Clearpath Brokers', 'broker', 'Nadia Rahman', '{1}', 'We plan with you, look around with you, and order for you if you wish.', 'Eastmere'),
  ('Stepping Stones Brokerage', 'broker', 'Joan Pickard', '{2}', 'Support planning by people who use support themselves.', 'Calderwick')
) AS o (name, kind, contact, councils, summary, area);
