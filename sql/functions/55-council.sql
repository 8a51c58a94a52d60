-- What officers and auditors do in the browser: looking at a person's record.

-- An officer opens a person's record: the person sees it among those who looked, one row a day. No row: no such person here.
CREATE OR REPLACE FUNCTION audit.look_at(p_person text) RETURNS TABLE (ref text, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_person identity.person;
BEGIN
  IF coalesce(mc.role(), '') NOT IN ('commissioner', 'finance', 'auditor', 'safeguarding') THEN
    RAISE EXCEPTION 'This page needs a different role' USING ERRCODE = 'MC403';
  END IF;
  SELECT * INTO v_person FROM identity.person p WHERE p.council_id = mc.council() AND p.ref = p_person;
  IF v_person.id IS NULL THEN
    RAISE EXCEPTION 'There is no such person.' USING ERRCODE = 'MC404';
  END IF;
  INSERT INTO audit.look (council_id, person_id, account_id, hat_id) VALUES (mc.council(), v_person.id, mc.account(), mc.hat())
  ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT v_person.ref, v_person.name;
END $$;

REVOKE ALL ON FUNCTION audit.look_at(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.reference_text(text[]), payments.run_candidates(text[]), audit.look_at(text) TO mc_web;
