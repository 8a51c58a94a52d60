-- Applying to offer support, and feedback about a page.

-- {council, name, trading_as?, work, postcode, price, personal_care, checks[], email, phone?}. A visitor names the council; whoever is signed in applies
-- to their own. Ten an address in five minutes, and three to one e-mail address: anybody can name somebody else's. For the same reason the answer repeats nothing of
-- what was typed.
CREATE OR REPLACE FUNCTION identity.application_send(p_key uuid, p_request jsonb, p_address text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_council identity.council;
  v_prior   jsonb;
  v_ref     text := mc.new_ref();
BEGIN
  SELECT * INTO v_council FROM identity.council
   WHERE CASE WHEN mc.role() IS NULL THEN slug = p_request ->> 'council' ELSE id = mc.council() END;
  IF v_council.id IS NULL THEN
    RAISE EXCEPTION 'There is no such council.' USING ERRCODE = 'MC404';
  END IF;
  PERFORM set_config('mc.council', v_council.id::text, true);
  IF identity.is_throttled('application:' || p_address) OR identity.is_throttled('application-to:' || lower(p_request ->> 'email'), 3) THEN
    RETURN jsonb_build_object('outcome', 'too_many');
  END IF;
  v_prior := mc.idem_begin(p_key, 'application_send', p_request);
  IF v_prior IS NOT NULL THEN
    RETURN v_prior;
  END IF;
  PERFORM identity.note_failure('application:' || p_address), identity.note_failure('application-to:' || lower(p_request ->> 'email'));
  INSERT INTO identity.application (council_id, ref, name, trading_as, work, postcode, price, is_personal_care, checks, email, phone)
  VALUES (v_council.id, v_ref, p_request ->> 'name', nullif(p_request ->> 'trading_as', ''), p_request ->> 'work', p_request ->> 'postcode', (p_request ->> 'price')::bigint,
          (p_request ->> 'personal_care')::boolean, ARRAY(SELECT jsonb_array_elements_text(p_request -> 'checks')), p_request ->> 'email', nullif(p_request ->> 'phone', ''));
  PERFORM mc.audit('application_sent', 'application', v_ref);
  PERFORM mc.outbox('mail', jsonb_build_object('to_account', h.account_id, 'subject', 'Somebody wants to offer support, ' || v_ref,
                                               'body', 'A new application has arrived. Sign in as moderator to read it.'))
     FROM identity.hat h WHERE h.council_id = v_council.id AND h.role = 'moderator' AND h.ended_at IS NULL;
  PERFORM mc.outbox('mail', jsonb_build_object('to_email', p_request ->> 'email', 'subject', 'We have your application, ' || v_ref,
    'body', format(E'Hello,\n\nthank you for offering your help. %s will ring or write to you within five working days. Your reference is %s.\n\n'
                   'If you did not offer it, somebody else wrote your address. You need not do anything.', v_council.name, v_ref)));
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'sent', 'ref', v_ref));
END $$;

-- The key alone makes it safe to send twice: the usual record of keys would name the account. Twenty an address in five minutes: 'stored' or 'too_many'.
CREATE OR REPLACE FUNCTION identity.feedback_give(p_key uuid, p_request jsonb, p_address text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF identity.is_throttled('feedback:' || p_address, 20) THEN
    RETURN 'too_many';
  END IF;
  PERFORM identity.note_failure('feedback:' || p_address);
  INSERT INTO identity.feedback (key, council_id, page, is_useful, words)
  VALUES (p_key, nullif(current_setting('mc.council', true), '')::int,
          left(regexp_replace(coalesce(p_request ->> 'page', ''), '[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}', '{ref}', 'g'), 300),
          (p_request ->> 'useful')::boolean, nullif(p_request ->> 'words', ''))
  ON CONFLICT DO NOTHING;
  RETURN 'stored';
END $$;

REVOKE ALL ON FUNCTION identity.application_send(uuid, jsonb, text), identity.feedback_give(uuid, jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.application_send(uuid, jsonb, text), identity.feedback_give(uuid, jsonb, text) TO mc_web;
