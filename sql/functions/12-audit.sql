-- Sealing the audit log in hash-chained blocks, and proving it.

-- The canonical text of an event. Personal text is never in it: erasing a name leaves the chain whole.
CREATE OR REPLACE FUNCTION audit.digest(e audit.event) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT sha256(convert_to(concat_ws(E'\x1f', e.council_id, e.id, extract(epoch FROM e.at), coalesce(e.account_id, 0), coalesce(e.hat_id, 0), coalesce(e.role, ''),
    coalesce(e.person_id, 0), coalesce(e.mandate_id, 0), e.verb, e.kind, e.ref, coalesce(e.amount::text, ''), e.detail::text), 'UTF8'))
$$;

-- Seals what is committed and not yet sealed, at most 10,000 events a block; returns how many. Run by jobs only, one at a time a council.
CREATE OR REPLACE FUNCTION audit.seal_next() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_last  audit.seal;
  v_block bigint;
  v_n     int;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit.seal'), mc.council());
  SELECT * INTO v_last FROM audit.seal WHERE council_id = mc.council() ORDER BY block DESC LIMIT 1;
  v_block := coalesce(v_last.block, 0) + 1;
  INSERT INTO audit.sealed_event (council_id, event_id, block, sha256)
  SELECT e.council_id, e.id, v_block, audit.digest(e) FROM audit.event e
   WHERE e.council_id = mc.council()
     AND NOT EXISTS (SELECT FROM audit.sealed_event x WHERE x.council_id = e.council_id AND x.event_id = e.id)
   ORDER BY e.id LIMIT 10000;
  GET DIAGNOSTICS v_n = ROW_COUNT;
  IF v_n > 0 THEN
    INSERT INTO audit.seal (council_id, block, events, sha256)
    SELECT mc.council(), v_block, v_n, sha256(coalesce(v_last.sha256, ''::bytea) || string_agg(x.sha256, ''::bytea ORDER BY x.event_id))
      FROM audit.sealed_event x WHERE x.council_id = mc.council() AND x.block = v_block;
  END IF;
  RETURN v_n;
END $$;

-- What is wrong with the log, one row a finding; none when it is whole. For the verifier role, over all councils.
CREATE OR REPLACE FUNCTION audit.verify() RETURNS TABLE (check_name text, object text, detail text)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT 'audit.event', format('council %s event %s', x.council_id, x.event_id),
         CASE WHEN e.id IS NULL THEN 'was removed after it was sealed' ELSE 'was changed after it was sealed' END
    FROM audit.sealed_event x LEFT JOIN audit.event e ON e.council_id = x.council_id AND e.id = x.event_id
   WHERE e.id IS NULL OR audit.digest(e) <> x.sha256
  UNION ALL
  SELECT 'audit.seal', format('council %s block %s', b.council_id, b.block), 'the block does not follow from the one before and its events'
    FROM (SELECT s.*, lag(s.sha256) OVER w AS before, lag(s.block) OVER w AS block_before FROM audit.seal s WINDOW w AS (PARTITION BY s.council_id ORDER BY s.block)) b
    LEFT JOIN LATERAL (SELECT count(*) AS n, string_agg(x.sha256, ''::bytea ORDER BY x.event_id) AS digests
                         FROM audit.sealed_event x WHERE x.council_id = b.council_id AND x.block = b.block) d ON true
   WHERE b.events <> d.n OR b.block <> coalesce(b.block_before, 0) + 1
      OR b.sha256 <> sha256(coalesce(b.before, ''::bytea) || coalesce(d.digests, ''::bytea))
  UNION ALL
  SELECT 'audit.sealed_event', format('council %s event %s', x.council_id, x.event_id), 'belongs to a block that does not exist'
    FROM audit.sealed_event x WHERE NOT EXISTS (SELECT FROM audit.seal s WHERE s.council_id = x.council_id AND s.block = x.block)
  UNION ALL
  SELECT 'audit.event', format('council %s event %s', e.council_id, e.id), 'has waited over an hour to be sealed'
    FROM audit.event e
   WHERE e.at < now() - interval '1 hour'
     AND NOT EXISTS (SELECT FROM audit.sealed_event x WHERE x.council_id = e.council_id AND x.event_id = e.id)
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.seal_next() TO mc_jobs;
GRANT EXECUTE ON FUNCTION audit.verify(), audit.digest(audit.event) TO mc_verify, mc_jobs, mc_web;
