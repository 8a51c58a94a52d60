-- Postcodes that do not exist, in a valley that does not exist; what providers offer; what Eastmere and Calderwick agreed with them.
INSERT INTO catalogue.postcode (postcode, lat, lon)
SELECT format('%s%s %s', d.area, d.n, i.inward), d.lat + (i.k % 5 - 2) * 0.003, d.lon + (i.k / 5 - 1) * 0.005
  FROM (VALUES ('EM', 1, 53.510, -2.610), ('EM', 2, 53.525, -2.590), ('EM', 3, 53.495, -2.630), ('CW', 1, 53.560, -2.700), ('CW', 2, 53.575, -2.680)) AS d (area, n, lat, lon),
       (VALUES ('1AA', 0), ('1CC', 1), ('1CD', 2), ('1GH', 3), ('1LM', 4), ('2AB', 5), ('2BB', 6), ('2JK', 7), ('2NP', 8), ('3EF', 9), ('4RT', 10)) AS i (inward, k)
ON CONFLICT DO NOTHING;

CREATE FUNCTION pg_temp.listing(p_org text, p_title text, p_category text, p_unit text, p_price bigint, p_postcode text, p_summary text, p_more jsonb) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO catalogue.listing (ref, organisation_id, title, summary, description, category, unit, price, minimum_minutes, notice_hours, terms, delivered, postcode, lat, lon,
                                 radius_m, features, languages, faith_diet, dbs_on, insured_until, cqc_id, cqc_rating, cqc_rated_on, cqc_exemption, status, published_at)
  SELECT mc.new_ref(), o.id, p_title, p_summary, coalesce(p_more ->> 'description', p_summary), p_category, p_unit, p_price,
         coalesce((p_more ->> 'minimum')::int, CASE p_unit WHEN 'hour' THEN 30 ELSE 0 END), coalesce((p_more ->> 'notice')::int, 24),
         'Cancel ' || coalesce(p_more ->> 'notice', '24') || ' hours before and pay nothing.',
         ARRAY(SELECT jsonb_array_elements_text(coalesce(p_more -> 'delivered', '["home"]'))), p_postcode, c.lat, c.lon, coalesce((p_more ->> 'radius')::int, 12000),
         ARRAY(SELECT jsonb_array_elements_text(coalesce(p_more -> 'features', '[]')))::text[],
         ARRAY(SELECT jsonb_array_elements_text(coalesce(p_more -> 'languages', '["English"]'))), p_more ->> 'faith',
         current_date - 200, current_date + 240, p_more ->> 'cqc', p_more ->> 'rating', CASE WHEN p_more ? 'rating' THEN current_date - 160 END, p_more ->> 'exemption',
         'published', now() - interval '90 days'
    FROM identity.organisation o, catalogue.postcode c WHERE o.name = p_org AND c.postcode = p_postcode
$$;

SELECT pg_temp.listing('Hearth and Home Care', 'Personal care at home', 'personal-care', 'hour', 2650, 'EM1 1AA', 'Help with washing, dressing, meals and medicine, by the same small team.', '{"cqc": "9-000001", "rating": "Good", "features": ["gender_choice", "same_worker"], "languages": ["English", "Somali"]}'),
       pg_temp.listing('Hearth and Home Care', 'Help around the house', 'cleaning-and-laundry', 'hour', 2150, 'EM1 1AA', 'Cleaning, laundry, bed changing and the shopping.', '{"minimum": 60, "features": ["same_worker"]}'),
       pg_temp.listing('Kestrel Care', 'Home care, mornings and evenings', 'personal-care', 'hour', 2490, 'EM2 1CC', 'Getting up, going to bed, and the medicine in between.', '{"cqc": "9-000002", "rating": "Good", "features": ["gender_choice"]}'),
       pg_temp.listing('Kestrel Care', 'On-call night', 'personal-care', 'night', 11500, 'EM2 1CC', 'Somebody awake nearby who comes when you ring.', '{"cqc": "9-000002", "rating": "Good"}'),
       pg_temp.listing('Riverside Support', 'Support to live your life', 'going-out', 'hour', 2290, 'EM1 2BB', 'A support worker of your choice, at home or out and about.', '{"minimum": 60, "features": ["gender_choice", "same_worker"], "languages": ["English", "Cantonese"]}'),
       pg_temp.listing('Riverside Support', 'Travel training', 'getting-about', 'session', 4800, 'EM1 2BB', 'We learn a journey with you until you can do it alone.', '{}'),
       pg_temp.listing('Willow Tree Care', 'Personal care by a family agency', 'personal-care', 'hour', 2520, 'CW1 1AA', 'Care that knows your food, your faith and your language.', '{"cqc": "9-000004", "rating": "Outstanding", "features": ["gender_choice", "faith_practice", "special_diets"], "languages": ["English", "Urdu", "Punjabi"], "faith": "Halal meals; prayer times kept"}'),
       pg_temp.listing('Brightwater Nursing at Home', 'Nurse-led care', 'personal-care', 'hour', 3890, 'EM1 4RT', 'Nurses and carers trained with you, for feeding tubes, breathing and epilepsy.', '{"cqc": "9-000005", "rating": "Outstanding", "minimum": 60}'),
       pg_temp.listing('Anchor Steps', 'Mental health support worker', 'mind', 'hour', 2380, 'EM3 2JK', 'Getting up, getting out, getting through: with somebody who listens.', '{"minimum": 60, "features": ["gender_choice", "quiet_space"]}'),
       pg_temp.listing('Eastmere Care at Home', 'Council home care', 'personal-care', 'hour', 3281, 'EM1 1LM', 'The council’s own carers, trained and known to your social worker.', '{"cqc": "9-000007", "rating": "Good"}'),
       pg_temp.listing('Calderwick Day Opportunities', 'A day at the centre', 'things-to-do', 'day', 6200, 'CW2 1CC', 'Art, cooking, music and friends, with lunch.', '{"delivered": ["place"], "features": ["wheelchair", "hearing_loop", "quiet_space", "accessible_toilet"]}'),
       pg_temp.listing('The Lantern Trust', 'Dementia day club', 'short-breaks', 'session', 3400, 'EM2 2NP', 'A gentle morning for people with dementia. Carers may stay or have a rest.', '{"delivered": ["place"], "features": ["wheelchair", "hearing_loop", "accessible_toilet", "quiet_space"]}'),
       pg_temp.listing('The Lantern Trust', 'Dementia companion at home', 'going-out', 'hour', 1980, 'EM2 2NP', 'Company for somebody with dementia, so that you can go out.', '{"minimum": 120, "features": ["same_worker"]}'),
       pg_temp.listing('Common Thread', 'Studio session', 'arts-and-music', 'session', 1800, 'EM1 2AB', 'Textiles, pottery or music in a bright, friendly studio.', '{"delivered": ["place"], "features": ["wheelchair", "quiet_space", "bring_supporter"]}'),
       pg_temp.listing('Wheels for All', 'Accessible lift', 'getting-about', 'trip', 950, 'EM1 1GH', 'Door to door in the valley. Up to ten miles.', '{"notice": 4, "features": ["wheelchair"]}'),
       pg_temp.listing('Open Kitchen', 'Hot meal at your door', 'shopping-and-meals', 'meal', 690, 'EM1 3EF', 'Cooked today, brought at noon. Halal, vegetarian and soft meals too.', '{"notice": 12, "features": ["special_diets"], "faith": "Halal and vegetarian choices every day"}'),
       pg_temp.listing('Bev’s Garden Hands', 'Gardening with you or for you', 'home-and-garden-jobs', 'hour', 1800, 'EM1 2AB', 'Weeding, planting, mowing: you in charge, me with the spade.', '{"minimum": 60}'),
       pg_temp.listing('Marcus Mends', 'Handyman', 'home-and-garden-jobs', 'hour', 2200, 'EM3 1GH', 'Rails, ramps, shelves, taps and light bulbs.', '{"minimum": 60}'),
       pg_temp.listing('Walk with Priya', 'Walking company', 'going-out', 'hour', 1600, 'EM1 1LM', 'An hour outside with somebody cheerful.', '{"languages": ["English", "Malayalam"]}'),
       pg_temp.listing('Hannah’s Kitchen Table', 'Cooking together', 'shopping-and-meals', 'hour', 1750, 'EM2 1CD', 'We plan, cook and freeze a week of good food.', '{"minimum": 120, "features": ["special_diets"]}'),
       pg_temp.listing('Sam Okoro, Companion', 'Going out with Sam', 'going-out', 'hour', 1700, 'EM1 4RT', 'Football, chess, the pub quiz, the barber.', '{"minimum": 60}'),
       pg_temp.listing('Gentle Moves with Ines', 'Seated exercise at home', 'sport', 'session', 2000, 'EM3 3EF', 'Forty minutes of music and movement in your chair.', '{"languages": ["English", "Portuguese"]}'),
       pg_temp.listing('Pete’s Pet Visits', 'Dog walking and pet visits', 'home-and-garden-jobs', 'item', 1200, 'CW1 2BB', 'One visit, half an hour, one happy animal.', '{}'),
       pg_temp.listing('Lena Reads', 'Reading and letters', 'going-out', 'hour', 1500, 'CW2 2AB', 'Books, newspapers, letters and forms, read and written with you.', '{}');

-- Agreed prices: seen and paid only where the council's money pays.
CREATE FUNCTION pg_temp.agreed(p_council int, p_title text, p_price bigint) RETURNS void LANGUAGE sql AS $$
  SELECT pg_temp.enter(p_council);
  INSERT INTO catalogue.agreed_price (council_id, listing_id, price, valid_from) SELECT p_council, id, p_price, current_date - 365 FROM catalogue.listing WHERE title = p_title
$$;
SELECT pg_temp.agreed(1, 'Personal care at home', 2310), pg_temp.agreed(1, 'Help around the house', 1890), pg_temp.agreed(1, 'Home care, mornings and evenings', 2240),
       pg_temp.agreed(1, 'Support to live your life', 2050), pg_temp.agreed(1, 'Dementia day club', 3000), pg_temp.agreed(1, 'Mental health support worker', 2190),
       pg_temp.agreed(2, 'Personal care at home', 2395), pg_temp.agreed(2, 'Personal care by a family agency', 2330), pg_temp.agreed(2, 'A day at the centre', 5400);
