-- Sealing the audit log and the ledger in hash-chained blocks, and proving it.

-- STABLE and without a search path of their own, so that these are worked out inside the query that asks: calling them a row at a time is ten times slower.
-- The canonical text of an event. Personal text is never in it: erasing a name leaves the chain whole.
CREATE OR REPLACE FUNCTION audit.digest(e audit.event) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(concat_ws(E'\x1f', e.council_id, e.id, extract(epoch FROM e.at), coalesce(e.account_id, 0), coalesce(e.hat_id, 0), coalesce(e.role, ''),
    coalesce(e.person_id, 0), coalesce(e.mandate_id, 0), e.verb, e.kind, e.ref, coalesce(e.amount::text, ''), e.detail::text), 'UTF8'))
$$;

-- The canonical text of the entries of a journal, and of the journal with them.
CREATE OR REPLACE FUNCTION audit.entry_text(e ledger.entry) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT concat_ws(',', e.line, e.account_id, e.amount, coalesce(e.account_version, 0), coalesce(e.balance_after, 0))
$$;
CREATE OR REPLACE FUNCTION audit.digest(j ledger.journal, p_entries text) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(concat_ws(E'\x1f', j.council_id, j.id, j.idem_key, encode(j.idem_sha256, 'hex'), j.kind, coalesce(j.actor_id, 0), coalesce(j.person_id, 0),
    coalesce(j.mandate_id, 0), j.ref, j.effective_on - date '2000-01-01', j.period_id, extract(epoch FROM j.recorded_at), coalesce(j.corrects, 0), p_entries), 'UTF8'))
$$;

-- Takes at most 10,000 numbers of one kind off the queue, the lowest first. Up to the last of them and not one by one: each would be sought among all.
CREATE OR REPLACE FUNCTION audit.take_unsealed(p_kind text) RETURNS SETOF bigint
LANGUAGE sql ROWS 1000 AS $$
  DELETE FROM audit.unsealed WHERE council_id = mc.council() AND kind = p_kind
     AND id <= (SELECT max(first.id) FROM (SELECT id FROM audit.unsealed WHERE council_id = mc.council() AND kind = p_kind ORDER BY id LIMIT 10000) first)
  RETURNING id
$$;

-- Seals what is committed and not yet sealed, at most 10,000 events and as many journals a block; returns how many. Run by jobs only, one at a time a council.
CREATE OR REPLACE FUNCTION audit.seal_next() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_last     audit.seal;
  v_block    bigint;
  v_events   int;
  v_journals int;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit.seal'), mc.council());
  SELECT * INTO v_last FROM audit.seal WHERE council_id = mc.council() ORDER BY block DESC LIMIT 1;
  v_block := coalesce(v_last.block, 0) + 1;
  INSERT INTO audit.sealed_event (council_id, event_id, block, sha256)
  SELECT e.council_id, e.id, v_block, audit.digest(e)
    FROM audit.take_unsealed('event') AS next (id) JOIN audit.event e ON e.council_id = mc.council() AND e.id = next.id;
  GET DIAGNOSTICS v_events = ROW_COUNT;
  INSERT INTO audit.sealed_journal (council_id, journal_id, block, sha256)
  SELECT j.council_id, j.id, v_block,
         audit.digest(j, (SELECT string_agg(audit.entry_text(e), ';' ORDER BY e.line) FROM ledger.entry e WHERE e.council_id = j.council_id AND e.journal_id = j.id))
    FROM audit.take_unsealed('journal') AS next (id) JOIN ledger.journal j ON j.council_id = mc.council() AND j.id = next.id;
  GET DIAGNOSTICS v_journals = ROW_COUNT;
  IF v_events + v_journals > 0 THEN
    INSERT INTO audit.seal (council_id, block, events, journals, sha256)
    SELECT mc.council(), v_block, v_events, v_journals, sha256(coalesce(v_last.sha256, ''::bytea)
      || coalesce((SELECT string_agg(x.sha256, ''::bytea ORDER BY x.event_id) FROM audit.sealed_event x WHERE x.council_id = mc.council() AND x.block = v_block), ''::bytea)
      || coalesce((SELECT string_agg(x.sha256, ''::bytea ORDER BY x.journal_id) FROM audit.sealed_journal x WHERE x.council_id = mc.council() AND x.block = v_block), ''::bytea));
  END IF;
  RETURN v_events + v_journals;
END $$;

-- What is wrong with the chain of blocks.
CREATE OR REPLACE FUNCTION audit.verify_blocks() RETURNS TABLE (check_name text, object text, detail text)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  WITH event AS (
    SELECT council_id, block, count(*) AS n, string_agg(sha256, ''::bytea ORDER BY event_id) AS digests FROM audit.sealed_event GROUP BY council_id, block
  ), journal AS (
    SELECT council_id, block, count(*) AS n, string_agg(sha256, ''::bytea ORDER BY journal_id) AS digests FROM audit.sealed_journal GROUP BY council_id, block
  ), chain AS (
    SELECT s.*, lag(s.sha256) OVER w AS before, lag(s.block) OVER w AS block_before FROM audit.seal s WINDOW w AS (PARTITION BY s.council_id ORDER BY s.block)
  )
  SELECT 'audit.seal', format('council %s block %s', b.council_id, b.block), 'the block does not follow from the one before, its events and its journals'
    FROM chain b LEFT JOIN event e ON (e.council_id, e.block) = (b.council_id, b.block) LEFT JOIN journal j ON (j.council_id, j.block) = (b.council_id, b.block)
   WHERE b.events <> coalesce(e.n, 0) OR b.journals <> coalesce(j.n, 0) OR b.block <> coalesce(b.block_before, 0) + 1
      OR b.sha256 <> sha256(coalesce(b.before, ''::bytea) || coalesce(e.digests, ''::bytea) || coalesce(j.digests, ''::bytea))
  UNION ALL
  SELECT 'audit.seal', format('council %s block %s', x.council_id, x.block), 'what was sealed belongs to a block that does not exist'
    FROM (SELECT council_id, block FROM event UNION SELECT council_id, block FROM journal) x
   WHERE NOT EXISTS (SELECT FROM audit.seal s WHERE (s.council_id, s.block) = (x.council_id, x.block))
$$;

-- Events changed, removed or waiting too long. Two joins and not a full one, which PostgreSQL does not spread over several processes.
CREATE OR REPLACE FUNCTION audit.verify_events() RETURNS TABLE (check_name text, object text, detail text)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT 'audit.event', format('council %s event %s', e.council_id, e.id),
         CASE WHEN x.event_id IS NULL THEN 'has waited over an hour to be sealed' ELSE 'was changed after it was sealed' END
    FROM audit.event e LEFT JOIN audit.sealed_event x ON (x.council_id, x.event_id) = (e.council_id, e.id)
   WHERE CASE WHEN x.event_id IS NULL THEN e.at < now() - interval '1 hour' ELSE audit.digest(e) <> x.sha256 END
  UNION ALL
  SELECT 'audit.event', format('council %s event %s', x.council_id, x.event_id), 'was removed after it was sealed'
    FROM audit.sealed_event x WHERE NOT EXISTS (SELECT FROM audit.event e WHERE (e.council_id, e.id) = (x.council_id, x.event_id))
$$;

-- The same of the journals with their entries, which are read once, in the order of their keys.
CREATE OR REPLACE FUNCTION audit.verify_journals() RETURNS TABLE (check_name text, object text, detail text)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT 'audit.journal', format('council %s journal %s', coalesce(x.council_id, j.council_id), coalesce(x.journal_id, j.id)),
         CASE WHEN j.id IS NULL THEN 'was removed after it was sealed' WHEN x.journal_id IS NULL THEN 'has waited over an hour to be sealed'
              ELSE 'was changed after it was sealed' END
    FROM audit.sealed_journal x
    FULL JOIN (SELECT j AS row, j.council_id, j.id, j.recorded_at, t.entries FROM ledger.journal j
                 LEFT JOIN (SELECT e.council_id, e.journal_id, string_agg(audit.entry_text(e), ';' ORDER BY e.line) AS entries
                              FROM ledger.entry e GROUP BY e.council_id, e.journal_id) t ON (t.council_id, t.journal_id) = (j.council_id, j.id)) j
      ON (j.council_id, j.id) = (x.council_id, x.journal_id)
   WHERE j.id IS NULL OR (x.journal_id IS NULL AND j.recorded_at < now() - interval '1 hour') OR audit.digest(j.row, j.entries) <> x.sha256
$$;

-- What is wrong with log and journals, one row a finding; none when they are whole. For the verifier role, over all councils.
CREATE OR REPLACE FUNCTION audit.verify() RETURNS TABLE (check_name text, object text, detail text)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT * FROM audit.verify_events() UNION ALL SELECT * FROM audit.verify_journals() UNION ALL SELECT * FROM audit.verify_blocks()
$$;

-- The whole log of the transaction's council looked at once, and what was found kept. Its auditors are told by letter when it is not whole.
CREATE OR REPLACE FUNCTION audit.check_log() RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
  c audit.log_check;
BEGIN
  -- One statement, so that what is looked at and what is counted are of one moment.
  SELECT max(s.block), sum(s.events), sum(s.journals), f.n, f.first INTO c.block, c.events, c.journals, c.findings, c.first_found
    FROM audit.seal s,
         (SELECT count(*)::int AS n, coalesce(jsonb_agg(jsonb_build_object('check_name', v.check_name, 'object', v.object, 'detail', v.detail)) FILTER (WHERE v.place <= 100), '[]') AS first
            FROM (SELECT *, row_number() OVER () AS place FROM audit.verify()) v) f
   WHERE s.council_id = mc.council() GROUP BY f.n, f.first;
  INSERT INTO audit.log_check (council_id, block, events, journals, findings, first_found) VALUES (mc.council(), c.block, c.events, c.journals, c.findings, c.first_found);
  IF c.findings > 0 THEN
    PERFORM mc.outbox('mail', VARIADIC ARRAY(
      SELECT payments.letter(jsonb_build_object('to_account', h.account_id), 'The audit log is not whole',
               format(E'The log of your council was checked tonight. It is not whole: %s.\nSign in and open Audit, Verify the log, to see what is wrong. Stop payment runs until it is explained.',
                      CASE c.findings WHEN 1 THEN '1 thing is wrong' ELSE c.findings || ' things are wrong' END))
        FROM identity.hat h WHERE h.council_id = mc.council() AND h.role = 'auditor' AND h.ended_at IS NULL AND h.starts_on <= mc.today()));
  END IF;
  RETURN c.findings;
END $$;

-- Run by jobs every minute: looks once after two each night, and at once where nobody has looked yet. How many things the last look found wrong.
CREATE OR REPLACE FUNCTION audit.check_log_due() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_tonight timestamptz := (date_trunc('day', mc.now() AT TIME ZONE 'Europe/London' - interval '2 hours') + interval '2 hours') AT TIME ZONE 'Europe/London';
  v_last    audit.log_check;
BEGIN
  SELECT * INTO v_last FROM audit.log_check WHERE council_id = mc.council() ORDER BY id DESC LIMIT 1;
  IF v_last.checked_at >= v_tonight THEN
    RETURN v_last.findings;
  ELSIF NOT EXISTS (SELECT FROM audit.seal WHERE council_id = mc.council()) THEN
    RETURN 0;
  END IF;
  RETURN audit.check_log();
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.seal_next(), audit.check_log_due() TO mc_jobs;
GRANT EXECUTE ON FUNCTION audit.verify(), audit.verify_events(), audit.verify_journals(), audit.verify_blocks(), audit.digest(audit.event), audit.digest(ledger.journal, text), audit.entry_text(ledger.entry)
  TO mc_verify, mc_jobs, mc_web;
