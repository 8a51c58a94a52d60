-- What somebody typed and has not finished, kept for them alone, in the role that they typed it in: at most fifty forms of an account, none for longer than 28 days.

-- Returns the key that it is read back by: that of the form, or a new one where other answers were sent under it. NULL where nobody is signed in.
CREATE OR REPLACE FUNCTION mc.answers_keep(p_key uuid, p_page text, p_form text, p_answers jsonb, p_messages jsonb, p_days int) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_account CONSTANT bigint := mc.account();
  v_key     uuid := p_key;
  k         mc.kept_answers;
BEGIN
  IF v_account IS NULL OR nullif(current_setting('mc.council', true), '') IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT * INTO k FROM mc.kept_answers WHERE council_id = mc.council() AND account_id = v_account AND key = p_key;
  IF FOUND THEN
    IF (k.hat_id, k.person_id, k.page, k.form, k.answers, k.messages) IS NOT DISTINCT FROM (mc.hat(), mc.person(), p_page, p_form, p_answers, p_messages) THEN
      RETURN p_key;
    END IF;
    v_key := gen_random_uuid();
  END IF;
  INSERT INTO mc.kept_answers (council_id, account_id, key, hat_id, person_id, page, form, answers, messages, kept_until)
  VALUES (mc.council(), v_account, v_key, mc.hat(), mc.person(), p_page, p_form, p_answers, p_messages, now() + make_interval(days => p_days))
  ON CONFLICT DO NOTHING;
  DELETE FROM mc.kept_answers
   WHERE council_id = mc.council() AND account_id = v_account
     AND kept_at < (SELECT kept_at FROM mc.kept_answers WHERE council_id = mc.council() AND account_id = v_account ORDER BY kept_at DESC OFFSET 49 LIMIT 1);
  RETURN v_key;
END $$;

CREATE OR REPLACE FUNCTION mc.answers_kept(p_key uuid) RETURNS TABLE (form text, page text, answers jsonb, messages jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT form, page, answers, messages FROM mc.kept_answers
   WHERE council_id = mc.council() AND account_id = mc.account() AND key = p_key
     AND hat_id IS NOT DISTINCT FROM mc.hat() AND person_id IS NOT DISTINCT FROM mc.person() AND kept_until > now()
$$;

-- The last that was typed on this page.
CREATE OR REPLACE FUNCTION mc.answers_latest(p_page text) RETURNS TABLE (key uuid, answers jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT key, answers FROM mc.kept_answers
   WHERE council_id = mc.council() AND account_id = mc.account() AND page = p_page
     AND hat_id IS NOT DISTINCT FROM mc.hat() AND person_id IS NOT DISTINCT FROM mc.person() AND kept_until > now()
   ORDER BY kept_at DESC LIMIT 1
$$;

-- Jobs: what has been kept for long enough is forgotten; returns how many.
CREATE OR REPLACE FUNCTION mc.answers_forget() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_n int;
BEGIN
  DELETE FROM mc.kept_answers WHERE council_id = mc.council() AND kept_until <= now();
  GET DIAGNOSTICS v_n = ROW_COUNT;
  RETURN v_n;
END $$;

REVOKE ALL ON FUNCTION mc.answers_keep(uuid, text, text, jsonb, jsonb, int), mc.answers_kept(uuid), mc.answers_latest(text), mc.answers_forget() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mc.answers_keep(uuid, text, text, jsonb, jsonb, int), mc.answers_kept(uuid), mc.answers_latest(text) TO mc_web;
GRANT EXECUTE ON FUNCTION mc.answers_forget() TO mc_jobs;
