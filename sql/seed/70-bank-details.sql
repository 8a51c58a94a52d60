-- Whom the councils pay, and from where: each council's account, and every provider's details entered by one officer and checked by another.
INSERT INTO payments.bank_account (council_id, ref, name, sort_code, account_number)
SELECT c.id, mc.new_ref(), c.name || ', adult social care', '60010' || c.id, '3157020' || c.id
  FROM identity.council c, LATERAL (SELECT set_config('mc.council', c.id::text, true)) AS entered;

-- Raises what was not expected: a town that is half built tells nobody anything.
CREATE FUNCTION pg_temp.got(p_answer jsonb, VARIADIC p_wanted text[]) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  IF p_answer ->> 'outcome' <> ALL (p_wanted) THEN
    RAISE EXCEPTION 'wanted %, got %', p_wanted, p_answer;
  END IF;
  RETURN p_answer;
END $$;

CREATE FUNCTION pg_temp.bank_details(p_council int, p_first text, p_second text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  o record;
  v jsonb;
BEGIN
  FOR o IN SELECT DISTINCT g.* FROM identity.organisation g JOIN identity.hat h ON h.organisation_id = g.id
            WHERE h.council_id = p_council AND h.role = 'provider' ORDER BY g.id LOOP
    PERFORM pg_temp.act(p_council, 'finance', p_first);
    v := payments.provider_account_enter(gen_random_uuid(), jsonb_build_object('organisation', o.ref, 'account_name', o.name, 'sort_code', '40-12-' || lpad((o.id % 90 + 10)::text, 2, '0'),
           'account_number', lpad((o.id * 7919 + 10000000)::text, 8, '0'), 'vat_profile', CASE o.kind WHEN 'micro' THEN 'not_registered' ELSE 'exempt' END));
    PERFORM pg_temp.act(p_council, 'finance', p_second);
    PERFORM pg_temp.got(payments.provider_account_verify(gen_random_uuid(), jsonb_build_object('ref', v ->> 'ref', 'evidence', 'Rang the number on file and read the details back')), 'verified');
  END LOOP;
END $$;

SELECT pg_temp.act(1, 'finance', 'Ravi Patel');
SELECT pg_temp.at(-58, '14:20');
SELECT pg_temp.bank_details(1, 'Ravi Patel', 'Susan Oakes');
SELECT pg_temp.act(2, 'finance', 'Moira Keane');
SELECT pg_temp.bank_details(2, 'Moira Keane', 'David Osei');
