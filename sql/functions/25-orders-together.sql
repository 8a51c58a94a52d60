-- Orders of several people that share a transaction (daemon/db): each decided in turn as it would be alone, all of them written together.

-- Writes what was decided, a council at a time, with the answers under their keys. Whoever is asking is so afterwards.
CREATE OR REPLACE FUNCTION payments.orders_settle(p_drafts payments.order_draft[], p_answers mc.idempotency[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_now     text := current_setting('mc.council', true);
  v_council int;
  v_drafts  payments.order_draft[];
BEGIN
  FOR v_council IN SELECT DISTINCT council_id FROM unnest(p_answers) LOOP
    PERFORM set_config('mc.council', v_council::text, true);
    v_drafts := ARRAY(SELECT d FROM unnest(p_drafts) AS d WHERE (d.o).council_id = v_council);
    IF v_drafts <> '{}' THEN
      PERFORM payments.orders_write(v_drafts, 'order_place');
    END IF;
    PERFORM mc.idem_keep(ARRAY(SELECT a FROM unnest(p_answers) AS a WHERE a.council_id = v_council));
  END LOOP;
  PERFORM set_config('mc.council', v_now, true);
END $$;

-- [[token, roles, for, person, key, request]…]: of each the parameters of identity_enter and of order_place, as text. A row each, in their order, of what the two
-- would answer. Whatever is wrong with one of them is an error for all, and nothing has happened: each is then asked for alone, and told its own.
CREATE OR REPLACE FUNCTION payments.orders_place(p_asked jsonb)
RETURNS TABLE (role text, name text, council_name text, council_slug text, council_phone text, organisation_name text,
               person_name text, person_ref text, is_acting boolean, hats int, is_demo boolean, answer jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  a         jsonb;
  d         payments.order_draft;
  v_request jsonb;
  v_hash    bytea;
  v_fact    text;
  v_drafts  payments.order_draft[] := '{}';
  v_answers mc.idempotency[] := '{}';
  v_persons bigint[] := '{}';
BEGIN
  FOR a IN SELECT jsonb_array_elements(p_asked) LOOP
    SELECT * INTO role, name, council_name, council_slug, council_phone, organisation_name, person_name, person_ref, is_acting, hats, is_demo
      FROM identity.enter((a ->> 0)::bytea, string_to_array(a ->> 1, ' '), a ->> 2, (a ->> 3)::boolean);
    -- Of one person the next order is decided by what the one before left.
    IF mc.person() = ANY (v_persons) THEN
      PERFORM payments.orders_settle(v_drafts, v_answers);
      v_drafts := '{}';
      v_answers := '{}';
      v_persons := '{}';
    END IF;
    v_request := (a ->> 5)::jsonb;
    v_hash := mc.idem_hash('order_place', v_request);
    answer := mc.idem_find((a ->> 4)::uuid, v_hash);
    IF answer IS NULL THEN
      BEGIN
        d := payments.order_decide(v_request);
        answer := payments.order_answer(d);
        v_drafts := v_drafts || d;
      EXCEPTION WHEN SQLSTATE 'MC001' THEN
        GET STACKED DIAGNOSTICS v_fact = PG_EXCEPTION_DETAIL;
        answer := v_fact::jsonb;
      END;
      v_persons := v_persons || mc.person();
      v_answers := v_answers || ROW(mc.council(), mc.account(), (a ->> 4)::uuid, 'order_place', v_hash, answer, NULL)::mc.idempotency;
      answer := answer || '{"replayed": false}';
    END IF;
    RETURN NEXT;
  END LOOP;
  PERFORM payments.orders_settle(v_drafts, v_answers);
END $$;
