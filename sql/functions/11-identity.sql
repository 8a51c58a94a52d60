-- Who is asking: sessions, hats and mandates; signing in and out.

-- Forgets who was asking, and for whom.
CREATE OR REPLACE FUNCTION identity.leave() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_unset text := set_config('mc.council', '', true) || set_config('mc.account', '', true) || set_config('mc.hat', '', true)
               || set_config('mc.role', '', true) || set_config('mc.organisation', '', true) || set_config('mc.person', '', true)
               || set_config('mc.mandate', '', true) || set_config('mc.list', '', true);
BEGIN
END $$;

-- The first statement of every unit. Finds the session by the digest of its token, checks that its hat may use the route, resolves whom it acts for, and
-- sets the context of this transaction. Raises MC401 (sign in), MC403 (other hat, or no person chosen), MC404 (no such person for you: the same whether
-- the person does not exist, is another council's, or gave no mandate).
--   p_token    SHA-256 of the session token, NULL for a visitor
--   p_roles    the roles that may use the route; 'none' stands for visitors
--   p_for      reference of the person acted for, from the path /for/{person}/…
--   p_person   whether the route is about a person
CREATE OR REPLACE FUNCTION identity.enter(p_token bytea, p_roles text[], p_for text, p_person boolean)
RETURNS TABLE (role text, name text, council_name text, council_slug text, council_phone text, organisation_name text,
               person_name text, person_ref text, is_acting boolean, hats int, is_demo boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
  s         record;
  h         record;
  v_person  identity.person;
  v_mandate identity.mandate;
  v_known   boolean := false;
  v_set     text;                        -- assigned and not performed: what reads no table needs no executor
BEGIN
  IF coalesce(current_setting('mc.council', true), '') <> '' THEN    -- another request before this one in its transaction
    PERFORM identity.leave();
  END IF;
  is_demo := (SELECT i.is_demo FROM mc.installation i);
  IF p_token IS NOT NULL THEN
    SELECT x.council_id, x.hat_id, x.account_id, x.seen_at, a.name, a.councils INTO s
      FROM identity.session x LEFT JOIN identity.account a ON a.id = x.account_id AND a.ended_at IS NULL
     WHERE x.token_sha256 = p_token AND x.ended_at IS NULL AND x.expires_at > now() AND x.seen_at > now() - interval '60 minutes';
    v_known := s.hat_id IS NOT NULL;
  END IF;
  IF NOT v_known THEN
    IF NOT 'none' = ANY (p_roles) THEN
      RAISE EXCEPTION 'Sign in to see this page' USING ERRCODE = 'MC401';
    END IF;
    role := 'none';
    is_acting := false;
    hats := 0;
    RETURN NEXT;
    RETURN;
  END IF;

  v_set := set_config('mc.council', s.council_id::text, true);
  SELECT x.id, x.role, x.account_id, x.organisation_id, x.person_id, c.name AS council_name, c.slug, c.phone,
         (SELECT count(*) FROM identity.hat y WHERE y.council_id = x.council_id AND y.account_id = x.account_id AND y.ended_at IS NULL AND y.starts_on <= mc.today()) AS hats
    INTO h
    FROM identity.hat x JOIN identity.council c ON c.id = x.council_id
   WHERE x.council_id = s.council_id AND x.id = s.hat_id AND x.ended_at IS NULL AND x.starts_on <= mc.today();
  IF h.id IS NULL OR s.name IS NULL THEN
    RAISE EXCEPTION 'Sign in to see this page' USING ERRCODE = 'MC401';
  END IF;
  IF NOT h.role = ANY (p_roles) THEN
    RAISE EXCEPTION 'This page needs a different role' USING ERRCODE = 'MC403';
  END IF;
  v_set := set_config('mc.account', h.account_id::text, true);
  v_set := set_config('mc.hat', h.id::text, true);
  v_set := set_config('mc.role', h.role, true);
  v_set := set_config('mc.organisation', coalesce(h.organisation_id::text, ''), true);
  v_set := set_config('mc.mandate', '', true);
  IF s.seen_at < now() - interval '1 minute' THEN
    UPDATE identity.session SET seen_at = now() WHERE token_sha256 = p_token;
  END IF;

  IF p_for IS NULL THEN
    IF h.person_id IS NOT NULL THEN
      SELECT * INTO v_person FROM identity.person WHERE council_id = s.council_id AND id = h.person_id;
    ELSIF p_person AND h.role IN ('supporter', 'broker') THEN
      RAISE EXCEPTION 'Choose the person you are acting for first' USING ERRCODE = 'MC403', DETAIL = 'choose-person';
    END IF;
  ELSE
    SELECT * INTO v_person FROM identity.person WHERE council_id = s.council_id AND ref = p_for;
    SELECT * INTO v_mandate FROM identity.mandate_in_force(v_person.id, 'see');
    IF v_person.id IS NULL OR h.role NOT IN ('supporter', 'broker') OR v_mandate.id IS NULL THEN
      RAISE EXCEPTION 'Page not found' USING ERRCODE = 'MC404';
    END IF;
    v_set := set_config('mc.mandate', v_mandate.id::text, true);
    INSERT INTO audit.look (council_id, person_id, account_id, hat_id, mandate_id)
    VALUES (s.council_id, v_person.id, h.account_id, h.id, v_mandate.id) ON CONFLICT DO NOTHING;
  END IF;
  v_set := set_config('mc.person', coalesce(v_person.id::text, ''), true);

  role := h.role;
  name := s.name;
  council_name := h.council_name;
  council_slug := h.slug;
  council_phone := h.phone;
  IF h.organisation_id IS NOT NULL THEN
    organisation_name := (SELECT o.name FROM identity.organisation o WHERE o.id = h.organisation_id);
  END IF;
  person_name := v_person.name;
  person_ref := v_person.ref;
  is_acting := p_for IS NOT NULL;
  hats := h.hats;
  IF cardinality(s.councils) > 1 THEN
    hats := (SELECT count(*) FROM identity.hats_of(s.account_id));
  END IF;
  RETURN NEXT;
END $$;

-- The mandate under which the asking account (or its broker organisation) may use `p_right` for a person today; NULL row when there is none.
-- The one with the most room wins, so that two mandates never make less than either.
CREATE OR REPLACE FUNCTION identity.mandate_in_force(p_person bigint, p_right text) RETURNS identity.mandate
LANGUAGE sql STABLE AS $$
  SELECT m.* FROM identity.mandate m
   WHERE m.council_id = mc.council() AND m.person_id = p_person AND p_right = ANY (m.rights)
     AND (m.account_id = mc.account() OR (mc.role() = 'broker' AND m.organisation_id = mc.organisation()))
     AND m.revoked_at IS NULL AND m.starts_on <= mc.today() AND coalesce(m.ends_on, 'infinity') >= mc.today()
   ORDER BY m.ceiling_order DESC NULLS FIRST, cardinality(m.rights) DESC, m.id
   LIMIT 1
$$;

-- Whether the asking account works for an organisation, in whichever of its hats and councils: one person may wear several, and is the same person in all.
CREATE OR REPLACE FUNCTION identity.works_for(p_organisation bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_here    text := current_setting('mc.council');
  v_council int;
  v_set     text;
  v_works   boolean := false;
BEGIN
  FOREACH v_council IN ARRAY coalesce((SELECT councils FROM identity.account WHERE id = mc.account()), '{}') LOOP
    v_set := set_config('mc.council', v_council::text, true);
    v_works := EXISTS (SELECT FROM identity.hat WHERE council_id = mc.council() AND account_id = mc.account() AND organisation_id = p_organisation AND ended_at IS NULL);
    EXIT WHEN v_works;
  END LOOP;
  v_set := set_config('mc.council', v_here, true);
  RETURN v_works;
END $$;

-- Every hat of an account, in all councils: the one place that looks across tenants, for the person's own list of roles only.
CREATE OR REPLACE FUNCTION identity.hats_of(p_account bigint)
RETURNS TABLE (council_id int, hat_id bigint, role text, council_name text, organisation_name text, person_name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_council identity.council;
  v_set     text;
  v_before  text := current_setting('mc.council', true);
BEGIN
  FOR v_council IN SELECT c.* FROM identity.account a JOIN identity.council c ON c.id = ANY (a.councils) WHERE a.id = p_account ORDER BY c.id LOOP
    v_set := set_config('mc.council', v_council.id::text, true);
    RETURN QUERY
      SELECT h.council_id, h.id, h.role, v_council.name, o.name, p.name
        FROM identity.hat h
        LEFT JOIN identity.organisation o ON o.id = h.organisation_id
        LEFT JOIN identity.person p ON p.council_id = h.council_id AND p.id = h.person_id
       WHERE h.council_id = v_council.id AND h.account_id = p_account AND h.ended_at IS NULL AND h.starts_on <= mc.today()
       ORDER BY h.id;
  END LOOP;
  v_set := set_config('mc.council', coalesce(v_before, ''), true);
END $$;

-- ---------------------------------------------------------------- throttling: durable, never a lasting lock

-- So many in five minutes, then a pause that ends by itself.
CREATE OR REPLACE FUNCTION identity.is_throttled(p_key text, p_most int) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM identity.throttle WHERE key = p_key AND failures >= p_most AND window_from > now() - interval '5 minutes')
$$;
-- Ten, where nothing else is said: guesses at one account, or from one address.
CREATE OR REPLACE FUNCTION identity.is_throttled(p_key text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT identity.is_throttled(p_key, 10)
$$;
CREATE OR REPLACE FUNCTION identity.note_failure(p_key text) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO identity.throttle AS t (key, failures) VALUES (p_key, 1)
  ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN t.window_from > now() - interval '5 minutes' THEN t.failures + 1 ELSE 1 END,
    window_from = CASE WHEN t.window_from > now() - interval '5 minutes' THEN t.window_from ELSE now() END
$$;
-- Jobs, every minute: addresses are kept no longer than they are counted. How many were forgotten.
CREATE OR REPLACE FUNCTION identity.throttle_forget() RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH gone AS (DELETE FROM identity.throttle WHERE window_from <= now() - interval '5 minutes' RETURNING 1)
  SELECT count(*)::int FROM gone
$$;

-- ---------------------------------------------------------------- signing in

-- Opens a session for an account in its first hat, or in the one named. The old session, if any, ends: a new token at every change of rights. Another hat is no
-- new signing in: such a session ends when the old one would have.
CREATE OR REPLACE FUNCTION identity.session_open(p_account bigint, p_council int, p_hat bigint, p_token bytea, p_old bytea, p_how text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_hat record;
BEGIN
  SELECT * INTO v_hat FROM identity.hats_of(p_account) x
   WHERE (p_hat IS NULL OR (x.hat_id = p_hat AND x.council_id = p_council)) LIMIT 1;
  IF v_hat.hat_id IS NULL THEN
    RETURN 'no_hat';
  END IF;
  UPDATE identity.session SET ended_at = now() WHERE token_sha256 = p_old AND ended_at IS NULL;
  INSERT INTO identity.session (token_sha256, account_id, council_id, hat_id, expires_at)
  VALUES (p_token, p_account, v_hat.council_id, v_hat.hat_id,
          coalesce((SELECT expires_at FROM identity.session WHERE p_how = 'hat' AND token_sha256 = p_old), now() + interval '12 hours'));
  PERFORM set_config('mc.council', v_hat.council_id::text, true), set_config('mc.account', p_account::text, true),
          set_config('mc.hat', v_hat.hat_id::text, true), set_config('mc.role', v_hat.role, true),
          set_config('mc.person', '', true), set_config('mc.mandate', '', true);
  PERFORM mc.audit('signed_in', 'session', p_how);
  RETURN 'signed_in';
END $$;
REVOKE ALL ON FUNCTION identity.session_open(bigint, int, bigint, bytea, bytea, text) FROM PUBLIC;

-- Asks for a link by e-mail. The answer is the same whether the account exists or not. p_link is the SHA-256 of the token in p_url.
-- Ten for an account; fifty from an address, which a library or an office shares: to ask is no failure, but nobody may write to everybody.
CREATE OR REPLACE FUNCTION identity.link_ask(p_email text, p_link bytea, p_url text, p_address text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_account identity.account;
BEGIN
  IF identity.is_throttled('link:' || lower(p_email)) OR identity.is_throttled('link-address:' || p_address, 50) THEN
    RETURN 'too_many';
  END IF;
  PERFORM identity.note_failure('link:' || lower(p_email)), identity.note_failure('link-address:' || p_address);
  SELECT * INTO v_account FROM identity.account WHERE lower(email) = lower(p_email) AND ended_at IS NULL;
  IF v_account.id IS NOT NULL THEN
    UPDATE identity.sign_in_link SET used_at = now() WHERE account_id = v_account.id AND used_at IS NULL;
    INSERT INTO identity.sign_in_link (token_sha256, account_id, expires_at) VALUES (p_link, v_account.id, now() + interval '60 minutes');
    PERFORM mc.outbox('mail', jsonb_build_object('to_email', v_account.email, 'subject', 'Your link to sign in',
      'body', format(E'Hello %s,\n\nuse this link to sign in. It works once, for one hour:\n\n%s\n\nIf you did not ask for it, you need not do anything.', v_account.name, p_url)));
  END IF;
  RETURN 'sent';
END $$;

-- Shows whose link it is, without using it up (mail scanners open links).
CREATE OR REPLACE FUNCTION identity.link_show(p_link bytea) RETURNS TABLE (email_hint text, asked_at text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT regexp_replace(a.email, '^(.).*(@.).*$', '\1…\2…'), to_char(l.created_at AT TIME ZONE 'Europe/London', 'FMDay FMDD FMMonth, HH24:MI')
    FROM identity.sign_in_link l JOIN identity.account a ON a.id = l.account_id
   WHERE l.token_sha256 = p_link AND l.used_at IS NULL AND l.expires_at > now() AND a.ended_at IS NULL
$$;

CREATE OR REPLACE FUNCTION identity.link_use(p_link bytea, p_token bytea, p_old bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_account bigint;
BEGIN
  UPDATE identity.sign_in_link SET used_at = now()
   WHERE token_sha256 = p_link AND used_at IS NULL AND expires_at > now()
  RETURNING account_id INTO v_account;
  IF v_account IS NULL THEN
    RETURN 'expired';
  END IF;
  RETURN identity.session_open(v_account, NULL, NULL, p_token, p_old, 'link');
END $$;

-- First round of a password sign-in: the stored hash, or none; the caller hashes in either case, so that time tells nothing.
CREATE OR REPLACE FUNCTION identity.password_find(p_email text, p_address text) RETURNS TABLE (account_id bigint, hash text, too_many boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT a.id, a.password_hash,
         identity.is_throttled('password:' || lower(p_email)) OR identity.is_throttled('password-address:' || p_address)
    FROM (SELECT 1) one LEFT JOIN identity.account a ON lower(a.email) = lower(p_email) AND a.ended_at IS NULL
$$;
-- Second round, after the hash was checked outside the database.
CREATE OR REPLACE FUNCTION identity.password_use(p_email text, p_address text, p_account bigint, p_right boolean, p_token bytea, p_old bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF identity.is_throttled('password:' || lower(p_email)) OR identity.is_throttled('password-address:' || p_address) THEN
    RETURN 'too_many';
  END IF;
  IF NOT coalesce(p_right, false) OR p_account IS NULL THEN
    PERFORM identity.note_failure('password:' || lower(p_email)), identity.note_failure('password-address:' || p_address);
    RETURN 'wrong';
  END IF;
  RETURN identity.session_open(p_account, NULL, NULL, p_token, p_old, 'password');
END $$;

-- Another hat of the same account.
CREATE OR REPLACE FUNCTION identity.hat_choose(p_council int, p_hat bigint, p_token bytea, p_old bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF mc.account() IS NULL THEN
    RAISE EXCEPTION 'Sign in to see this page' USING ERRCODE = 'MC401';
  END IF;
  RETURN identity.session_open(mc.account(), p_council, p_hat, p_token, p_old, 'hat');
END $$;

-- One button per invented person: refused unless the data is the demonstration town.
CREATE OR REPLACE FUNCTION identity.demo_sign_in(p_council int, p_hat bigint, p_token bytea, p_old bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_account bigint;
BEGIN
  IF NOT (SELECT is_demo FROM mc.installation) THEN
    RAISE EXCEPTION 'Page not found' USING ERRCODE = 'MC404';
  END IF;
  PERFORM set_config('mc.council', p_council::text, true);
  SELECT account_id INTO v_account FROM identity.hat WHERE council_id = p_council AND id = p_hat;
  IF v_account IS NULL THEN
    RAISE EXCEPTION 'Page not found' USING ERRCODE = 'MC404';
  END IF;
  RETURN identity.session_open(v_account, p_council, p_hat, p_token, p_old, 'demo');
END $$;

CREATE OR REPLACE FUNCTION identity.sign_out(p_token bytea) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE identity.session SET ended_at = now() WHERE token_sha256 = p_token AND ended_at IS NULL;
  SELECT 'signed_out'
$$;

CREATE OR REPLACE FUNCTION identity.demo_people()
RETURNS TABLE (council_id int, council_name text, hat_id bigint, role text, name text, about text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_council identity.council;
BEGIN
  IF NOT (SELECT is_demo FROM mc.installation) THEN
    RETURN;
  END IF;
  FOR v_council IN SELECT * FROM identity.council ORDER BY id LOOP
    PERFORM set_config('mc.council', v_council.id::text, true);
    RETURN QUERY
      SELECT h.council_id, v_council.name, h.id, h.role, a.name, coalesce(o.name, '')
        FROM identity.hat h JOIN identity.account a ON a.id = h.account_id LEFT JOIN identity.organisation o ON o.id = h.organisation_id
       WHERE h.council_id = v_council.id AND h.ended_at IS NULL
       ORDER BY array_position(ARRAY['holder', 'supporter', 'broker', 'self_funder', 'provider', 'group', 'commissioner', 'finance', 'auditor',
                                     'safeguarding', 'moderator', 'operator'], h.role), a.name;
  END LOOP;
  PERFORM set_config('mc.council', '', true);
END $$;

-- ---------------------------------------------------------------- mandates

-- The person (or the council, for those who cannot) lets somebody act. Request: {email, rights[], ceiling_order, ceiling_month, basis, evidence, ends_on}.
-- What a mandate allows, as people say it.
CREATE OR REPLACE FUNCTION identity.rights_words(p_rights text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT string_agg(words, ', ' ORDER BY place)
    FROM (VALUES (1, 'see', 'see money and orders'), (2, 'order', 'ask for services'), (3, 'decide', 'say whether a visit came'), (4, 'hold', 'hold the money'),
                 (5, 'pay', 'pay for approved orders out of money that they hold'), (6, 'rate', 'write reviews'), (7, 'attend_review', 'come to reviews')) AS r (place, name, words)
   WHERE name = ANY (p_rights)
$$;

CREATE OR REPLACE FUNCTION identity.mandate_give(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_prior   jsonb := mc.idem_begin(p_key, 'mandate_give', p_request);
  v_account identity.account;
  v_ref     text := mc.new_ref();
BEGIN
  IF v_prior IS NOT NULL THEN
    RETURN v_prior;
  END IF;
  IF mc.role() IS DISTINCT FROM 'holder' OR mc.person() IS NULL THEN
    RAISE EXCEPTION 'Only the person can let somebody help' USING ERRCODE = 'MC403';
  END IF;
  -- Nobody finds out by trying who else has an account, and so perhaps a budget.
  IF identity.is_throttled('helper:' || mc.account()) THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'too_many'));
  END IF;
  IF (p_request ->> 'ends_on')::date < ledger.today() THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'ends_before'));
  ELSIF (p_request ->> 'ends_on')::date > ledger.today() + interval '10 years' THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'ends_far'));
  END IF;
  SELECT * INTO v_account FROM identity.account WHERE lower(email) = lower(p_request ->> 'email') AND ended_at IS NULL;
  IF v_account.id IS NULL OR v_account.id = mc.account() THEN
    PERFORM identity.note_failure('helper:' || mc.account());
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'no_account'));
  END IF;
  INSERT INTO identity.hat (council_id, account_id, role)
  SELECT mc.council(), v_account.id, 'supporter'
   WHERE NOT EXISTS (SELECT FROM identity.hat h WHERE h.council_id = mc.council() AND h.account_id = v_account.id AND h.role IN ('supporter', 'broker') AND h.ended_at IS NULL);
  INSERT INTO identity.mandate (council_id, ref, person_id, account_id, rights, ceiling_order, ceiling_month, basis, evidence, starts_on, ends_on, review_on)
  VALUES (mc.council(), v_ref, mc.person(), v_account.id,
          ARRAY(SELECT jsonb_array_elements_text(p_request -> 'rights')), (p_request ->> 'ceiling_order')::bigint, (p_request ->> 'ceiling_month')::bigint,
          'consent', 'given by the person, signed in', mc.today(), (p_request ->> 'ends_on')::date, mc.today() + 365);
  PERFORM mc.audit('mandate_given', 'mandate', v_ref, NULL, jsonb_build_object('rights', p_request -> 'rights'));
  PERFORM mc.outbox('mail', jsonb_build_object('to_email', v_account.email, 'subject', 'You can now help somebody on Market Cross',
    'body', format(E'Hello %s,\n\nsomebody has asked you to help with their support. Sign in to see what you may do for them.', v_account.name)));
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'given', 'ref', v_ref));
END $$;

-- Works at once: units that order take the mandate row FOR NO KEY UPDATE, so none commits after this does.
CREATE OR REPLACE FUNCTION identity.mandate_revoke(p_key uuid, p_ref text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_prior jsonb := mc.idem_begin(p_key, 'mandate_revoke', jsonb_build_object('ref', p_ref));
BEGIN
  IF v_prior IS NOT NULL THEN
    RETURN v_prior;
  END IF;
  UPDATE identity.mandate SET revoked_at = now(), revoked_by = mc.account()
   WHERE council_id = mc.council() AND ref = p_ref AND revoked_at IS NULL
     AND ((mc.role() = 'holder' AND person_id = mc.person()) OR mc.role() = 'safeguarding');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Page not found' USING ERRCODE = 'MC404';
  END IF;
  PERFORM mc.audit('mandate_revoked', 'mandate', p_ref);
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'revoked'));
END $$;

-- Whether whoever looks may do more here than look: the person may, a helper with one of these rights. The act itself asks again, under its lock.
CREATE OR REPLACE FUNCTION identity.may(VARIADIC p_rights text[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT CASE WHEN mc.mandate() IS NULL THEN mc.person() IS NOT NULL
              ELSE EXISTS (SELECT FROM identity.mandate WHERE council_id = mc.council() AND id = mc.mandate() AND rights && p_rights) END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA identity FROM PUBLIC, mc_web;
GRANT EXECUTE ON FUNCTION identity.enter(bytea, text[], text, boolean), identity.hats_of(bigint),
  identity.link_ask(text, bytea, text, text), identity.link_show(bytea), identity.link_use(bytea, bytea, bytea),
  identity.password_find(text, text), identity.password_use(text, text, bigint, boolean, bytea, bytea),
  identity.hat_choose(int, bigint, bytea, bytea), identity.demo_sign_in(int, bigint, bytea, bytea), identity.demo_people(), identity.sign_out(bytea),
  identity.mandate_give(uuid, jsonb), identity.mandate_revoke(uuid, text), identity.rights_words(text[]), identity.may(text[])
  TO mc_web;
GRANT EXECUTE ON FUNCTION identity.throttle_forget() TO mc_jobs;

CREATE OR REPLACE FUNCTION identity.demo_mail() RETURNS TABLE (sent_at text, to_email text, subject text, body text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT to_char(m.created_at AT TIME ZONE 'Europe/London', 'FMDD FMMonth HH24:MI'), m.to_email, m.subject, m.body
    FROM jobs.mail m WHERE (SELECT is_demo FROM mc.installation) ORDER BY m.id DESC LIMIT 200
$$;
REVOKE ALL ON FUNCTION identity.demo_mail() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.demo_mail() TO mc_web;
