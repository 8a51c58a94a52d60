CREATE OR REPLACE FUNCTION identity.concern_raise(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_prior jsonb := mc.idem_begin(p_key, 'concern_raise', p_request);
  v_ref   text := mc.new_ref();
BEGIN
  IF v_prior IS NOT NULL THEN
    RETURN v_prior;
  END IF;
  INSERT INTO identity.concern (council_id, ref, account_id, about, concern)
  VALUES (mc.council(), v_ref, mc.account(), nullif(p_request ->> 'about', ''), p_request ->> 'concern');
  PERFORM mc.audit('concern_raised', 'concern', v_ref);
  PERFORM mc.outbox('mail', jsonb_build_object('to_account', h.account_id, 'subject', 'A new concern, ' || v_ref,
                                               'body', 'Somebody has raised a concern. Sign in as safeguarding lead to read it.'))
     FROM identity.hat h WHERE h.council_id = mc.council() AND h.role = 'safeguarding' AND h.ended_at IS NULL;
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'raised', 'ref', v_ref));
END $$;
REVOKE ALL ON FUNCTION identity.concern_raise(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.concern_raise(uuid, jsonb) TO mc_web;
