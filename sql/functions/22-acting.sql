-- How every act on money is performed: once a key, inside the actor's rights, with refusals that are stored as answers.

-- Leaves the act with a fact: everything it did so far is undone, and the fact is the stored answer.
CREATE OR REPLACE FUNCTION payments.refuse(p_outcome text, p_facts jsonb DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'refused: %', p_outcome USING ERRCODE = 'MC001', DETAIL = (jsonb_build_object('outcome', p_outcome) || p_facts)::text;
END $$;

-- Runs payments.do_VERB(request) under its idempotency key.
CREATE OR REPLACE FUNCTION payments.perform(p_key uuid, p_verb text, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_answer jsonb := mc.idem_begin(p_key, p_verb, p_request);
  v_fact   text;
BEGIN
  IF v_answer IS NOT NULL THEN
    RETURN v_answer;
  END IF;
  BEGIN
    EXECUTE format('SELECT payments.%I($1)', 'do_' || p_verb) INTO v_answer USING p_request;
  EXCEPTION WHEN SQLSTATE 'MC001' THEN
    GET STACKED DIAGNOSTICS v_fact = PG_EXCEPTION_DETAIL;
    v_answer := v_fact::jsonb;
  END;
  RETURN mc.idem_end(p_key, v_answer);
END $$;

CREATE OR REPLACE FUNCTION payments.must_be(VARIADIC p_roles text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF mc.role() IS NULL OR mc.role() <> ALL (p_roles) THEN
    RAISE EXCEPTION 'Your role does not allow this.' USING ERRCODE = 'MC403';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION payments.not_found(p_what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'There is no such %.', p_what USING ERRCODE = 'MC404';
END $$;

CREATE OR REPLACE FUNCTION payments.pounds(p_pence bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN p_pence < 0 THEN '-' ELSE '' END || '£' || to_char(abs(p_pence) / 100, 'FM999,999,999,999,990')
         || '.' || lpad((abs(p_pence) % 100)::text, 2, '0');
END $$;

-- A letter as the outbox takes it; p_to is {"to_person"} or {"to_organisation"}.
CREATE OR REPLACE FUNCTION payments.letter(p_to jsonb, p_subject text, p_body text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN p_to || jsonb_build_object('subject', p_subject, 'body', p_body);
END $$;

CREATE OR REPLACE FUNCTION payments.tell(p_to jsonb, p_subject text, p_body text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mc.outbox('mail', payments.letter(p_to, p_subject, p_body));
END $$;

-- ---------------------------------------------------------------- who may act for whom

-- The mandate as it is at this moment, locked so that a revocation waits for this act, or this act for the revocation; the first lock of every act.
-- Not FOR SHARE: a crowd of sharers keeps a revocation waiting for as long as new ones come, and lets two orders each see the other's money unspent.
-- Facts that do not depend on an amount are refused here.
CREATE OR REPLACE FUNCTION payments.mandate_lock(p_person bigint, p_rights text[]) RETURNS identity.mandate
LANGUAGE plpgsql AS $$
DECLARE
  m identity.mandate;
BEGIN
  SELECT * INTO m FROM identity.mandate WHERE council_id = mc.council() AND id = mc.mandate() FOR NO KEY UPDATE;
  IF m.id IS NULL OR m.person_id <> p_person
     OR NOT (m.account_id IS NOT DISTINCT FROM mc.account() OR (mc.role() = 'broker' AND m.organisation_id IS NOT DISTINCT FROM mc.organisation())) THEN
    PERFORM payments.refuse('mandate_missing');
  ELSIF m.revoked_at IS NOT NULL THEN
    PERFORM payments.refuse('mandate_revoked', jsonb_build_object('ref', m.ref));
  ELSIF m.starts_on > ledger.today() THEN
    PERFORM payments.refuse('mandate_not_started', jsonb_build_object('ref', m.ref, 'starts_on', m.starts_on));
  ELSIF m.ends_on < ledger.today() THEN
    PERFORM payments.refuse('mandate_ended', jsonb_build_object('ref', m.ref, 'ends_on', m.ends_on));
  ELSIF NOT m.rights && p_rights THEN
    PERFORM payments.refuse('mandate_no_right', jsonb_build_object('ref', m.ref, 'needs', p_rights,
      'next_step', 'Ask the person to let you do this, or talk to the council.'));
  END IF;
  RETURN m;
END $$;

-- The person themselves, or somebody whose mandate gives one of these rights. Anybody else cannot know that the page exists.
CREATE OR REPLACE FUNCTION payments.must_act_for(p_person bigint, VARIADIC p_rights text[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF p_person IS NULL OR p_person IS DISTINCT FROM mc.person() THEN
    PERFORM payments.not_found('page');
  ELSIF mc.mandate() IS NOT NULL THEN
    PERFORM payments.mandate_lock(p_person, p_rights);
  ELSIF NOT EXISTS (SELECT FROM identity.hat WHERE council_id = mc.council() AND id = mc.hat() AND account_id = mc.account()
                       AND person_id = p_person AND ended_at IS NULL) THEN
    PERFORM payments.not_found('page');
  END IF;
END $$;

-- ---------------------------------------------------------------- nobody on both sides

-- An officer decides nothing about the organisation that they work for.
CREATE OR REPLACE FUNCTION payments.must_not_work_for(p_organisation bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF identity.works_for(p_organisation) THEN
    RAISE EXCEPTION 'You work for this provider yourself, so somebody else has to decide' USING ERRCODE = 'MC403';
  END IF;
END $$;

-- Nor about themselves, nor about somebody whom they help.
CREATE OR REPLACE FUNCTION payments.must_not_be_about_oneself(p_person bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM identity.hat WHERE council_id = mc.council() AND account_id = mc.account() AND person_id = p_person AND ended_at IS NULL)
     OR EXISTS (SELECT FROM identity.mandate m WHERE m.council_id = mc.council() AND m.person_id = p_person AND m.revoked_at IS NULL AND coalesce(m.ends_on, 'infinity') >= ledger.today()
                   AND (m.account_id = mc.account() OR identity.works_for(m.organisation_id))) THEN
    RAISE EXCEPTION 'This is about yourself, or about somebody whom you help, so another officer has to decide' USING ERRCODE = 'MC403';
  END IF;
END $$;

-- ---------------------------------------------------------------- what a mandate allows

-- Pence already asked for under a mandate in the calendar month, not counting what was declined, expired or cancelled before it was accepted.
CREATE OR REPLACE FUNCTION payments.mandate_used(p_mandate bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(total), 0)::bigint FROM payments.orders
   WHERE council_id = mc.council() AND mandate_id = p_mandate AND state NOT IN ('declined', 'expired')
     AND (state <> 'cancelled' OR answered_at IS NOT NULL)
     AND asked_at >= date_trunc('month', ledger.today()::timestamp) AT TIME ZONE 'Europe/London'
$$;

-- NULL categories: all.
CREATE OR REPLACE FUNCTION payments.listing_is_in(p_listing bigint, p_categories text[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF p_categories IS NULL THEN
    RETURN true;
  END IF;
  RETURN EXISTS (SELECT FROM catalogue.listing WHERE id = p_listing AND category = ANY (p_categories));
END $$;

-- Ceilings and categories. The mandate is locked, so the month's sum holds still.
CREATE OR REPLACE FUNCTION payments.mandate_allows(m identity.mandate, p_amount bigint, p_listing bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_used bigint;
BEGIN
  IF m.ceiling_order < p_amount THEN
    PERFORM payments.refuse('mandate_over_order_ceiling', jsonb_build_object('ref', m.ref, 'ceiling', m.ceiling_order, 'total', p_amount,
      'next_step', 'Ask for fewer visits, or ask the person or the council to raise the limit.'));
  ELSIF NOT payments.listing_is_in(p_listing, m.categories) THEN
    PERFORM payments.refuse('mandate_category', jsonb_build_object('ref', m.ref, 'categories', m.categories,
      'next_step', 'Ask the person to order this, or to widen what you may ask for.'));
  ELSIF m.ceiling_month IS NOT NULL THEN
    v_used := payments.mandate_used(m.id);
    IF v_used + p_amount > m.ceiling_month THEN
      PERFORM payments.refuse('mandate_over_month_ceiling', jsonb_build_object('ref', m.ref, 'ceiling', m.ceiling_month, 'used', v_used, 'total', p_amount,
        'next_step', 'Wait for next month, or ask the person or the council to raise the limit.'));
    END IF;
  END IF;
END $$;

-- A moment as people say it, in English time.
CREATE OR REPLACE FUNCTION payments.said_at(p_at timestamptz) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT to_char(p_at AT TIME ZONE 'Europe/London', 'FMDD FMMonth YYYY "at" HH24:MI')
$$;
