-- Holds: money promised to an order. Each step is a ledger.hold_move with a key of its own: by it every step but the opening, which an order asks for once, is found
-- again when it is asked for twice.

CREATE OR REPLACE FUNCTION ledger.move_of(p_key uuid, p_sha256 bytea) RETURNS ledger.hold_move
LANGUAGE plpgsql AS $$
DECLARE
  v_found ledger.hold_move;
BEGIN
  SELECT * INTO v_found FROM ledger.hold_move WHERE council_id = mc.council() AND idem_key = p_key;
  IF v_found.idem_sha256 <> p_sha256 THEN
    RAISE EXCEPTION 'This hold was already changed with other figures.' USING ERRCODE = 'MC422', DETAIL = 'hold ' || v_found.hold_id;
  END IF;
  RETURN v_found;
END $$;

CREATE OR REPLACE FUNCTION ledger.move_add(p_hold bigint, p_kind text, p_amount bigint, p_key uuid, p_sha256 bytea, p_ref text, p_journal bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger.hold_move (council_id, hold_id, kind, amount, journal_id, idem_key, idem_sha256, ref, actor_id)
  VALUES (mc.council(), p_hold, p_kind, p_amount, p_journal, p_key, p_sha256, p_ref, mc.account());
END $$;

-- Opens a hold for each promise, all of them or none. Whoever promises has locked the accounts and found the money free; a promise that an account cannot keep,
-- or a key that was used before, is an error and no answer.
CREATE OR REPLACE FUNCTION ledger.holds_open(p_promises ledger.promise[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_accounts bigint[] := ARRAY(SELECT DISTINCT account_id FROM unnest(p_promises));
  v_kept     int;
BEGIN
  -- The accounts are named twice, so that they are looked up and not read through.
  WITH kept AS (
    UPDATE ledger.account a SET dr_pending = a.dr_pending + w.amount
      FROM (SELECT account_id, sum(amount)::bigint AS amount FROM unnest(p_promises) GROUP BY account_id) AS w
     WHERE a.council_id = mc.council() AND a.id = ANY (v_accounts) AND a.id = w.account_id
       AND a.no_overdraw AND NOT a.frozen AND a.cr_posted - a.dr_posted - a.dr_pending >= w.amount
    RETURNING a.id
  ), hold AS (
    INSERT INTO ledger.hold (council_id, id, account_id, ref, amount, expires_on) OVERRIDING SYSTEM VALUE
    SELECT mc.council(), hold_id, account_id, ref, amount, expires_on FROM unnest(p_promises)
  ), move AS (
    INSERT INTO ledger.hold_move (council_id, hold_id, kind, amount, idem_key, idem_sha256, ref, actor_id)
    SELECT mc.council(), hold_id, 'open', amount, key, mc.sha256(jsonb_build_array('open', account_id, amount, expires_on, ref)::text), ref, actor_id
      FROM unnest(p_promises)
  )
  SELECT count(*) INTO v_kept FROM kept;
  IF v_kept < cardinality(v_accounts) THEN
    RAISE EXCEPTION '% accounts cannot keep what was promised from them', cardinality(v_accounts) - v_kept;
  END IF;
END $$;

-- Locks the hold's account, then the hold, and returns the hold as it is then.
CREATE OR REPLACE FUNCTION ledger.hold_lock(p_hold bigint) RETURNS ledger.hold
LANGUAGE plpgsql AS $$
DECLARE
  v_hold ledger.hold;
BEGIN
  PERFORM ledger.lock_accounts(ARRAY(SELECT account_id FROM ledger.hold WHERE council_id = mc.council() AND id = p_hold));
  SELECT * INTO v_hold FROM ledger.hold WHERE council_id = mc.council() AND id = p_hold FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such hold.' USING ERRCODE = 'MC404';
  END IF;
  RETURN v_hold;
END $$;

-- Takes pence out of a hold and out of the account's pending sum, in one place for captures, releases and expiry.
CREATE OR REPLACE FUNCTION ledger.hold_take(p_hold ledger.hold, p_captured bigint, p_released bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ledger.hold SET captured = captured + p_captured, released = released + p_released
   WHERE council_id = mc.council() AND id = p_hold.id;
  UPDATE ledger.account SET dr_pending = dr_pending - p_captured - p_released
   WHERE council_id = mc.council() AND id = p_hold.account_id;
END $$;

CREATE OR REPLACE FUNCTION ledger.hold_release(p_key uuid, p_hold bigint, p_amount bigint, p_ref text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_sha256 bytea := mc.sha256(jsonb_build_array('release', p_hold, p_amount, p_ref)::text);
  v_hold   ledger.hold := ledger.hold_lock(p_hold);
  v_amount bigint := coalesce(p_amount, v_hold.rest);
BEGIN
  IF (ledger.move_of(p_key, v_sha256)).id IS NOT NULL THEN
    RETURN jsonb_build_object('outcome', 'released', 'rest', v_hold.rest, 'replayed', true);
  ELSIF v_amount > v_hold.rest OR v_amount <= 0 THEN
    RETURN jsonb_build_object('outcome', 'short', 'rest', v_hold.rest, 'short_by', v_amount - v_hold.rest);
  END IF;
  PERFORM ledger.hold_take(v_hold, 0, v_amount);
  PERFORM ledger.move_add(p_hold, 'release', v_amount, p_key, v_sha256, p_ref);
  RETURN jsonb_build_object('outcome', 'released', 'rest', v_hold.rest - v_amount, 'replayed', false);
END $$;

-- Makes a hold larger by money that came back to its account. Like a capture it is owed, so a frozen account does not refuse it; whoever promises anew looks first.
CREATE OR REPLACE FUNCTION ledger.hold_more(p_key uuid, p_hold bigint, p_amount bigint, p_ref text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_sha256 bytea := mc.sha256(jsonb_build_array('more', p_hold, p_amount, p_ref)::text);
  v_hold   ledger.hold := ledger.hold_lock(p_hold);
  v_free   bigint := (SELECT cr_posted - dr_posted - dr_pending FROM ledger.account WHERE council_id = mc.council() AND id = v_hold.account_id);
BEGIN
  IF (ledger.move_of(p_key, v_sha256)).id IS NOT NULL THEN
    RETURN jsonb_build_object('outcome', 'held', 'rest', v_hold.rest, 'replayed', true);
  ELSIF v_free < p_amount THEN
    RETURN jsonb_build_object('outcome', 'short', 'free', v_free, 'short_by', p_amount - v_free);
  END IF;
  UPDATE ledger.hold SET amount = amount + p_amount WHERE council_id = mc.council() AND id = p_hold;
  UPDATE ledger.account SET dr_pending = dr_pending + p_amount WHERE council_id = mc.council() AND id = v_hold.account_id;
  PERFORM ledger.move_add(p_hold, 'more', p_amount, p_key, v_sha256, p_ref);
  RETURN jsonb_build_object('outcome', 'held', 'rest', v_hold.rest + p_amount, 'replayed', false);
END $$;

-- The pending debit becomes a posted one: the hold shrinks first, so that the posting finds the money free. A frozen account does not refuse this.
CREATE OR REPLACE FUNCTION ledger.hold_capture(p_key uuid, p_hold bigint, p_amount bigint, p_to bigint, p_ref text,
                                               p_release_rest boolean DEFAULT false, p_effective_on date DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_sha256 bytea := mc.sha256(jsonb_build_array('capture', p_hold, p_amount, p_to, p_ref, p_release_rest, p_effective_on)::text);
  v_hold   ledger.hold := ledger.hold_lock(p_hold);
  v_move   ledger.hold_move := ledger.move_of(p_key, v_sha256);
  v_posted jsonb;
BEGIN
  IF v_move.id IS NOT NULL THEN
    RETURN jsonb_build_object('outcome', 'captured', 'journal', v_move.journal_id, 'rest', v_hold.rest, 'replayed', true);
  ELSIF p_amount > v_hold.rest OR p_amount <= 0 THEN
    RETURN jsonb_build_object('outcome', 'short', 'rest', v_hold.rest, 'short_by', p_amount - v_hold.rest);
  END IF;
  PERFORM ledger.hold_take(v_hold, p_amount, 0);
  v_posted := ledger.post(p_key, 'capture', jsonb_build_array(jsonb_build_object('account', v_hold.account_id, 'amount', -p_amount),
                                                              jsonb_build_object('account', p_to, 'amount', p_amount)), p_ref, NULL, p_effective_on);
  IF v_posted ->> 'outcome' <> 'posted' THEN
    RAISE EXCEPTION 'hold % could not be captured: %', p_hold, v_posted;
  END IF;
  PERFORM ledger.move_add(p_hold, 'capture', p_amount, p_key, v_sha256, p_ref, (v_posted ->> 'journal')::bigint);
  IF p_release_rest AND v_hold.rest > p_amount THEN
    PERFORM ledger.hold_release(ledger.key('rest of ' || p_key), p_hold, NULL, p_ref);
  END IF;
  RETURN jsonb_build_object('outcome', 'captured', 'journal', v_posted -> 'journal', 'replayed', false,
                            'rest', CASE WHEN p_release_rest THEN 0 ELSE v_hold.rest - p_amount END);
END $$;

-- Gives back what is still held past its last day: nobody invoiced it in time.
CREATE OR REPLACE FUNCTION ledger.hold_expire_due(p_on date DEFAULT NULL) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
  v_due   record;
  v_hold  ledger.hold;
  v_count int := 0;
BEGIN
  FOR v_due IN SELECT id FROM ledger.hold
                WHERE council_id = mc.council() AND amount > captured + released AND expires_on < coalesce(p_on, ledger.today()) ORDER BY account_id, id LOOP
    v_hold := ledger.hold_lock(v_due.id);
    CONTINUE WHEN v_hold.rest = 0;       -- resolved while we waited
    PERFORM ledger.hold_take(v_hold, 0, v_hold.rest);
    PERFORM ledger.move_add(v_hold.id, 'expire', v_hold.rest, ledger.key('expire ' || v_hold.council_id || ' ' || v_hold.id), mc.sha256(v_hold.rest::text), v_hold.ref);
    PERFORM mc.audit('hold_expire', 'hold', v_hold.ref, v_hold.rest);
    v_count := v_count + 1;
  END LOOP;
  RETURN v_count;
END $$;
