-- Idempotency, audit, outbox and references: what every writing function stands on.

-- What every order calls is either one statement that PostgreSQL works out in place (STABLE, no search path of its own), or PL/pgSQL: any other function in SQL
-- is read and planned anew at every call.
CREATE OR REPLACE FUNCTION mc.sha256(p_text text) RETURNS bytea LANGUAGE sql STABLE STRICT PARALLEL SAFE
  AS $$ SELECT sha256(convert_to(p_text, 'UTF8')) $$;

-- The moment that a demonstration pretends it is (migration 0050); NULL, without looking at any table, where none is set.
CREATE OR REPLACE FUNCTION mc.demo_clock_set() RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (SELECT current_setting('mc.clock')::timestamptz FROM mc.installation WHERE is_demo);
END $$;
CREATE OR REPLACE FUNCTION mc.demo_clock() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN coalesce(current_setting('mc.clock', true), '') <> '' THEN mc.demo_clock_set() END
$$;

-- The day in England, which is what dates of prices, roles and visits are days of: the database counts in UTC, an hour behind in summer.
CREATE OR REPLACE FUNCTION mc.today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT (mc.now() AT TIME ZONE 'Europe/London')::date $$;

-- What the stored answer is compared by: another act, another person or another request under the same key is something else.
CREATE OR REPLACE FUNCTION mc.idem_hash(p_verb text, p_request jsonb) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT mc.sha256(p_verb || ' ' || coalesce(mc.person()::text, '-') || ' ' || p_request::text) $$;

-- The answer that this key was given, NULL when there is none. 'replayed' tells the page that nothing new happened.
CREATE OR REPLACE FUNCTION mc.idem_find(p_key uuid, p_hash bytea) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_account bigint := coalesce(mc.account(), 0);
  v_found   mc.idempotency;
BEGIN
  SELECT * INTO v_found FROM mc.idempotency WHERE council_id = mc.council() AND account_id = v_account AND key = p_key;
  IF v_found.request_sha256 <> p_hash THEN
    RAISE EXCEPTION 'This form was already sent with other answers. Look at the page again to see what was stored.' USING ERRCODE = 'MC422';
  END IF;
  RETURN v_found.answer || '{"replayed": true}';
END $$;

-- Returns NULL for a new key, and the stored answer for the same key with the same request. The insert waits for a racing session
-- with the same key, so one of them sees the other's answer.
CREATE OR REPLACE FUNCTION mc.idem_begin(p_key uuid, p_verb text, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_hash bytea := mc.idem_hash(p_verb, p_request);
BEGIN
  INSERT INTO mc.idempotency (council_id, account_id, key, verb, request_sha256)
  VALUES (mc.council(), coalesce(mc.account(), 0), p_key, p_verb, v_hash)
  ON CONFLICT DO NOTHING;
  IF FOUND THEN
    RETURN NULL;
  END IF;
  RETURN mc.idem_find(p_key, v_hash);
END $$;

CREATE OR REPLACE FUNCTION mc.idem_end(p_key uuid, p_answer jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  -- Worked out first: a coalesce counts as something that may leak a row to its caller, and under row-level security the index would not be asked for it.
  v_account bigint := coalesce(mc.account(), 0);
BEGIN
  UPDATE mc.idempotency SET answer = p_answer
   WHERE council_id = mc.council() AND account_id = v_account AND key = p_key AND answer IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'idempotency key % was not begun', p_key;
  END IF;
  RETURN p_answer || '{"replayed": false}';
END $$;

-- Stores answers of a council with their keys at once, for acts that were worked out before they are written. A key that another session has used meanwhile is an
-- error, and undoes what was written with it: asked again, it finds the other's answer.
CREATE OR REPLACE FUNCTION mc.idem_keep(p_answers mc.idempotency[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO mc.idempotency (council_id, account_id, key, verb, request_sha256, answer)
  SELECT mc.council(), account_id, key, verb, request_sha256, answer FROM unnest(p_answers);
END $$;

CREATE OR REPLACE FUNCTION mc.audit(p_verb text, p_kind text, p_ref text, p_amount bigint DEFAULT NULL, p_detail jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit.event (council_id, account_id, hat_id, role, person_id, mandate_id, verb, kind, ref, amount, detail)
  VALUES (mc.council(), mc.account(), mc.hat(), mc.role(), mc.person(), mc.mandate(), p_verb, p_kind, p_ref, p_amount, p_detail);
END $$;

-- The same for an act whose subject is not the person of the request (a provider marks a visit of somebody's order).
CREATE OR REPLACE FUNCTION mc.audit_person(p_person bigint, p_verb text, p_kind text, p_ref text, p_amount bigint DEFAULT NULL, p_detail jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit.event (council_id, account_id, hat_id, role, person_id, mandate_id, verb, kind, ref, amount, detail)
  VALUES (mc.council(), mc.account(), mc.hat(), mc.role(), p_person, mc.mandate(), p_verb, p_kind, p_ref, p_amount, p_detail);
END $$;

-- Hands on any number of messages of one topic. A NOTIFY holds a lock of the whole server through the flush of its commit, so that orders placed at once would
-- wait for each other's disk writes. Letters therefore ring no bell: the jobs process looks once a second. Somebody waits for a file.
CREATE OR REPLACE FUNCTION mc.outbox(p_topic text, VARIADIC p_payloads jsonb[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO jobs.outbox (council_id, topic, payload)
  SELECT nullif(current_setting('mc.council', true), '')::int, p_topic, p FROM unnest(p_payloads) AS p;
  IF p_topic <> 'mail' THEN
    PERFORM pg_notify('outbox', p_topic);
  END IF;
END $$;

-- How many rows a list gives at once: p_page on a page, 50,000 in a file (sql/queries/identity/list_whole.sql says so). Not STRICT, so that it is planned away.
CREATE OR REPLACE FUNCTION mc.list_most(p_page int) RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN current_setting('mc.list', true) = 'whole' THEN 50000 ELSE p_page END $$;

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
-- The reference of a number from 0 to 31^7 - 1: one of its own for each, which only the key tells. A Feistel network whose halves are four and three of the
-- seven characters, added modulo their ranges (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002, section 5), with SHA-256 in its rounds.
CREATE OR REPLACE FUNCTION mc.ref_of(p_number bigint, p_key bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  c_letters CONSTANT text := '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
  c_four    CONSTANT int := 31 ^ 4;
  c_three   CONSTANT int := 31 ^ 3;
  v_four    int := p_number / c_three;
  v_three   int := p_number % c_three;
  v_mixed   bytea;
BEGIN
  FOR v_round IN 1 .. 2 LOOP
    v_mixed := sha256(p_key || int4send(v_round) || int4send(v_three));
    v_four := (v_four + get_byte(v_mixed, 0) * 65536 + get_byte(v_mixed, 1) * 256 + get_byte(v_mixed, 2)) % c_four;
    v_mixed := sha256(p_key || int4send(-v_round) || int4send(v_four));
    v_three := (v_three + get_byte(v_mixed, 0) * 65536 + get_byte(v_mixed, 1) * 256 + get_byte(v_mixed, 2)) % c_three;
  END LOOP;
  RETURN substr(c_letters, 1 + v_four / 29791, 1) || substr(c_letters, 1 + v_four / 961 % 31, 1)
      || substr(c_letters, 1 + v_four / 31 % 31, 1) || substr(c_letters, 1 + v_four % 31, 1) || '-'
      || substr(c_letters, 1 + v_three / 961, 1) || substr(c_letters, 1 + v_three / 31 % 31, 1) || substr(c_letters, 1 + v_three % 31, 1)
      || substr(c_letters, 1 + (v_four / 29791 + 2 * (v_four / 961 % 31) + 3 * (v_four / 31 % 31) + 4 * (v_four % 31)
                                + 5 * (v_three / 961) + 6 * (v_three / 31 % 31) + 7 * (v_three % 31)) % 31, 1);
END $$;
-- Where thousands are wanted at once: mc.ref_of(nextval('mc.ref_number'), key) beside mc.ref_key, which is then read once.
CREATE OR REPLACE FUNCTION mc.new_ref() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN mc.ref_of(nextval('mc.ref_number'), (SELECT key FROM mc.ref_key));
END $$;

REVOKE ALL ON ALL ROUTINES IN SCHEMA mc FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mc.council(), mc.account(), mc.hat(), mc.role(), mc.organisation(), mc.person(), mc.mandate(),
  mc.ref_is_valid(text), mc.ref_check(text), mc.now(), mc.today(), mc.demo_clock(), mc.demo_clock_set() TO mc_web, mc_jobs, mc_verify;
GRANT EXECUTE ON FUNCTION mc.list_most(int) TO mc_web;
