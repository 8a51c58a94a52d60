-- People for the drills: budget holders of council 1, each with a budget, an outcome and a session whose token is known.
CREATE SCHEMA drill;
CREATE TABLE drill.person (id bigint PRIMARY KEY, ref text NOT NULL, token text NOT NULL, outcome text);
BEGIN;
CREATE FUNCTION pg_temp.act(p_role text) RETURNS void LANGUAGE sql AS $$
  SELECT set_config('mc.council', '1', true), set_config('mc.account', account_id::text, true), set_config('mc.hat', id::text, true), set_config('mc.role', role, true)
    FROM identity.hat WHERE council_id = 1 AND role = p_role ORDER BY id LIMIT 1
$$;
SELECT pg_temp.act('commissioner');
INSERT INTO identity.account (email, name) SELECT 'drill' || n || '@town.example', 'Drill Person ' || n FROM generate_series(1, :people) AS n;
INSERT INTO identity.person (council_id, ref, name, postcode) SELECT 1, mc.new_ref(), 'Drill Person ' || n, 'EM1 2AB' FROM generate_series(1, :people) AS n;
INSERT INTO identity.hat (council_id, account_id, role, person_id)
SELECT 1, a.id, 'holder', p.id FROM identity.account a JOIN identity.person p ON p.name = a.name WHERE a.name LIKE 'Drill Person %';
INSERT INTO payments.outcome (council_id, ref, person_id, title, agreed_on)
SELECT 1, mc.new_ref(), id, 'Get out of the house', current_date - 30 FROM identity.person WHERE name LIKE 'Drill Person %';
INSERT INTO drill.person SELECT p.id, p.ref, encode(sha256(('drill ' || p.id)::bytea), 'hex'), o.ref
  FROM identity.person p JOIN payments.outcome o ON o.person_id = p.id WHERE p.name LIKE 'Drill Person %';
-- The cookie is the token in hexadecimal; the session keeps the digest of that text.
INSERT INTO identity.session (token_sha256, account_id, council_id, hat_id, expires_at)
SELECT sha256(d.token::bytea), h.account_id, 1, h.id, now() + interval '1 day' FROM drill.person d JOIN identity.hat h ON h.person_id = d.id;
SELECT payments.budget_allocate(gen_random_uuid(), jsonb_build_object('person', ref, 'starts_on', current_date - 30, 'ends_on', current_date + 700,
  'lines', jsonb_build_array(jsonb_build_object('funder', 'Eastmere Council', 'kind', 'social_care', 'council_funded', true, 'portions',
    jsonb_build_array(jsonb_build_object('route', 'council_managed', 'amount', :budget)))))) FROM drill.person;
-- What the town itself sent before.
CREATE TABLE drill.key AS SELECT key FROM mc.idempotency;
COMMIT;
