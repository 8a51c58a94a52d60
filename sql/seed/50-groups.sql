-- Community groups with what they do week after week. The dates are made by daily/10-dates.sql.
CREATE TABLE IF NOT EXISTS mc.demo_event (event_id bigint PRIMARY KEY, weekday int NOT NULL, starts time NOT NULL, minutes int NOT NULL);
CREATE FUNCTION pg_temp.group_of(p_council int, p_name text, p_category text, p_summary text, p_event text, p_weekday int, p_starts time, p_minutes int, p_place text, p_postcode text, p_features text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_event bigint;
BEGIN
  PERFORM pg_temp.enter(p_council);
  INSERT INTO catalogue.entry (ref, council_id, kind, name, summary, description, category, phone, address, postcode, lat, lon, features, hours, minimum_age,
                               assured_on, check_again_by, source, source_key, source_hash)
  SELECT mc.new_ref(), p_council, 'community', p_name, p_summary, p_summary, p_category, '01632 960 9' || lpad((length(p_name) * 7 % 100)::text, 2, '0'), p_place, p_postcode, c.lat, c.lon, p_features,
         format('%s %s %s', p_weekday, to_char(p_starts, 'HH24:MI'), to_char(p_starts + make_interval(mins => p_minutes), 'HH24:MI')), CASE WHEN p_summary ~ 'over fifty' THEN 50 END,
         current_date - 30, current_date + 335, 'demonstration', p_name, sha256(convert_to(p_name, 'UTF8'))
    FROM catalogue.postcode c WHERE c.postcode = p_postcode;
  INSERT INTO catalogue.event (ref, council_id, title, summary, description, category, place, postcode, lat, lon, features, status)
  SELECT mc.new_ref(), p_council, p_event, p_summary, p_summary, p_category, p_place, p_postcode, c.lat, c.lon, p_features, 'published'
    FROM catalogue.postcode c WHERE c.postcode = p_postcode RETURNING id INTO v_event;
  INSERT INTO mc.demo_event VALUES (v_event, p_weekday, p_starts, p_minutes);
END $$;

SELECT pg_temp.group_of(1, 'Eastmere Walking Football', 'sport', 'Football at walking pace for anybody over fifty. Boots not needed.', 'Walking football', 2, '10:00', 60, 'Harbour Park pitches', 'EM1 1AA', '{accessible_toilet}'),
       pg_temp.group_of(1, 'The Memory Café', 'mind', 'Tea, cake and company for people with dementia and their families.', 'Memory café', 3, '14:00', 120, 'Mill Street Chapel hall', 'EM1 2AB', '{wheelchair,hearing_loop,accessible_toilet}'),
       pg_temp.group_of(1, 'Eastmere Community Choir', 'arts-and-music', 'Everybody sings. No audition, no need to read music.', 'Choir practice', 4, '19:00', 90, 'Old Corn Exchange', 'EM1 1CC', '{wheelchair,hearing_loop}'),
       pg_temp.group_of(1, 'Knit and Natter', 'things-to-do', 'Wool, needles and talk. Beginners welcome.', 'Knit and natter', 1, '13:30', 120, 'Eastmere Library', 'EM1 1LM', '{wheelchair,accessible_toilet,quiet_space}'),
       pg_temp.group_of(1, 'Harbour Allotment Friends', 'gardening', 'A shared plot with raised beds for wheelchair users.', 'Open plot morning', 6, '10:00', 150, 'Harbour Lane allotments', 'EM2 1CD', '{wheelchair}'),
       pg_temp.group_of(1, 'Men in Sheds Eastmere', 'things-to-do', 'Mend, make and drink tea.', 'Shed day', 5, '09:30', 180, 'Unit 4, Tannery Yard', 'EM3 1GH', '{accessible_toilet}'),
       pg_temp.group_of(1, 'Deaf Coffee Morning', 'things-to-do', 'Chat in British Sign Language.', 'Deaf coffee morning', 6, '11:00', 90, 'Corner Café', 'EM1 4RT', '{bsl,wheelchair}'),
       pg_temp.group_of(1, 'Stroke Survivors Together', 'mind', 'For people after a stroke, and those beside them.', 'Monthly meeting', 2, '14:00', 90, 'St Bride’s hall', 'EM2 2NP', '{wheelchair,hearing_loop}'),
       pg_temp.group_of(1, 'Eastmere Parkrun Volunteers', 'sport', 'Walk, run or cheer: five kilometres on Saturday.', 'Saturday five kilometres', 6, '09:00', 75, 'Harbour Park', 'EM1 1AA', '{}'),
       pg_temp.group_of(1, 'Lunch Club at Open Kitchen', 'food', 'A cooked lunch together, pay what you can.', 'Thursday lunch', 4, '12:00', 90, 'Open Kitchen', 'EM1 3EF', '{wheelchair,accessible_toilet}'),
       pg_temp.group_of(1, 'Somali Women’s Circle', 'things-to-do', 'Sewing, cooking and English, with a crèche.', 'Women’s circle', 3, '10:00', 120, 'Unity Centre', 'EM1 2BB', '{accessible_toilet}'),
       pg_temp.group_of(1, 'Autism Social', 'things-to-do', 'A calm evening of games, with a quiet room.', 'Autism social', 5, '18:00', 120, 'Eastmere Library', 'EM1 1LM', '{quiet_space,bring_supporter}'),
       pg_temp.group_of(1, 'Carers’ Breathing Space', 'mind', 'An hour for you, if you look after somebody.', 'Breathing space', 1, '10:30', 60, 'Unity Centre', 'EM1 2BB', '{quiet_space}'),
       pg_temp.group_of(1, 'Eastmere Chess Club', 'things-to-do', 'All strengths, one board spare for you.', 'Chess evening', 2, '18:30', 150, 'The Anchor, back room', 'EM3 2JK', '{}'),
       pg_temp.group_of(1, 'Swim for All', 'sport', 'A warm pool, a hoist and patient helpers.', 'Swim for all', 7, '15:00', 60, 'Harbour Baths', 'EM2 3EF', '{wheelchair,accessible_toilet,bring_supporter}'),
       pg_temp.group_of(1, 'Digital Drop-in', 'learning-and-work', 'Bring your phone and your questions.', 'Digital drop-in', 2, '10:00', 120, 'Eastmere Library', 'EM1 1LM', '{wheelchair,hearing_loop}'),
       pg_temp.group_of(1, 'Eastmere Food Club', 'food', 'A bag of good food for four pounds.', 'Food club', 3, '16:00', 120, 'Unity Centre', 'EM1 2BB', '{wheelchair}'),
       pg_temp.group_of(2, 'Calderwick Brass Beginners', 'arts-and-music', 'Borrow a cornet and make a noise.', 'Beginners’ band', 1, '18:00', 60, 'Band room, Weir Road', 'CW1 1AA', '{}'),
       pg_temp.group_of(2, 'Calderwick Walking Group', 'sport', 'Flat paths, slow pace, good talk.', 'Wednesday walk', 3, '10:30', 90, 'Weir car park', 'CW1 2BB', '{bring_supporter}'),
       pg_temp.group_of(2, 'Tea and Tales', 'things-to-do', 'Stories and biscuits in Urdu and English.', 'Tea and tales', 4, '14:00', 90, 'Calderwick Library', 'CW1 1CC', '{wheelchair,hearing_loop}'),
       pg_temp.group_of(2, 'Wheelchair Basketball', 'sport', 'Chairs to borrow. Walkers welcome too.', 'Wheelchair basketball', 5, '19:00', 90, 'Calderwick Sports Hall', 'CW2 1CC', '{wheelchair,accessible_toilet}'),
       pg_temp.group_of(2, 'Bereavement Garden', 'mind', 'Digging, planting and remembering.', 'Garden afternoon', 2, '13:00', 120, 'Chapel garden', 'CW2 2AB', '{quiet_space}'),
       pg_temp.group_of(2, 'Repair Café', 'things-to-do', 'Bring it broken, take it home mended.', 'Repair café', 6, '10:00', 180, 'Weir Road hall', 'CW1 1AA', '{wheelchair}'),
       pg_temp.group_of(2, 'Calderwick Young Carers', 'children-and-families', 'Pizza, games and somebody who understands.', 'Young carers’ night', 5, '17:00', 120, 'Youth house', 'CW1 2BB', '{}'),
       pg_temp.group_of(2, 'Parkinson’s Dance', 'sport', 'Music that helps you move.', 'Dance class', 4, '11:00', 60, 'Weir Road hall', 'CW1 1AA', '{wheelchair,bring_supporter}');
