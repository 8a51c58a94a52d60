-- Bank statements come in: every booked entry once, whatever overlaps. Called by jobs with what the jail read from the file.

-- The council's account that a statement names: IBAN or sort code and account in any punctuation and in either order, also with the currency that MT940 puts
-- behind it, with the bank's own code before it, or with a sort code of eight digits. NULL: not ours.
CREATE OR REPLACE FUNCTION payments.bank_account_named(p_name text) RETURNS payments.bank_account
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT b
    FROM payments.bank_account b
   CROSS JOIN LATERAL (SELECT regexp_replace(upper(regexp_replace(p_name, '[^0-9A-Za-z]', '', 'g')), '([0-9])' || b.currency || '$', '\1') AS n) whole
   CROSS JOIN LATERAL (SELECT regexp_replace(whole.n, '^(?:GB[0-9]{2}[A-Z]{4}|[A-Z]{4}GB[0-9A-Z]{2}(?:[0-9A-Z]{3})?|00)([0-9]{14})$', '\1') AS digits) bare
   WHERE b.council_id = mc.council()
     AND (whole.n = b.iban OR bare.digits IN (b.sort_code || b.account_number, b.account_number || b.sort_code)
          OR (whole.n = b.account_number AND NOT EXISTS (SELECT FROM payments.bank_account o WHERE o.council_id = b.council_id
                                                            AND o.account_number = b.account_number AND o.id <> b.id)))
$$;

-- Everything that a payer or a bank may have written a reference into, without the spaces and hyphens that systems add.
CREATE OR REPLACE FUNCTION payments.reference_text(VARIADIC p_parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog
RETURN upper(regexp_replace(array_to_string(p_parts, '|'), '[^0-9A-Za-z|]', '', 'g'));

-- ---------------------------------------------------------------- what is staged

-- The lines of one statement in their order: read piece by piece, so that they are never one value.
CREATE OR REPLACE FUNCTION payments.staged_entries(p_import uuid, p_attempt uuid, p_statement int) RETURNS TABLE (piece int, at bigint, b jsonb)
LANGUAGE sql STABLE AS $$
  SELECT p.piece, e.at, e.b
    FROM payments.statement_piece p CROSS JOIN LATERAL jsonb_array_elements(p.entries) WITH ORDINALITY AS e (b, at)
   WHERE p.council_id = mc.council() AND p.import = p_import AND p.attempt = p_attempt AND p.statement = p_statement
$$;

-- A piece of a file: lines as the reader writes them, entries and behind those of a statement the rest of it. p_statement is the one that the first of them
-- belongs to; the answer is the one that the next piece begins with. The first piece removes what earlier attempts left; a piece that comes again changes nothing.
CREATE OR REPLACE FUNCTION payments.statement_stage(p_file text, p_attempt uuid, p_piece int, p_statement int, p_lines text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_import uuid := jobs.file_key(mc.council(), p_file);
  v_next   int;
BEGIN
  IF p_piece = 1 THEN
    DELETE FROM payments.statement_piece WHERE council_id = mc.council() AND import = v_import AND attempt <> p_attempt;
  END IF;
  WITH line AS MATERIALIZED (
    SELECT x.b, t.at, x.b->'statement' AS head,
           p_statement + (count(*) FILTER (WHERE x.b ? 'statement') OVER (ORDER BY t.at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))::int AS statement
      FROM string_to_table(rtrim(p_lines, E'\n'), E'\n') WITH ORDINALITY AS t (line, at) CROSS JOIN LATERAL (SELECT t.line::jsonb AS b OFFSET 0) x),
  staged AS (
    INSERT INTO payments.statement_piece (council_id, import, attempt, statement, piece, entries, head)
    SELECT mc.council(), v_import, p_attempt, l.statement, p_piece, coalesce(jsonb_agg(l.b ORDER BY l.at) FILTER (WHERE l.head IS NULL), '[]'),
           (array_agg(l.head) FILTER (WHERE l.head IS NOT NULL))[1]
      FROM line l GROUP BY l.statement
    ON CONFLICT DO NOTHING)
  SELECT p_statement + count(*) FILTER (WHERE l.head IS NOT NULL) INTO v_next FROM line l;
  RETURN v_next;
END $$;

-- What is staged of a file is not wanted any more.
CREATE OR REPLACE FUNCTION payments.statement_unstage(p_file text) RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
  WITH gone AS (DELETE FROM payments.statement_piece WHERE council_id = mc.council() AND import = jobs.file_key(mc.council(), p_file) RETURNING 1)
  SELECT count(*)::int FROM gone
$$;

-- ---------------------------------------------------------------- what becomes of it

-- The entries of one statement that were never seen. The identity holds a place among equals, so that two like bookings of one day are two, and
-- the same two in an overlapping statement are none. An entry without the bank's own reference may be known from a file that gave it, and the
-- reverse: then day, amount and place among equals decide. Planned anew each time: a plan made when little was staged would read all of it for each of many
-- statements of a file.
CREATE OR REPLACE FUNCTION payments.statement_entries_add(p_statement payments.statement, p_import uuid, p_attempt uuid, p_number int) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, payments SET work_mem = '16MB' SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_from    date;
  v_until   date;
  v_dayless bigint;
  v_fresh   int;
BEGIN
  SELECT min((s.b->>'booked')::date), max((s.b->>'booked')::date), count(*) FILTER (WHERE s.b->>'booked' IS NULL) INTO v_from, v_until, v_dayless
    FROM payments.staged_entries(p_import, p_attempt, p_number) s WHERE s.b->>'status' = 'booked';
  IF v_dayless > 0 THEN
    RAISE EXCEPTION 'A line of the statement has no day on which it was booked.' USING ERRCODE = 'MC422';
  END IF;
  -- What is known already is counted beside the new in one order: a look at the known for each of the new would read over what this statement has just written.
  INSERT INTO payments.bank_entry (council_id, ref, bank_account_id, statement_id, bank_ref, booked_on, value_on, amount, ordinal, is_reversal, return_reason,
                                   end_to_end_id, instruction_id, counterparty_name, counterparty_account, remittance, details, said)
  SELECT p_statement.council_id, mc.ref_of(nextval('mc.ref_number'), k.key), p_statement.bank_account_id, p_statement.id, n.bank_ref, n.booked_on, coalesce((n.b->>'value')::date, n.booked_on), n.amount, n.ordinal,
         coalesce((n.b->>'reversal')::boolean, false),
         coalesce(n.b->>'return_reason', (SELECT d->>'return_reason' FROM jsonb_array_elements(coalesce(n.b->'details', '[]')) d WHERE d->>'return_reason' IS NOT NULL LIMIT 1)),
         n.b->>'end_to_end_id', n.b->>'instruction_id', n.b#>>'{counterparty,name}', n.b#>>'{counterparty,account}',
         concat_ws(' ', n.b#>>'{counterparty,ultimate}', (SELECT string_agg(r, ' ') FROM jsonb_array_elements_text(coalesce(n.b->'remittance', '[]')) r)), coalesce(n.b->'details', '[]'), n.b - 'details'
    FROM (SELECT e.*, row_number() OVER (PARTITION BY e.booked_on, e.amount, e.bank_ref, e.b IS NULL ORDER BY e.piece, e.at)::int AS ordinal,
                 row_number() OVER (PARTITION BY e.booked_on, e.amount, e.b IS NULL ORDER BY e.piece, e.at)::int AS among_all,
                 coalesce(sum(e.known) FILTER (WHERE e.bank_ref = '') OVER w, 0) AS known_bare, coalesce(sum(e.known) FILTER (WHERE e.bank_ref <> '') OVER w, 0) AS known_named
            FROM (SELECT s.piece, s.at, s.b, coalesce(s.b->>'bank_ref', '') AS bank_ref, (s.b->>'booked')::date AS booked_on, payments.pence(s.b->>'amount') AS amount, NULL::bigint AS known
                    FROM payments.staged_entries(p_import, p_attempt, p_number) s WHERE s.b->>'status' = 'booked'
                  UNION ALL
                  SELECT NULL, NULL, NULL, k.bank_ref, k.booked_on, k.amount, count(*)
                    FROM payments.bank_entry k
                   WHERE k.council_id = p_statement.council_id AND k.bank_account_id = p_statement.bank_account_id AND k.booked_on BETWEEN v_from AND v_until
                   GROUP BY k.bank_ref, k.booked_on, k.amount) e
          WINDOW w AS (PARTITION BY e.booked_on, e.amount)) n
   CROSS JOIN mc.ref_key k
   WHERE n.b IS NOT NULL AND n.amount <> 0 AND n.among_all > CASE n.bank_ref WHEN '' THEN n.known_named ELSE n.known_bare END
   ORDER BY n.piece, n.at
  ON CONFLICT (council_id, bank_account_id, bank_ref, booked_on, amount, ordinal) DO NOTHING;
  GET DIAGNOSTICS v_fresh = ROW_COUNT;
  RETURN v_fresh;
END $$;

CREATE OR REPLACE FUNCTION payments.statement_follows(p_bank bigint, p_opening bigint, p_opening_on date) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT CASE WHEN p_opening IS NULL THEN 'undecided'
              ELSE coalesce((SELECT CASE WHEN s.closing = p_opening THEN 'yes' ELSE 'no' END
                               FROM payments.statement s
                              WHERE s.council_id = mc.council() AND s.bank_account_id = p_bank AND s.closing IS NOT NULL AND s.closing_on <= p_opening_on
                              ORDER BY s.closing_on DESC, s.id DESC LIMIT 1), 'first') END
$$;

-- Statement p_number of what is staged: p_statement is the head of it, and it has this many lines, this many of them booked.
CREATE OR REPLACE FUNCTION payments.statement_store(p_file text, p_statement jsonb, p_lines bigint, p_booked bigint, p_import uuid, p_attempt uuid, p_number int) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_bank      payments.bank_account := payments.bank_account_named(p_statement->>'account');
  v_statement payments.statement;
BEGIN
  IF p_statement->>'account' IS NULL THEN          -- then whoever sent the file says so
    SELECT b.* INTO v_bank FROM payments.bank_account b JOIN jobs.file f ON f.council_id = b.council_id AND f.bank_account = b.ref
     WHERE b.council_id = mc.council() AND f.ref = p_file;
    IF NOT FOUND THEN
      RETURN jsonb_build_object('outcome', 'no_account');
    END IF;
  END IF;
  IF v_bank.id IS NULL OR coalesce(p_statement->>'currency', v_bank.currency) <> v_bank.currency THEN
    RETURN jsonb_build_object('outcome', 'unknown_account', 'account', p_statement->>'account');
  END IF;
  -- Statements of one account come in one after the other.
  PERFORM 1 FROM payments.bank_account WHERE council_id = v_bank.council_id AND id = v_bank.id FOR UPDATE;
  INSERT INTO payments.statement (council_id, ref, bank_account_id, statement_id, format, file_ref, opening, opening_on, closing, closing_on, balance, follows,
                                  entries, fresh, skipped, state)
  SELECT v_bank.council_id, mc.new_ref(), v_bank.id, coalesce(p_statement->>'id', ''), coalesce(p_statement->>'format', 'unknown'), p_file,
         payments.pence(p_statement#>>'{opening,amount}'), (p_statement#>>'{opening,date}')::date,
         payments.pence(p_statement#>>'{closing,amount}'), (p_statement#>>'{closing,date}')::date, p_statement->>'balance',
         payments.statement_follows(v_bank.id, payments.pence(p_statement#>>'{opening,amount}'), (p_statement#>>'{opening,date}')::date),
         p_booked, 0, p_lines - p_booked, CASE p_statement->>'balance' WHEN 'differs' THEN 'held' ELSE 'open' END
  RETURNING * INTO v_statement;
  UPDATE payments.statement SET fresh = payments.statement_entries_add(v_statement, p_import, p_attempt, p_number)
   WHERE council_id = v_statement.council_id AND id = v_statement.id RETURNING * INTO v_statement;
  -- Jobs matches them a moment from now: planned for the few lines that were there before, each page would read them all.
  -- Where somebody else is at it already, that will do.
  IF v_statement.fresh >= 1000 THEN
    ANALYZE (SKIP_LOCKED) payments.bank_entry;
  END IF;
  -- The oldest statement says what the account held before the ledger knew it.
  UPDATE payments.bank_account b SET opening = v_statement.opening, opening_on = v_statement.opening_on
   WHERE b.council_id = v_bank.council_id AND b.id = v_bank.id AND v_statement.opening IS NOT NULL
     AND (b.opening_on IS NULL OR v_statement.opening_on < b.opening_on);
  PERFORM mc.audit('statement_imported', 'statement', v_statement.ref, v_statement.closing,
                   jsonb_build_object('entries', v_statement.entries, 'fresh', v_statement.fresh, 'balance', v_statement.balance, 'follows', v_statement.follows));
  RETURN jsonb_build_object('outcome', CASE v_statement.state WHEN 'held' THEN 'held' ELSE 'imported' END, 'ref', v_statement.ref, 'account', v_bank.ref,
                            'entries', v_statement.entries, 'fresh', v_statement.fresh, 'balance', v_statement.balance, 'follows', v_statement.follows);
END $$;

-- The statements that are staged, in their order: what became of each. Nothing stays staged of this import.
CREATE OR REPLACE FUNCTION payments.statements_take(p_file text, p_import uuid, p_attempt uuid) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_stored jsonb := (SELECT jsonb_agg(payments.statement_store(p_file, h.head, h.lines, h.booked, p_import, p_attempt, h.statement))
                       FROM (SELECT p.statement, (array_agg(p.head) FILTER (WHERE p.head IS NOT NULL))[1] AS head, sum(c.lines)::bigint AS lines, sum(c.booked)::bigint AS booked
                               FROM payments.statement_piece p
                              CROSS JOIN LATERAL (SELECT count(*) AS lines, count(*) FILTER (WHERE e->>'status' = 'booked') AS booked FROM jsonb_array_elements(p.entries) e) c
                              WHERE p.council_id = mc.council() AND p.import = p_import AND p.attempt = p_attempt
                              GROUP BY p.statement ORDER BY p.statement) h);
BEGIN
  DELETE FROM payments.statement_piece WHERE council_id = mc.council() AND import = p_import;
  RETURN jsonb_build_object('outcome', CASE WHEN v_stored IS NULL THEN 'empty' ELSE 'read' END, 'statements', v_stored);
END $$;

-- {"file": ref, "format": …, "statements": [the reader's]}: imports what fits one value. What jobs reads comes in pieces instead (statement_staged_import);
-- either has the open lines matched by jobs (48-rounds.sql).
CREATE OR REPLACE FUNCTION payments.statement_import(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'statement_import', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  INSERT INTO payments.statement_piece (council_id, import, attempt, statement, piece, entries, head)
  SELECT mc.council(), p_key, p_key, t.at, 1, coalesce(t.s->'entries', '[]'), t.s - 'entries' || jsonb_build_object('format', p_request->'format')
    FROM jsonb_array_elements(coalesce(p_request->'statements', '[]')) WITH ORDINALITY AS t (s, at);
  RETURN mc.idem_end(p_key, payments.statements_take(p_request->>'file', p_key, p_key));
END $$;

-- What a file of the bank brought, for whoever sent it.
CREATE OR REPLACE FUNCTION payments.statement_report(p_file text, p_answer jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  UPDATE jobs.file SET report = p_answer - 'replayed' || jsonb_build_object('statements', coalesce(nullif(p_answer->'statements', 'null'), '[]'))
   WHERE council_id = mc.council() AND ref = p_file
$$;

-- The last step of a file that was staged in p_pieces pieces: the only one that has an effect. What was asked is this file, whose bytes never change: its hash
-- stands for its lines. Whoever sent it can read what became of it.
CREATE OR REPLACE FUNCTION payments.statement_staged_import(p_file text, p_attempt uuid, p_pieces int) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_import uuid := jobs.file_key(mc.council(), p_file);
  v_answer jsonb;
BEGIN
  PERFORM payments.require_role('finance');
  v_answer := mc.idem_begin(v_import, 'statement_import',
                            (SELECT jsonb_build_object('file', f.ref, 'sha256', encode(f.sha256, 'hex')) FROM jobs.file f WHERE f.council_id = mc.council() AND f.ref = p_file));
  IF v_answer IS NOT NULL THEN
    PERFORM payments.statement_unstage(p_file);
    RETURN v_answer;
  END IF;
  -- Another attempt has begun meanwhile and removed them: it imports the file.
  IF p_pieces <> (SELECT count(DISTINCT p.piece) FROM payments.statement_piece p WHERE p.council_id = mc.council() AND p.import = v_import AND p.attempt = p_attempt) THEN
    RAISE EXCEPTION 'Of the % pieces of file % some are gone.', p_pieces, p_file;
  END IF;
  v_answer := mc.idem_end(v_import, payments.statements_take(p_file, v_import, p_attempt));
  PERFORM payments.statement_report(p_file, v_answer);
  RETURN v_answer;
END $$;

-- {"statement": ref, "note": why}: a person takes responsibility for a statement that does not add up.
CREATE OR REPLACE FUNCTION payments.statement_accept(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior jsonb;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'statement_accept', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  IF coalesce(btrim(p_request->>'note'), '') = '' THEN
    RAISE EXCEPTION 'Say why this statement can be used although it does not add up.' USING ERRCODE = 'MC422';
  END IF;
  UPDATE payments.statement SET state = 'open', accepted_by = mc.account(), accepted_note = p_request->>'note'
   WHERE council_id = mc.council() AND ref = p_request->>'statement' AND state = 'held';
  IF NOT FOUND THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'not_held'));
  END IF;
  PERFORM mc.audit('statement_accepted', 'statement', p_request->>'statement');
  PERFORM mc.outbox('reconcile', '{}');
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'accepted', 'ref', p_request->>'statement'));
END $$;
