-- On top of tests/sql/fixture.psql: people m0 … with two purses and an outcome each. :people is how many.
CREATE FUNCTION public.t_model(p_n int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_name text := 'm' || p_n;
BEGIN
  WITH p AS (INSERT INTO identity.person (council_id, ref, name) VALUES (901, mc.new_ref(), 'Model ' || p_n) RETURNING id, ref)
  INSERT INTO public.t_thing SELECT v_name, id, ref FROM p;
  PERFORM public.t_hat_make(v_name, 901, 'holder', NULL, v_name);
  WITH o AS (INSERT INTO payments.outcome (council_id, ref, person_id, title, agreed_on) VALUES (901, mc.new_ref(), public.id(v_name), 'Get out', current_date - 30) RETURNING id, ref)
  INSERT INTO public.t_thing SELECT 'o_' || v_name, id, ref FROM o;
  PERFORM public.t_allocate('b_' || v_name, v_name, '[
    {"funder": "Own money", "kind": "own_money", "use_order": 1, "portions": [{"route": "council_managed", "amount": 6000}]},
    {"funder": "Exampleshire Council", "kind": "social_care", "use_order": 2, "portions": [{"route": "council_managed", "amount": 30000}]}]');
END $$;
-- One of several that ask at once, as payments.orders_place takes it. The sessions of the model's people last longer than the longest run.
CREATE FUNCTION public.asked(p_name text, p_key text, p_request jsonb) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_array(sha256(p_name::bytea)::text, 'holder', NULL, 't', p_key, p_request::text)
$$;
SELECT public.be('commissioner') \g /dev/null
SELECT public.t_model(n) FROM generate_series(0, :people - 1) AS n \g /dev/null
INSERT INTO identity.session (token_sha256, account_id, council_id, hat_id, expires_at, seen_at)
SELECT sha256(name::bytea), account, council, hat, now() + interval '9 days', now() + interval '8 days' FROM public.t_hat WHERE name ~ '^m[0-9]+$';
