-- Seven weeks ago people asked for what they live with now. One line an order; the provider answers it the next morning.

-- Acts for a person under the mandate of the hat worn now.
CREATE FUNCTION pg_temp.acting_for(p_person text) RETURNS void LANGUAGE sql AS $$
  SELECT set_config('mc.person', p.id::text, true), set_config('mc.mandate', (identity.mandate_in_force(p.id, 'order')).id::text, true)
    FROM identity.person p WHERE p.council_id = mc.council() AND p.name = p_person
$$;

-- The hat of whoever answers for a listing's organisation in the council worn now.
CREATE FUNCTION pg_temp.as_provider(p_organisation bigint) RETURNS void LANGUAGE sql AS $$
  SELECT set_config('mc.account', h.account_id::text, true), set_config('mc.hat', h.id::text, true), set_config('mc.role', 'provider', true), set_config('mc.person', '', true),
         set_config('mc.organisation', h.organisation_id::text, true), set_config('mc.mandate', '', true)
    FROM identity.hat h WHERE h.council_id = mc.council() AND h.role = 'provider' AND h.organisation_id = p_organisation ORDER BY h.id LIMIT 1
$$;

-- Days are ISO weekdays; the first one on or after p_from (days from today) begins. Amount: minutes of an hour's price, else how many.
CREATE FUNCTION pg_temp.asks(p_title text, p_amount int, p_days int[], p_from int, p_weeks int, p_outcome text, p_at time, p_note text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.got(payments.order_place(gen_random_uuid(), jsonb_strip_nulls(jsonb_build_object('listing', l.ref, 'starts_on', f.day,
           'weekdays', p_days, 'every', CASE cardinality(p_days) WHEN 0 THEN 'once' ELSE 'weekly' END, 'weeks', p_weeks, 'starts_at', p_at, 'note', p_note,
           CASE l.unit WHEN 'hour' THEN 'minutes' ELSE 'quantity' END, p_amount,
           'outcome', (SELECT ref FROM payments.outcome WHERE council_id = mc.council() AND person_id = mc.person() AND title = p_outcome)))), 'placed') ->> 'ref'
    FROM catalogue.listing l,
         (SELECT min(d) AS day FROM (SELECT (now() AT TIME ZONE 'Europe/London')::date + p_from + n AS d FROM generate_series(0, 6) AS n) AS week
           WHERE p_days = '{}' OR extract(isodow FROM d)::int = ANY (p_days)) AS f
   WHERE l.title = p_title
$$;

CREATE FUNCTION pg_temp.answers(p_order text, p_accept boolean, p_note text DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.as_provider(organisation_id) FROM payments.orders WHERE council_id = mc.council() AND ref = p_order;
  IF p_accept THEN
    PERFORM pg_temp.got(payments.order_accept(gen_random_uuid(), jsonb_strip_nulls(jsonb_build_object('order', p_order, 'note', p_note))), 'accepted');
  ELSE
    PERFORM pg_temp.got(payments.order_decline(gen_random_uuid(), jsonb_build_object('order', p_order, 'note', p_note)), 'declined');
  END IF;
END $$;

-- Everybody who was asked yesterday answers at nine.
CREATE FUNCTION pg_temp.all_accept(p_council int, p_days int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_ref text;
BEGIN
  PERFORM pg_temp.at(p_days, '09:05');
  FOR v_ref IN SELECT ref FROM payments.orders WHERE council_id = p_council AND state = 'asked' ORDER BY id LOOP
    PERFORM pg_temp.answers(v_ref, true);
  END LOOP;
END $$;

SELECT pg_temp.at(-52, '10:40');
SELECT pg_temp.act(1, 'holder', 'Amina Yusuf');
SELECT pg_temp.asks('Personal care at home', 60, '{1,4}', -49, 16, 'Keep my home the way I like it', '09:30', 'Please ring twice, I am slow to the door.'),
       pg_temp.asks('Walking company', 60, '{6}', -49, 12, 'See friends every week', '11:00');
SELECT pg_temp.act(1, 'holder', 'George Whitlock');
SELECT pg_temp.asks('Council home care', 60, '{1,2,3,4,5}', -49, 14, 'Stay in my own home', '08:00'),
       pg_temp.asks('Hot meal at your door', 1, '{1,3,5}', -49, 14, 'Eat a proper meal each day', '12:00');
SELECT pg_temp.act(1, 'supporter', 'Mei Chen');
SELECT pg_temp.acting_for('Lily Chen');
SELECT pg_temp.asks('Support to live your life', 120, '{2}', -49, 14, 'Go to college by myself', '13:00', 'Lily likes to be told what happens next.'),
       pg_temp.asks('Studio session', 1, '{3}', -49, 14, 'Make art with other people', '10:30');
SELECT pg_temp.act(1, 'broker', 'Nadia Rahman');
SELECT pg_temp.acting_for('Tom Ashdown');
SELECT pg_temp.asks('Mental health support worker', 60, '{3}', -49, 12, 'Feel well enough to work again', '14:00'),
       pg_temp.asks('Going out with Sam', 120, '{5}', -49, 12, 'Get out of the house', '19:00');
SELECT pg_temp.acting_for('Delroy Grant');
SELECT pg_temp.asks('Accessible lift', 2, '{6}', -49, 12, 'Play football', '13:30');
SELECT pg_temp.act(1, 'holder', 'Rosa Marino');
SELECT pg_temp.asks('Personal care at home', 90, '{2,5}', -49, 14, 'Wash and dress with dignity', '08:30');
SELECT pg_temp.act(1, 'holder', 'Edith Marlow');
SELECT pg_temp.asks('Dementia day club', 1, '{4}', -49, 14, 'Remember good days', '10:00'),
       pg_temp.asks('Home care, mornings and evenings', 30, '{7}', -49, 14, 'Give Clara a rest', '18:30');
SELECT pg_temp.act(1, 'self_funder', 'Margaret Lowe');
SELECT pg_temp.asks('Seated exercise at home', 1, '{2}', -49, 12, NULL, '15:00');
SELECT pg_temp.all_accept(1, -51);

SELECT pg_temp.act(2, 'holder', 'Owen Price');
SELECT pg_temp.at(-52, '11:15');
SELECT pg_temp.asks('Dog walking and pet visits', 1, '{1,3,5}', -49, 12, 'Keep active', '16:00'),
       pg_temp.asks('Accessible lift', 2, '{6}', -49, 12, 'Keep active', '10:00');
SELECT pg_temp.act(2, 'holder', 'Saira Malik');
SELECT pg_temp.asks('Personal care by a family agency', 60, '{1,3,6}', -49, 14, 'Care that fits my faith', '08:00'),
       pg_temp.asks('A day at the centre', 1, '{3}', -49, 14, 'Care that fits my faith', '10:00');
SELECT pg_temp.act(2, 'broker', 'Joan Pickard');
SELECT pg_temp.acting_for('Jack Fenwick');
SELECT pg_temp.asks('Reading and letters', 60, '{4}', -49, 12, 'Read what I want to read', '14:30');
SELECT pg_temp.all_accept(2, -51);

SELECT pg_temp.act(1, 'self_funder', 'Margaret Lowe');
SELECT pg_temp.at(-52, '12:00');
SELECT pg_temp.asks('Help around the house', 60, '{1}', -49, 6, NULL, '10:00');
SELECT pg_temp.all_accept(1, -51);
