-- Work handed over in tables: the outbox, mail, and files that arrived. Claimed with SKIP LOCKED, so that any number of jobs processes may run.

-- The context of a piece of work for one council: no account; the organisation that sent a file, if any.
CREATE OR REPLACE FUNCTION jobs.enter(p_council int, p_organisation bigint) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT set_config('mc.council', p_council::text, true) || set_config('mc.account', '', true) || set_config('mc.hat', '', true)
      || set_config('mc.role', 'jobs', true) || set_config('mc.person', '', true) || set_config('mc.mandate', '', true)
      || set_config('mc.organisation', coalesce(p_organisation::text, ''), true)
$$;

-- Takes up to p_most messages that are due. They come back by themselves after a growing pause unless jobs.settle says that they are done:
-- a jobs process that dies in the middle loses nothing. After five tries a message is parked for a person.
-- Letters never tried before are left to jobs.mail_write_due unless p_fresh_letters says that it failed.
-- An array and not IN: how many p_most are is not known to the planner, which would read all messages there ever were for a tenth of those that wait.
CREATE OR REPLACE FUNCTION jobs.claim(p_most int, p_fresh_letters boolean) RETURNS TABLE (id bigint, council_id int, topic text, payload jsonb, tries int)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE jobs.outbox o SET tries = o.tries + 1, not_before = now() + interval '10 seconds' * power(3, o.tries)
   WHERE o.id = ANY (ARRAY(SELECT w.id FROM jobs.outbox w
                            WHERE w.done_at IS NULL AND w.parked_at IS NULL AND w.not_before <= now() AND (p_fresh_letters OR w.topic <> 'mail' OR w.tries > 0)
                            ORDER BY w.not_before, w.id LIMIT p_most FOR UPDATE SKIP LOCKED))
  RETURNING o.id, o.council_id, o.topic, o.payload, o.tries
$$;

CREATE OR REPLACE FUNCTION jobs.settle(p_id bigint, p_error text) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE jobs.outbox SET done_at = CASE WHEN p_error IS NULL THEN now() END, error = p_error,
         parked_at = CASE WHEN p_error IS NOT NULL AND tries >= 5 THEN now() END
   WHERE id = p_id;
  SELECT 'settled'
$$;

-- ---------------------------------------------------------------- mail

-- Writes the e-mails of these letters, once, and settles them: each to an address, an account, everybody of an organisation in the letter's council, or a
-- person and nobody else. Returns how many e-mails there are.
CREATE OR REPLACE FUNCTION jobs.mail_write(p_letters bigint[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_council int;
  v_n       int;
  v_all     int := 0;
BEGIN
  FOR v_council IN SELECT DISTINCT o.council_id FROM jobs.outbox o WHERE o.id = ANY (p_letters) LOOP
    PERFORM jobs.enter(coalesce(v_council, 0), NULL);
    INSERT INTO jobs.mail (council_id, outbox_id, to_email, subject, body)
    SELECT o.council_id, o.id, x.email, o.payload ->> 'subject', o.payload ->> 'body'
      FROM jobs.outbox o CROSS JOIN LATERAL (
            SELECT o.payload ->> 'to_email' AS email
            UNION
            SELECT a.email FROM identity.account a WHERE a.id = (o.payload ->> 'to_account')::bigint AND a.ended_at IS NULL
            UNION
            SELECT a.email FROM identity.account a JOIN identity.hat h ON h.account_id = a.id
             WHERE h.council_id = o.council_id AND h.organisation_id = (o.payload ->> 'to_organisation')::bigint AND h.ended_at IS NULL AND a.ended_at IS NULL
            UNION
            SELECT a.email FROM identity.account a JOIN identity.hat h ON h.account_id = a.id
             WHERE h.council_id = o.council_id AND h.person_id = (o.payload ->> 'to_person')::bigint AND h.ended_at IS NULL AND a.ended_at IS NULL) x
     WHERE o.id = ANY (p_letters) AND o.council_id IS NOT DISTINCT FROM v_council AND x.email IS NOT NULL
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_n = ROW_COUNT;
    v_all := v_all + v_n;
  END LOOP;
  UPDATE jobs.outbox SET done_at = now(), error = NULL WHERE id = ANY (p_letters);
  RETURN v_all;
END $$;

-- Writes up to p_most letters that are due and were never tried, all of them or none; returns how many. Those that fail so are left to jobs.claim, one by one.
CREATE OR REPLACE FUNCTION jobs.mail_write_due(p_most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_letters bigint[] := ARRAY(SELECT w.id FROM jobs.outbox w
                               WHERE w.done_at IS NULL AND w.parked_at IS NULL AND w.not_before <= now() AND w.topic = 'mail' AND w.tries = 0
                               ORDER BY w.not_before, w.id LIMIT p_most FOR UPDATE SKIP LOCKED);
BEGIN
  IF v_letters <> '{}' THEN
    PERFORM jobs.mail_write(v_letters);
  END IF;
  RETURN cardinality(v_letters);
END $$;

-- ---------------------------------------------------------------- files

-- A provider has at most 200 files, of 100 MB together, waiting to be read: one that sends without end takes the turn of no other, nor the disk. What jobs gave up
-- counts for a day.
CREATE OR REPLACE FUNCTION jobs.files_must_fit(p_kind text, p_bytes int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_files CONSTANT int := 200;
  v_bytes CONSTANT int := 100 << 20;
  w       record;
BEGIN
  SELECT count(*) AS files, coalesce(sum(length(f.bytes)), 0) AS bytes INTO w FROM jobs.file f
   WHERE p_kind = 'invoice' AND f.council_id = mc.council() AND f.organisation_id = mc.organisation() AND f.state IN ('waiting', 'reading') AND f.created_at > now() - interval '1 day';
  IF w.files >= v_files OR w.bytes + p_bytes > v_bytes THEN
    RAISE EXCEPTION 'You have sent as many files as may wait to be read at once. Nothing of this was stored. Send it again in a few minutes.' USING ERRCODE = 'MC429';
  END IF;
END $$;

-- Stores what was uploaded; jobs reads it. Providers send invoices, finance officers send bank statements, with the account that one is from should it not say so.
CREATE OR REPLACE FUNCTION jobs.file_store(p_key uuid, p_kind text, p_name text, p_bytes bytea, p_bank_account text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_hash  bytea := sha256(p_bytes);
  v_prior jsonb := mc.idem_begin(p_key, 'file_store', jsonb_build_object('kind', p_kind, 'name', p_name, 'sha256', encode(v_hash, 'hex'), 'account', p_bank_account));
  v_ref   text := mc.new_ref();
BEGIN
  IF v_prior IS NOT NULL THEN
    RETURN v_prior;
  END IF;
  IF NOT ((p_kind = 'invoice' AND mc.role() = 'provider') OR (p_kind = 'statement' AND mc.role() = 'finance')) THEN
    RAISE EXCEPTION 'You cannot send this kind of file in this role' USING ERRCODE = 'MC403';
  END IF;
  PERFORM jobs.files_must_fit(p_kind, length(p_bytes));
  INSERT INTO jobs.file (council_id, ref, kind, name, sha256, bytes, account_id, organisation_id, bank_account)
  VALUES (mc.council(), v_ref, p_kind, left(p_name, 200), v_hash, p_bytes, mc.account(), mc.organisation(), p_bank_account);
  PERFORM mc.audit('file_stored', 'file', v_ref, NULL, jsonb_build_object('kind', p_kind, 'sha256', encode(v_hash, 'hex')));
  PERFORM mc.outbox('file', jsonb_build_object('ref', v_ref));
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'stored', 'ref', v_ref));
END $$;

CREATE OR REPLACE FUNCTION jobs.file_take(p_council int, p_ref text)
RETURNS TABLE (kind text, name text, organisation_id bigint, size int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
BEGIN
  PERFORM jobs.enter(p_council, NULL);
  RETURN QUERY UPDATE jobs.file f SET state = 'reading'
                WHERE f.council_id = p_council AND f.ref = p_ref AND f.state IN ('waiting', 'reading')
               RETURNING f.kind, f.name, f.organisation_id, length(f.bytes);
END $$;

-- The outcome of reading a file: 'done', or 'refused' with the reason a person can act on. What applying it has reported already stays.
CREATE OR REPLACE FUNCTION jobs.file_finish(p_ref text, p_state text, p_report jsonb, p_outbox bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE jobs.file SET state = p_state, report = report || p_report, done_at = now() WHERE council_id = mc.council() AND ref = p_ref AND state <> 'done';
  PERFORM mc.audit('file_' || p_state, 'file', p_ref);
  PERFORM jobs.settle(p_outbox, NULL);
  RETURN p_state;
END $$;

-- The key under which a file's content is applied: the same however often jobs tries.
CREATE OR REPLACE FUNCTION jobs.file_key(p_council int, p_ref text) RETURNS uuid LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT md5('file ' || p_council || ' ' || p_ref)::uuid
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA jobs FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.enter(int, bigint), jobs.claim(int, boolean), jobs.settle(bigint, text), jobs.mail_write(bigint[]), jobs.mail_write_due(int),
  jobs.file_take(int, text), jobs.file_finish(text, text, jsonb, bigint), jobs.file_key(int, text) TO mc_jobs;
GRANT EXECUTE ON FUNCTION jobs.file_store(uuid, text, text, bytea, text) TO mc_web;
