-- The person says how it was: once an order, after a visit of it was delivered. What becomes of it then is the catalogue's: 37-reviews.sql.

-- Whether the person, or whoever acts for them now, may write reviews.
CREATE OR REPLACE FUNCTION payments.may_rate() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  RETURN mc.mandate() IS NULL OR (identity.mandate_in_force(mc.person(), 'rate')).id IS NOT NULL;
END $$;

-- A visit that is in question is not delivered: it has its own way to be settled.
CREATE OR REPLACE FUNCTION payments.was_delivered(p_order bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM payments.visit WHERE council_id = mc.council() AND order_id = p_order AND state IN ('delivered', 'confirmed'))
$$;

-- The order, locked, for the person or somebody whose mandate lets them write reviews. Of several mandates the one that does counts, and is what is recorded.
CREATE OR REPLACE FUNCTION payments.order_lock_rating(p_ref text) RETURNS payments.orders
LANGUAGE plpgsql AS $$
DECLARE
  o payments.orders;
BEGIN
  PERFORM payments.must_be('holder', 'self_funder', 'supporter', 'broker');
  IF mc.mandate() IS NOT NULL THEN
    PERFORM set_config('mc.mandate', coalesce((identity.mandate_in_force(mc.person(), 'rate')).id, mc.mandate())::text, true);
  END IF;
  PERFORM payments.must_act_for(mc.person(), 'rate');
  SELECT * INTO o FROM payments.orders WHERE council_id = mc.council() AND ref = p_ref AND person_id = mc.person() FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM payments.not_found('order');
  END IF;
  RETURN o;
END $$;

-- Answers count at once; words wait for a moderator, new ones too.
-- {"order": ref, "on_time"?, "as_agreed"?, "was_kind"?, "use_again"?: yes|partly|no, "words"?}. The first writing and each change within thirty days of it;
-- what was taken away is not written again, and what the council hid stays hidden.
CREATE OR REPLACE FUNCTION payments.do_review_write(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  o payments.orders := payments.order_lock_rating(p_request ->> 'order');
  a catalogue.review := jsonb_populate_record(NULL::catalogue.review, p_request - 'order');
  r catalogue.review;
BEGIN
  a.words := nullif(btrim(a.words), '');
  IF identity.works_for(o.organisation_id) THEN
    PERFORM payments.refuse('related_party');
  ELSIF num_nonnulls(a.on_time, a.as_agreed, a.was_kind, a.use_again) = 0 THEN
    PERFORM payments.refuse('nothing_said');
  END IF;
  SELECT * INTO r FROM catalogue.review WHERE council_id = mc.council() AND order_id = o.id FOR NO KEY UPDATE;
  IF r.id IS NULL AND NOT payments.was_delivered(o.id) THEN
    PERFORM payments.refuse('not_delivered');
  ELSIF r.state = 'withdrawn' OR catalogue.review_change_until(r.written_at) < ledger.today() THEN
    PERFORM payments.refuse('too_late');
  END IF;
  INSERT INTO catalogue.review AS w (council_id, ref, order_id, person_id, organisation_id, listing_id, on_time, as_agreed, was_kind, use_again, words, written_by, account_id, mandate_id)
  SELECT o.council_id, mc.new_ref(), o.id, o.person_id, o.organisation_id, l.listing_id, a.on_time, a.as_agreed, a.was_kind, a.use_again, a.words,
         CASE WHEN mc.mandate() IS NULL THEN 'person' WHEN mc.role() = 'broker' THEN 'broker' ELSE 'helper' END, mc.account(), mc.mandate()
    FROM payments.order_line l WHERE l.council_id = mc.council() AND l.order_id = o.id ORDER BY l.version DESC, l.id LIMIT 1
  ON CONFLICT (council_id, order_id) DO UPDATE
     SET (on_time, as_agreed, was_kind, use_again, words, words_checked, written_by, account_id, mandate_id, changed_at) =
         (EXCLUDED.on_time, EXCLUDED.as_agreed, EXCLUDED.was_kind, EXCLUDED.use_again, EXCLUDED.words, w.words_checked AND w.words IS NOT DISTINCT FROM EXCLUDED.words, EXCLUDED.written_by,
          EXCLUDED.account_id, EXCLUDED.mandate_id, mc.now())
  RETURNING w.* INTO r;
  PERFORM mc.audit(CASE WHEN r.changed_at IS NULL THEN 'review_written' ELSE 'review_changed' END, 'review', r.ref, NULL, jsonb_build_object('order', o.ref));
  PERFORM catalogue.review_waits(r);
  PERFORM payments.tell(jsonb_build_object('to_organisation', o.organisation_id), CASE WHEN r.changed_at IS NULL THEN 'A new review' ELSE 'A review was changed' END,
    'Somebody has said how your service was. Sign in to read it under Reviews, and answer it if you like.');
  RETURN jsonb_build_object('outcome', CASE WHEN r.changed_at IS NULL THEN 'written' ELSE 'changed' END, 'ref', r.ref);
END $$;

-- {"order": ref}: for good, at any time. Its words and the answer are gone with it.
CREATE OR REPLACE FUNCTION payments.do_review_withdraw(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  o     payments.orders := payments.order_lock_rating(p_request ->> 'order');
  v_ref text;
BEGIN
  UPDATE catalogue.review SET state = 'withdrawn', words = NULL, reply = NULL, replied_at = NULL, replied_by = NULL
   WHERE council_id = mc.council() AND order_id = o.id AND state <> 'withdrawn' RETURNING ref INTO v_ref;
  IF v_ref IS NULL THEN
    PERFORM payments.not_found('review');
  END IF;
  PERFORM mc.audit('review_withdrawn', 'review', v_ref, NULL, jsonb_build_object('order', o.ref));
  RETURN jsonb_build_object('outcome', 'withdrawn', 'ref', v_ref);
END $$;

CREATE OR REPLACE FUNCTION payments.review_write(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'review_write', p_request); END $$;
CREATE OR REPLACE FUNCTION payments.review_withdraw(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN payments.perform(p_key, 'review_withdraw', p_request); END $$;
