-- Idempotency, audit, outbox and references: what every writing function stands on.

CREATE OR REPLACE FUNCTION mc.sha256(p_text text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT sha256(convert_to(p_text, 'UTF8')) $$;

-- Returns NULL for a new key, and the stored answer for the same key with the same request. The insert waits for a racing session
-- with the same key, so one of them sees the other's answer. 'replayed' tells the page that nothing new happened.
CREATE OR REPLACE FUNCTION mc.idem_begin(p_key uuid, p_verb text, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, mc AS $$
DECLARE
  v_hash  bytea := mc.sha256(p_verb || ' ' || coalesce(mc.person()::text, '-') || ' ' || p_request::text);
  v_found mc.idempotency;
BEGIN
  INSERT INTO mc.idempotency (council_id, account_id, key, verb, request_sha256)
  VALUES (mc.council(), coalesce(mc.account(), 0), p_key, p_verb, v_hash)
  ON CONFLICT DO NOTHING;
  IF FOUND THEN
    RETURN NULL;
  END IF;
  SELECT * INTO STRICT v_found FROM mc.idempotency
   WHERE council_id = mc.council() AND account_id = coalesce(mc.account(), 0) AND key = p_key;
  IF v_found.request_sha256 <> v_hash THEN
    RAISE EXCEPTION 'This form was already sent with other answers. Look at the page again to see what was stored.' USING ERRCODE = 'MC422';
  END IF;
  RETURN v_found.answer || '{"replayed": true}';
END $$;

CREATE OR REPLACE FUNCTION mc.idem_end(p_key uuid, p_answer jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, mc AS $$
BEGIN
  UPDATE mc.idempotency SET answer = p_answer
   WHERE council_id = mc.council() AND account_id = coalesce(mc.account(), 0) AND key = p_key AND answer IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'idempotency key % was not begun', p_key;
  END IF;
  RETURN p_answer || '{"replayed": false}';
END $$;

CREATE OR REPLACE FUNCTION mc.audit(p_verb text, p_kind text, p_ref text, p_amount bigint DEFAULT NULL, p_detail jsonb DEFAULT '{}') RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, mc AS $$
  INSERT INTO audit.event (council_id, account_id, hat_id, role, person_id, mandate_id, verb, kind, ref, amount, detail)
  VALUES (mc.council(), mc.account(), mc.hat(), mc.role(), mc.person(), mc.mandate(), p_verb, p_kind, p_ref, p_amount, p_detail)
$$;

-- The same for an act whose subject is not the person of the request (a provider marks a visit of somebody's order).
CREATE OR REPLACE FUNCTION mc.audit_person(p_person bigint, p_verb text, p_kind text, p_ref text, p_amount bigint DEFAULT NULL, p_detail jsonb DEFAULT '{}') RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, mc AS $$
  INSERT INTO audit.event (council_id, account_id, hat_id, role, person_id, mandate_id, verb, kind, ref, amount, detail)
  VALUES (mc.council(), mc.account(), mc.hat(), mc.role(), p_person, mc.mandate(), p_verb, p_kind, p_ref, p_amount, p_detail)
$$;

CREATE OR REPLACE FUNCTION mc.outbox(p_topic text, p_payload jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, mc AS $$
BEGIN
  INSERT INTO jobs.outbox (council_id, topic, payload)
  VALUES (nullif(current_setting('mc.council', true), '')::int, p_topic, p_payload);
  PERFORM pg_notify('outbox', p_topic);
END $$;

-- Same rule as daemon/base/id.h: seven characters and a weighted sum modulo 31.
CREATE OR REPLACE FUNCTION mc.ref_check(p_seven text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT substr('23456789ABCDEFGHJKMNPQRSTUVWXYZ',
                1 + (sum(i * (strpos('23456789ABCDEFGHJKMNPQRSTUVWXYZ', substr(p_seven, i, 1)) - 1)) % 31)::int, 1)
    FROM generate_series(1, 7) AS i
$$;
CREATE OR REPLACE FUNCTION mc.ref_is_valid(p_ref text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT p_ref ~ '^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$'
     AND mc.ref_check(substr(replace(p_ref, '-', ''), 1, 7)) = right(p_ref, 1)
$$;
-- gen_random_uuid is PostgreSQL's strong random source; 12 of its bits a character modulo 31 leave a bias below 1 in 4,000.
CREATE OR REPLACE FUNCTION mc.new_ref() RETURNS text LANGUAGE sql VOLATILE AS $$
  WITH seven AS (
    SELECT string_agg(substr('23456789ABCDEFGHJKMNPQRSTUVWXYZ', 1 + n % 31, 1), '' ORDER BY i) AS c
      FROM (SELECT i, ('x' || substr(u, 1 + (i - 1) * 3, 3))::bit(12)::int AS n
              FROM (SELECT replace(gen_random_uuid()::text, '-', '') || '' AS whole) r,
                   LATERAL (SELECT left(whole, 12) || right(whole, 12) AS u) t,
                   generate_series(1, 7) AS i) s)
  SELECT left(c, 4) || '-' || right(c, 3) || mc.ref_check(c) FROM seven
$$;

REVOKE ALL ON ALL ROUTINES IN SCHEMA mc FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mc.council(), mc.account(), mc.hat(), mc.role(), mc.organisation(), mc.person(), mc.mandate(),
  mc.ref_is_valid(text), mc.ref_check(text), mc.now(), mc.demo_clock() TO mc_web, mc_jobs, mc_verify;
