-- What officers and auditors do in the browser: a statement's report, looking at a person's record.

-- A bank's file that the jail read to one value is imported under its own key, and whoever sent it can read what became of it: the answer to a payment file,
-- or a statement that is not staged in pieces (statement_staged_import).
CREATE OR REPLACE FUNCTION payments.statement_file_import(p_council int, p_ref text, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_request jsonb := p_request || jsonb_build_object('file', p_ref);
  v_answer  jsonb := CASE WHEN p_request ? 'answers' THEN payments.answer_import(jobs.file_key(p_council, p_ref), v_request)
                          ELSE payments.statement_import(jobs.file_key(p_council, p_ref), v_request) END;
BEGIN
  PERFORM payments.statement_report(p_ref, v_answer);
  RETURN v_answer;
END $$;

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

REVOKE ALL ON FUNCTION payments.statement_file_import(int, text, jsonb), audit.look_at(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.statement_file_import(int, text, jsonb) TO mc_jobs;
GRANT EXECUTE ON FUNCTION payments.reference_text(text[]), payments.run_candidates(text[]), audit.look_at(text) TO mc_web;
