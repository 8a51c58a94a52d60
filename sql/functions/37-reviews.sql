-- Reviews as everybody reads them, the provider's answer, and what the council's moderator does about those that somebody reports.
-- They are written in the payments room (28-reviews.sql), because only an order that was delivered may be reviewed. Nothing here changes any ranking.

-- The last day that a review may be changed.
CREATE OR REPLACE FUNCTION catalogue.review_change_until(p_written_at timestamptz) RETURNS date LANGUAGE sql STABLE STRICT PARALLEL SAFE
  AS $$ SELECT (p_written_at AT TIME ZONE 'Europe/London')::date + 30 $$;

-- ---------------------------------------------------------------- what everybody reads

CREATE OR REPLACE FUNCTION catalogue.review_publish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM catalogue.review_shown WHERE id = NEW.id;
  IF NEW.state = 'shown' THEN
    INSERT INTO catalogue.review_shown (id, ref, council_id, organisation_id, listing_id, on_time, as_agreed, was_kind, use_again, words, written_by, written_in, is_changed, reply, replied_in)
    VALUES (NEW.id, NEW.ref, NEW.council_id, NEW.organisation_id, NEW.listing_id, NEW.on_time, NEW.as_agreed, NEW.was_kind, NEW.use_again, CASE WHEN NEW.words_checked THEN NEW.words END, NEW.written_by,
            date_trunc('month', NEW.written_at AT TIME ZONE 'Europe/London'), NEW.changed_at IS NOT NULL, NEW.reply, date_trunc('month', NEW.replied_at AT TIME ZONE 'Europe/London'));
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER publish AFTER INSERT OR UPDATE ON catalogue.review FOR EACH ROW EXECUTE FUNCTION catalogue.review_publish();

-- Each counts or no longer counts. The rows of a listing are always taken in this order, so that two writers cannot wait for each other.
CREATE OR REPLACE FUNCTION catalogue.review_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  r      catalogue.review_shown := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  v_sign int := CASE TG_OP WHEN 'DELETE' THEN -1 ELSE 1 END;
BEGIN
  INSERT INTO catalogue.review_tally AS t (listing_id, place, organisation_id, reviews, answers, yes, partly, no)
  SELECT r.listing_id, s.place, r.organisation_id, v_sign, v_sign * num_nonnulls(s.said), v_sign * (s.said IS NOT DISTINCT FROM 'yes')::int,
         v_sign * (s.said IS NOT DISTINCT FROM 'partly')::int, v_sign * (s.said IS NOT DISTINCT FROM 'no')::int
    FROM (VALUES (1, r.on_time), (2, r.as_agreed), (3, r.was_kind), (4, r.use_again)) AS s (place, said) ORDER BY s.place
  ON CONFLICT (listing_id, place) DO UPDATE
     SET (reviews, answers, yes, partly, no) = (t.reviews + EXCLUDED.reviews, t.answers + EXCLUDED.answers, t.yes + EXCLUDED.yes, t.partly + EXCLUDED.partly, t.no + EXCLUDED.no);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER count_it AFTER INSERT OR DELETE ON catalogue.review_shown FOR EACH ROW EXECUTE FUNCTION catalogue.review_count();

-- So many reviews of a listing or of an organisation, by its reference, newest first: one of the two halves is empty, and each is read along its index.
CREATE OR REPLACE FUNCTION catalogue.reviews_of(p_ref text, p_most int, p_skip int)
RETURNS TABLE (id bigint, ref text, organisation_id bigint, listing_id bigint, on_time text, as_agreed text, was_kind text, use_again text, words text, written_by text, written_in date,
               is_changed boolean, reply text, replied_in date)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  (SELECT r.id, r.ref, r.organisation_id, r.listing_id, r.on_time, r.as_agreed, r.was_kind, r.use_again, r.words, r.written_by, r.written_in, r.is_changed, r.reply, r.replied_in
     FROM catalogue.review_shown r WHERE r.listing_id = (SELECT l.id FROM catalogue.listing l WHERE l.ref = p_ref) ORDER BY r.id DESC LIMIT p_most OFFSET p_skip)
  UNION ALL
  (SELECT r.id, r.ref, r.organisation_id, r.listing_id, r.on_time, r.as_agreed, r.was_kind, r.use_again, r.words, r.written_by, r.written_in, r.is_changed, r.reply, r.replied_in
     FROM catalogue.review_shown r WHERE r.organisation_id = (SELECT o.id FROM identity.organisation o WHERE o.ref = p_ref) ORDER BY r.id DESC LIMIT p_most OFFSET p_skip)
$$;

-- The lower end of Wilson's score interval at 95 % (E. B. Wilson, Journal of the American Statistical Association 22, 1927), in whole percent rounded down:
-- what share of all customers would say yes at the least, when p_yes of p_answers did. NULL for no answers.
CREATE OR REPLACE FUNCTION catalogue.share_at_least(p_yes bigint, p_answers bigint) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT floor(100 * (p + z2 / (2 * n) - sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n * n)))) / (1 + z2 / n) + 1e-9)::int
    FROM (SELECT p_yes::float8 / p_answers AS p, p_answers::float8 AS n, 1.959963985 ^ 2 AS z2 WHERE p_answers > 0) AS x
$$;

-- What was said to each question, with its own number of answers, of so many reviews. Fewer than three answers give no figure, no review no row.
CREATE OR REPLACE FUNCTION catalogue.review_figures(p_ref text) RETURNS TABLE (place int, reviews bigint, answers bigint, yes bigint, partly bigint, no bigint, at_least int)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT s.place, s.reviews, s.answers, CASE WHEN s.is_enough THEN s.yes END, CASE WHEN s.is_enough THEN s.partly END, CASE WHEN s.is_enough THEN s.no END,
         CASE WHEN s.is_enough THEN catalogue.share_at_least(s.yes, s.answers) END
    FROM (SELECT t.place, sum(t.reviews) AS reviews, sum(t.answers) AS answers, sum(t.yes) AS yes, sum(t.partly) AS partly, sum(t.no) AS no, sum(t.answers) >= 3 AS is_enough
            FROM catalogue.review_tally t
           WHERE t.listing_id = (SELECT l.id FROM catalogue.listing l WHERE l.ref = p_ref) OR t.organisation_id = (SELECT o.id FROM identity.organisation o WHERE o.ref = p_ref)
           GROUP BY t.place HAVING sum(t.reviews) > 0) s
$$;

-- ---------------------------------------------------------------- words are read by a moderator before everybody else

CREATE OR REPLACE FUNCTION catalogue.review_is_waiting(r catalogue.review) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT r.state = 'shown' AND r.words IS NOT NULL AND NOT r.words_checked $$;

-- The moderators are told of the first that waits, not of each.
CREATE OR REPLACE FUNCTION catalogue.review_waits(r catalogue.review) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF catalogue.review_is_waiting(r) AND NOT EXISTS (SELECT FROM catalogue.review o WHERE o.council_id = mc.council() AND o.id <> r.id AND catalogue.review_is_waiting(o)) THEN
    PERFORM mc.outbox('mail', jsonb_build_object('to_account', h.account_id, 'subject', 'A review waits to be read', 'body', 'Sign in as moderator to read it, so that everybody else can.'))
       FROM identity.hat h WHERE h.council_id = mc.council() AND h.role = 'moderator' AND h.ended_at IS NULL;
  END IF;
END $$;

-- ---------------------------------------------------------------- anybody says that something is wrong with one

-- {"review", "reason", "words"?}. Who says it is not stored, in the log neither; the moderators are told once, until they have decided. Ten an address in five minutes.
-- The key alone makes it safe to send twice: the usual record of keys would name the account.
CREATE OR REPLACE FUNCTION catalogue.review_report(p_key uuid, p_request jsonb, p_address text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_council int := (SELECT council_id FROM catalogue.review_shown WHERE ref = p_request ->> 'review');
  v_review  bigint;
BEGIN
  IF v_council IS NULL THEN
    RAISE EXCEPTION 'There is no such review.' USING ERRCODE = 'MC404';
  ELSIF identity.is_throttled('report:' || p_address) THEN
    RETURN jsonb_build_object('outcome', 'too_many');
  END IF;
  PERFORM identity.note_failure('report:' || p_address);
  PERFORM identity.leave(), set_config('mc.council', v_council::text, true);
  v_review := (SELECT id FROM catalogue.review WHERE council_id = mc.council() AND ref = p_request ->> 'review' FOR NO KEY UPDATE);
  INSERT INTO catalogue.review_report (council_id, key, review_id, reason, words)
  VALUES (v_council, p_key, v_review, p_request ->> 'reason', nullif(btrim(p_request ->> 'words'), '')) ON CONFLICT DO NOTHING;
  IF FOUND THEN
    PERFORM mc.audit('review_reported', 'review', p_request ->> 'review', NULL, jsonb_build_object('reason', p_request ->> 'reason'));
    PERFORM mc.outbox('mail', jsonb_build_object('to_account', h.account_id, 'subject', 'Somebody reported a review, ' || (p_request ->> 'review'),
                                                 'body', 'Sign in as moderator to read it and decide.'))
       FROM identity.hat h WHERE h.council_id = mc.council() AND h.role = 'moderator' AND h.ended_at IS NULL AND catalogue.review_reports_open(v_review) = 1;
  END IF;
  RETURN jsonb_build_object('outcome', 'reported');
END $$;

-- Reports that no decision has answered yet.
CREATE OR REPLACE FUNCTION catalogue.review_reports_open(p_review bigint) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT ((SELECT count(*) FROM catalogue.review_report WHERE council_id = mc.council() AND review_id = p_review)
          - coalesce((SELECT d.reports FROM catalogue.review_decision d WHERE d.council_id = mc.council() AND d.review_id = p_review ORDER BY d.id DESC LIMIT 1), 0))::int
$$;

-- ---------------------------------------------------------------- the provider answers, the moderator decides

-- {"review", "reply"}: one answer a review, which may be changed as long as the review is shown. A provider answers for its own organisation, in this council.
CREATE OR REPLACE FUNCTION catalogue.review_answer(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_prior jsonb;
  r       catalogue.review;
BEGIN
  IF mc.role() IS DISTINCT FROM 'provider' THEN
    RAISE EXCEPTION 'Only the provider can answer a review.' USING ERRCODE = 'MC403';
  END IF;
  v_prior := mc.idem_begin(p_key, 'review_answer', p_request);
  IF v_prior IS NOT NULL THEN
    RETURN v_prior;
  END IF;
  SELECT * INTO r FROM catalogue.review WHERE council_id = mc.council() AND ref = p_request ->> 'review' AND organisation_id = mc.organisation() AND state = 'shown' FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such review.' USING ERRCODE = 'MC404';
  END IF;
  UPDATE catalogue.review SET reply = btrim(p_request ->> 'reply'), replied_at = mc.now(), replied_by = mc.account() WHERE council_id = mc.council() AND id = r.id;
  PERFORM mc.audit_person(r.person_id, CASE WHEN r.reply IS NULL THEN 'review_answered' ELSE 'review_answer_changed' END, 'review', r.ref);
  IF r.reply IS NULL THEN
    PERFORM mc.outbox('mail', jsonb_build_object('to_person', r.person_id, 'subject', 'Your review was answered', 'body', 'Sign in and open the order to read the answer.'));
  END IF;
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'answered', 'ref', r.ref));
END $$;

-- A decision about a review that was not taken away by its writer, who is told when it is hidden. The reason stands in the log, the note with the decision.
-- Whoever shows one has read its words: "read" is the mark of those that they read (md5), so that newer ones are not shown unread. One is hidden whatever its words say by now.
CREATE OR REPLACE FUNCTION catalogue.review_decide(p_key uuid, p_verb text, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_prior jsonb;
  r       catalogue.review;
BEGIN
  IF mc.role() IS DISTINCT FROM 'moderator' THEN
    RAISE EXCEPTION 'Only the council’s moderator decides what is shown.' USING ERRCODE = 'MC403';
  END IF;
  v_prior := mc.idem_begin(p_key, 'review_' || p_verb, p_request);
  IF v_prior IS NOT NULL THEN
    RETURN v_prior;
  END IF;
  SELECT * INTO r FROM catalogue.review WHERE council_id = mc.council() AND ref = p_request ->> 'review' FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such review.' USING ERRCODE = 'MC404';
  ELSIF identity.works_for(r.organisation_id) OR r.account_id = mc.account() THEN
    RAISE EXCEPTION 'You work for this provider yourself, or wrote this review, so somebody else has to decide' USING ERRCODE = 'MC403';
  ELSIF r.state = 'withdrawn' THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'state', 'state', r.state));
  END IF;
  IF p_verb = 'show' AND p_request ->> 'read' IS DISTINCT FROM md5(coalesce(r.words, '')) THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'changed'));
  END IF;
  INSERT INTO catalogue.review_decision (council_id, review_id, verb, reason, note, reports, account_id)
  SELECT mc.council(), r.id, p_verb, p_request ->> 'reason', nullif(btrim(p_request ->> 'note'), ''), count(*), mc.account()
    FROM catalogue.review_report WHERE council_id = mc.council() AND review_id = r.id;
  UPDATE catalogue.review SET state = CASE p_verb WHEN 'hide' THEN 'hidden' ELSE 'shown' END, words_checked = words_checked OR p_verb = 'show' WHERE council_id = mc.council() AND id = r.id;
  PERFORM mc.audit_person(r.person_id, CASE p_verb WHEN 'hide' THEN 'review_hidden' ELSE 'review_left' END, 'review', r.ref, NULL,
                          jsonb_strip_nulls(jsonb_build_object('reason', p_request ->> 'reason')));
  IF p_verb = 'hide' AND r.state = 'shown' THEN
    PERFORM mc.outbox('mail', jsonb_build_object('to_person', r.person_id, 'subject', 'Your review is not shown any more',
                                                 'body', 'The council has hidden a review that you wrote. Sign in and open the order to read why.'));
  END IF;
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', CASE p_verb WHEN 'hide' THEN 'hidden' ELSE 'shown' END, 'ref', r.ref));
END $$;
CREATE OR REPLACE FUNCTION catalogue.review_hide(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue
  AS $$ BEGIN RETURN catalogue.review_decide(p_key, 'hide', p_request); END $$;
CREATE OR REPLACE FUNCTION catalogue.review_show(p_key uuid, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue
  AS $$ BEGIN RETURN catalogue.review_decide(p_key, 'show', p_request); END $$;

-- Who wrote a review: for the safeguarding lead and the auditor, and the person sees that they looked. No row for anybody else.
CREATE OR REPLACE FUNCTION catalogue.review_writer(p_ref text) RETURNS TABLE (person_ref text, person_name text, account_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  r catalogue.review;
BEGIN
  SELECT * INTO r FROM catalogue.review WHERE council_id = mc.council() AND ref = p_ref AND mc.role() IN ('safeguarding', 'auditor');
  IF r.id IS NULL THEN
    RETURN;
  END IF;
  INSERT INTO audit.look (council_id, person_id, account_id, hat_id) VALUES (mc.council(), r.person_id, mc.account(), mc.hat()) ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT p.ref, p.name, a.name FROM identity.person p JOIN identity.account a ON a.id = r.account_id WHERE p.council_id = mc.council() AND p.id = r.person_id;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA catalogue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.review_change_until(timestamptz), catalogue.reviews_of(text, int, int), catalogue.share_at_least(bigint, bigint), catalogue.review_figures(text),
  catalogue.review_reports_open(bigint), catalogue.review_is_waiting(catalogue.review), catalogue.review_report(uuid, jsonb, text), catalogue.review_answer(uuid, jsonb), catalogue.review_hide(uuid, jsonb), catalogue.review_show(uuid, jsonb),
  catalogue.review_writer(text) TO mc_web;
