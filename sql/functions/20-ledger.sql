-- Posting: the only code that writes journals, entries and the counters of budget accounts.
-- Lock order everywhere: the mandate, the order's row, then accounts by id, then holds. READ COMMITTED: every statement sees what the locks waited for.

CREATE OR REPLACE FUNCTION ledger.today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT mc.today() $$;

-- A business object that makes a journal once needs no random key: its own words are the key.
CREATE OR REPLACE FUNCTION ledger.key(p_words text) RETURNS uuid LANGUAGE sql STABLE STRICT PARALLEL SAFE
  AS $$ SELECT encode(substr(mc.sha256(p_words), 1, 16), 'hex')::uuid $$;

CREATE OR REPLACE FUNCTION ledger.account_open(p_kind text, p_code text, p_person bigint DEFAULT NULL, p_organisation bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  v_id bigint;
BEGIN
  SELECT id INTO v_id FROM ledger.account WHERE council_id = mc.council() AND kind = p_kind AND code = p_code;
  IF NOT FOUND THEN
    INSERT INTO ledger.account (council_id, kind, code, person_id, organisation_id, normal_side, no_overdraw)
    VALUES (mc.council(), p_kind, p_code, p_person, p_organisation,
            CASE WHEN p_kind IN ('budget', 'payable', 'run_clearing', 'suspense', 'platform', 'recoveries', 'client_money') THEN 'credit' ELSE 'debit' END,
            p_kind = 'budget')
    ON CONFLICT (council_id, kind, code) DO NOTHING;
    SELECT id INTO STRICT v_id FROM ledger.account WHERE council_id = mc.council() AND kind = p_kind AND code = p_code;
  END IF;
  RETURN v_id;
END $$;

CREATE OR REPLACE FUNCTION ledger.payable(p_organisation bigint) RETURNS bigint
LANGUAGE sql AS $$
  SELECT ledger.account_open('payable', ref, NULL, id) FROM identity.organisation WHERE id = p_organisation
$$;

-- ---------------------------------------------------------------- periods

-- Posting and closing exclude each other by an advisory lock: a row lock on the period would be taken by every posting of the council.
CREATE OR REPLACE FUNCTION ledger.period_lock(p_to_close boolean) RETURNS void LANGUAGE sql AS $$
  SELECT CASE WHEN p_to_close THEN pg_advisory_xact_lock(hashtext('ledger.period'), mc.council())
              ELSE pg_advisory_xact_lock_shared(hashtext('ledger.period'), mc.council()) END
$$;

-- The English financial year of a day, which begins on 1 April.
CREATE OR REPLACE FUNCTION ledger.year_start(p_on date) RETURNS date LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT make_date(extract(year FROM p_on)::int - CASE WHEN extract(month FROM p_on) < 4 THEN 1 ELSE 0 END, 4, 1)
$$;

-- The open period that a posting of this date counts in: its own, or the first open one after it.
CREATE OR REPLACE FUNCTION ledger.period_for(p_on date) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  v_start date := ledger.year_start(p_on);
  v_found ledger.period;
BEGIN
  PERFORM ledger.period_lock(false);
  LOOP
    SELECT * INTO v_found FROM ledger.period WHERE council_id = mc.council() AND starts_on = v_start;
    IF v_found.state = 'open' THEN
      RETURN v_found.id;
    ELSIF v_found.state = 'closed' THEN
      v_start := (v_start + interval '1 year')::date;
    ELSE
      INSERT INTO ledger.period (council_id, starts_on, ends_on)
      VALUES (mc.council(), v_start, (v_start + interval '1 year')::date - 1) ON CONFLICT DO NOTHING;
    END IF;
  END LOOP;
END $$;

-- The last day of the last month that was closed (payments.month_close); long ago when none was.
CREATE OR REPLACE FUNCTION ledger.closed_until() RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog
RETURN (SELECT coalesce(max(m.ends_on), '1900-01-01') FROM ledger.closed_month m WHERE m.council_id = mc.council());

CREATE OR REPLACE FUNCTION ledger.period_close(p_key uuid, p_starts_on date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_prior  jsonb := mc.idem_begin(p_key, 'period_close', to_jsonb(p_starts_on));
  v_period ledger.period;
BEGIN
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  IF mc.role() IS DISTINCT FROM 'finance' THEN
    RAISE EXCEPTION 'Only the council''s finance team can close a period.' USING ERRCODE = 'MC403';
  END IF;
  PERFORM ledger.period_lock(true);
  SELECT * INTO v_period FROM ledger.period WHERE council_id = mc.council() AND starts_on = p_starts_on;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'No period starts on that date.' USING ERRCODE = 'MC404';
  ELSIF v_period.state = 'closed' OR v_period.ends_on >= ledger.today() THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', CASE v_period.state WHEN 'closed' THEN 'state' ELSE 'not_over' END, 'ends_on', v_period.ends_on));
  END IF;
  INSERT INTO ledger.period_total (council_id, period_id, account_id, debits, credits)
  SELECT e.council_id, v_period.id, e.account_id, coalesce(-sum(e.amount) FILTER (WHERE e.amount < 0), 0), coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0)
    FROM ledger.journal j JOIN ledger.entry e ON (e.council_id, e.journal_id) = (j.council_id, j.id)
   WHERE j.council_id = mc.council() AND j.period_id = v_period.id
   GROUP BY e.council_id, e.account_id;
  UPDATE ledger.period SET state = 'closed', closed_at = clock_timestamp(), closed_by = mc.account() WHERE council_id = mc.council() AND id = v_period.id;
  PERFORM mc.audit('period_close', 'period', p_starts_on::text);
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'closed', 'starts_on', p_starts_on));
END $$;

-- ---------------------------------------------------------------- posting

CREATE OR REPLACE FUNCTION ledger.lines(p_lines jsonb) RETURNS TABLE (line int, account_id bigint, amount bigint)
LANGUAGE sql IMMUTABLE STRICT ROWS 4 AS $$
  SELECT n::int, (l ->> 'account')::bigint, (l ->> 'amount')::bigint FROM jsonb_array_elements(p_lines) WITH ORDINALITY AS t (l, n)
$$;

-- Locks the budget accounts among these, in the one order that cannot deadlock. NO KEY: foreign-key checks need not wait.
-- One plan for every array: left to itself PostgreSQL hopes to do better by the length of each, and plans anew at every call.
CREATE OR REPLACE FUNCTION ledger.lock_accounts(p_accounts bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  PERFORM FROM ledger.account WHERE council_id = mc.council() AND id = ANY (p_accounts) AND no_overdraw ORDER BY id FOR NO KEY UPDATE;
END $$;

-- The same for all of a person's: what an order needs, whose money may come from any of them.
CREATE OR REPLACE FUNCTION ledger.lock_person(p_person bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM ledger.account WHERE council_id = mc.council() AND person_id = p_person AND no_overdraw ORDER BY id FOR NO KEY UPDATE;
END $$;

CREATE OR REPLACE FUNCTION ledger.refuse_other(p_journal bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'This was already posted with other figures.' USING ERRCODE = 'MC422', DETAIL = 'journal ' || p_journal;
END $$;

-- The journal made with this key, NULL when there is none; another request under the same key is refused.
CREATE OR REPLACE FUNCTION ledger.journal_of(p_key uuid, p_sha256 bytea) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  v_found ledger.journal;
BEGIN
  SELECT * INTO v_found FROM ledger.journal WHERE council_id = mc.council() AND idem_key = p_key;
  IF v_found.idem_sha256 <> p_sha256 THEN
    PERFORM ledger.refuse_other(v_found.id);
  END IF;
  RETURN v_found.id;
END $$;

-- NULL when every budget account can bear the lines, else the first that cannot and by how much.
CREATE OR REPLACE FUNCTION ledger.shortfall(p_lines jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('outcome', 'short', 'account', a.id, 'free', a.cr_posted - a.dr_posted - a.dr_pending,
                            'short_by', -(a.cr_posted - a.dr_posted - a.dr_pending + l.change))
    FROM (SELECT account_id, sum(amount)::bigint AS change FROM ledger.lines(p_lines) GROUP BY account_id) AS l
    JOIN ledger.account a ON a.council_id = mc.council() AND a.id = l.account_id
   WHERE a.no_overdraw AND a.cr_posted - a.dr_posted - a.dr_pending + l.change < 0
   ORDER BY a.id LIMIT 1
$$;

-- Inserts all entries in one statement, each with the version and balance of its account where the account keeps them.
CREATE OR REPLACE FUNCTION ledger.entries_add(p_journal bigint, p_lines jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_wanted int := jsonb_array_length(p_lines);
  v_added  int;
BEGIN
  INSERT INTO ledger.entry (council_id, journal_id, line, account_id, amount, account_version, balance_after)
  SELECT a.council_id, p_journal, l.line, a.id, l.amount,
         CASE WHEN a.no_overdraw THEN a.version + row_number() OVER w END,
         CASE WHEN a.no_overdraw THEN a.cr_posted - a.dr_posted + sum(l.amount) OVER w END
    FROM ledger.lines(p_lines) l
    JOIN ledger.account a ON a.council_id = mc.council() AND a.id = l.account_id
  WINDOW w AS (PARTITION BY l.account_id ORDER BY l.line);
  GET DIAGNOSTICS v_added = ROW_COUNT;
  IF v_added <> v_wanted THEN
    RAISE EXCEPTION 'a line names an account that this council does not have' USING ERRCODE = '23503';
  END IF;
  UPDATE ledger.account a
     SET dr_posted = a.dr_posted + l.debits, cr_posted = a.cr_posted + l.credits, version = a.version + l.lines
    FROM (SELECT account_id, count(*) AS lines, coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)::bigint AS debits,
                 coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::bigint AS credits
            FROM ledger.lines(p_lines) GROUP BY account_id) AS l
   WHERE a.council_id = mc.council() AND a.id = l.account_id AND a.no_overdraw;
END $$;

CREATE OR REPLACE FUNCTION ledger.post(p_key uuid, p_kind text, p_lines jsonb, p_ref text, p_reason text DEFAULT NULL,
                                       p_effective_on date DEFAULT NULL, p_corrects bigint DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_sha256  bytea := mc.sha256(jsonb_build_array(p_kind, p_lines, p_ref, p_reason, p_effective_on, p_corrects)::text);
  v_on      date := coalesce(p_effective_on, ledger.today());
  v_journal bigint;
  v_short   jsonb;
BEGIN
  PERFORM ledger.lock_accounts(ARRAY(SELECT DISTINCT account_id FROM ledger.lines(p_lines)));
  v_journal := ledger.journal_of(p_key, v_sha256);
  IF v_journal IS NOT NULL THEN
    RETURN jsonb_build_object('outcome', 'posted', 'journal', v_journal, 'replayed', true);
  END IF;
  v_short := ledger.shortfall(p_lines);
  IF v_short IS NOT NULL THEN
    RETURN v_short;
  END IF;
  -- What comes late for a closed month counts on the first day after it.
  PERFORM ledger.period_lock(false);
  v_on := greatest(v_on, ledger.closed_until() + 1);
  INSERT INTO ledger.journal (council_id, idem_key, idem_sha256, kind, actor_id, person_id, mandate_id, reason, ref, effective_on, period_id, corrects)
  VALUES (mc.council(), p_key, v_sha256, p_kind, mc.account(), mc.person(), mc.mandate(), p_reason, p_ref, v_on, ledger.period_for(v_on), p_corrects)
  ON CONFLICT (council_id, idem_key) DO NOTHING
  RETURNING id INTO v_journal;
  IF v_journal IS NULL THEN              -- a racing session with the same key and no budget account was first
    RETURN jsonb_build_object('outcome', 'posted', 'journal', ledger.journal_of(p_key, v_sha256), 'replayed', true);
  END IF;
  PERFORM ledger.entries_add(v_journal, p_lines);
  RETURN jsonb_build_object('outcome', 'posted', 'journal', v_journal, 'replayed', false);
END $$;

-- What ledger.post stores of the same request.
CREATE OR REPLACE FUNCTION ledger.pair_sha256(p_kind text, p_ref text, p_debit bigint, p_credit bigint, p_amount bigint, p_effective_on date) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(jsonb_build_array(p_kind, jsonb_build_array(jsonb_build_object('account', p_debit, 'amount', -p_amount), jsonb_build_object('account', p_credit, 'amount', p_amount)),
                                             p_ref, NULL, p_effective_on, NULL)::text, 'UTF8'))
$$;

-- Many journals of two lines in one go, each as ledger.post makes it with debit and credit; a pair whose journal is there already keeps it. The journals in the
-- order of the pairs. Not for budgets, whose lines are judged one after the other.
CREATE OR REPLACE FUNCTION ledger.post_pairs(p_pairs ledger.pair[]) RETURNS bigint[]
LANGUAGE plpgsql AS $$
DECLARE
  v_first    date;
  v_journals bigint[];
  v_made     bigint[];
  v_keys     uuid[];
  v_other    bigint;
BEGIN
  IF EXISTS (SELECT FROM ledger.account a WHERE a.council_id = mc.council() AND a.no_overdraw
                AND a.id = ANY (ARRAY(SELECT DISTINCT x.id FROM unnest(p_pairs) p CROSS JOIN LATERAL (VALUES (p.debit), (p.credit)) x (id)))) THEN
    RAISE EXCEPTION 'a budget is posted to by ledger.post';
  END IF;
  PERFORM ledger.period_lock(false);
  v_first := ledger.closed_until() + 1;
  WITH day AS MATERIALIZED (
    SELECT d.on_day, ledger.period_for(d.on_day) AS period_id FROM (SELECT DISTINCT greatest(coalesce(p.effective_on, ledger.today()), v_first) AS on_day FROM unnest(p_pairs) p) d),
  made AS (
    INSERT INTO ledger.journal (council_id, idem_key, idem_sha256, kind, actor_id, person_id, mandate_id, ref, effective_on, period_id)
    SELECT mc.council(), p.key, ledger.pair_sha256(p.kind, p.ref, p.debit, p.credit, p.amount, p.effective_on), p.kind, mc.account(), mc.person(), mc.mandate(), p.ref, d.on_day, d.period_id
      FROM unnest(p_pairs) WITH ORDINALITY AS p JOIN day d ON d.on_day = greatest(coalesce(p.effective_on, ledger.today()), v_first) ORDER BY p.ordinality
    ON CONFLICT (council_id, idem_key) DO NOTHING
    RETURNING id, idem_key)
  SELECT array_agg(m.id), array_agg(m.idem_key) INTO v_made, v_keys FROM made m;
  v_journals := v_made;
  IF v_keys IS DISTINCT FROM (SELECT array_agg(p.key ORDER BY p.ordinality) FROM unnest(p_pairs) WITH ORDINALITY AS p) THEN
    -- Some were there before. As ledger.journal_of, but for all of them at once.
    SELECT array_agg(j.id ORDER BY p.ordinality), min(j.id) FILTER (WHERE j.idem_sha256 <> ledger.pair_sha256(p.kind, p.ref, p.debit, p.credit, p.amount, p.effective_on))
      INTO v_journals, v_other
      FROM unnest(p_pairs) WITH ORDINALITY AS p LEFT JOIN ledger.journal j ON j.council_id = mc.council() AND j.idem_key = p.key;
    IF v_other IS NOT NULL THEN
      PERFORM ledger.refuse_other(v_other);
    END IF;
  END IF;
  INSERT INTO ledger.entry (council_id, journal_id, line, account_id, amount)
  SELECT mc.council(), v_journals[p.ordinality], l.line, l.account_id, l.amount
    FROM unnest(p_pairs) WITH ORDINALITY AS p
   CROSS JOIN LATERAL (VALUES (1, p.debit, -p.amount), (2, p.credit, p.amount)) l (line, account_id, amount)
   WHERE v_journals[p.ordinality] = ANY (v_made);
  RETURN v_journals;
END $$;

-- A correction is a new journal with every line turned round; a journal is reversed once.
CREATE OR REPLACE FUNCTION ledger.reverse(p_key uuid, p_journal bigint, p_reason text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_lines jsonb;
BEGIN
  SELECT jsonb_agg(jsonb_build_object('account', account_id, 'amount', -amount) ORDER BY line) INTO v_lines
    FROM ledger.entry WHERE council_id = mc.council() AND journal_id = p_journal;
  IF v_lines IS NULL THEN
    RAISE EXCEPTION 'There is no such journal.' USING ERRCODE = 'MC404';
  END IF;
  RETURN ledger.post(p_key, 'reversal', v_lines, (SELECT ref FROM ledger.journal WHERE council_id = mc.council() AND id = p_journal),
                     p_reason, NULL, p_journal);
END $$;

CREATE OR REPLACE FUNCTION ledger.balance(p_account bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN a.no_overdraw THEN a.cr_posted - a.dr_posted
              ELSE coalesce((SELECT sum(e.amount)::bigint FROM ledger.entry e WHERE e.council_id = a.council_id AND e.account_id = a.id), 0)
                   * CASE a.normal_side WHEN 'credit' THEN 1 ELSE -1 END END
    FROM ledger.account a WHERE a.council_id = mc.council() AND a.id = p_account
$$;
