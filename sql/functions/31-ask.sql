-- Which of the days fall into a time away that the person said: to ask for them is allowed, and they are not paused.
CREATE OR REPLACE FUNCTION payments.order_while_away(t payments.order_line) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN count(*) = 0 THEN '{}' ELSE jsonb_build_object('away_visits', count(*), 'away', min(payments.away_words(a))) END
    FROM payments.absence a
    JOIN unnest(payments.occurrences(t.recurrence, t.weekdays, t.starts_on, t.weeks)) AS d ON d BETWEEN a.starts_on AND coalesce(payments.absence_last(a), 'infinity')
   WHERE a.council_id = mc.council() AND a.person_id = mc.person() AND a.state = 'open'
$$;

-- What would be left today, and what it means for times away. What another year's budget pays for takes nothing from this year's.
CREATE OR REPLACE FUNCTION payments.order_would_leave(d payments.order_draft) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT jsonb_build_object('left_over', coalesce(sum(p.free - coalesce((SELECT sum(amount) FROM unnest(d.promises) WHERE account_id = p.ledger_account_id), 0)), 0)::bigint)
            FROM payments.budget_position p
           WHERE p.council_id = mc.council() AND p.person_id = mc.person() AND p.budget_state <> 'ended' AND ledger.today() BETWEEN p.starts_on AND p.ends_on)
         || payments.order_while_away(d.t);
END $$;

-- What an order would cost and leave, decided as the order itself will be, and taken back with its locks: the check page can never disagree with the order.
CREATE OR REPLACE FUNCTION payments.order_try(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  d      payments.order_draft;
  v_fact text;
BEGIN
  d := payments.order_decide(p_request);
  PERFORM payments.refuse('fits', payments.order_answer(d) - 'outcome' - 'ref' || payments.order_would_leave(d));
  RETURN NULL;
EXCEPTION WHEN SQLSTATE 'MC001' THEN
  GET STACKED DIAGNOSTICS v_fact = PG_EXCEPTION_DETAIL;
  RETURN v_fact::jsonb;
END $$;
REVOKE ALL ON FUNCTION payments.order_try(jsonb), payments.order_while_away(payments.order_line), payments.order_would_leave(payments.order_draft) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.order_try(jsonb) TO mc_web;

-- The key under which what was typed into this form is asked for, and the order where that has happened. A refusal is the answer to its key for good, so that
-- asking once more has the next one: whoever sends the same answers twice comes upon their first order.
CREATE OR REPLACE FUNCTION payments.ask_state(p_key uuid, OUT key uuid, OUT order_ref text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_account CONSTANT bigint := mc.account();
  v_answer  jsonb;
BEGIN
  key := p_key;
  LOOP
    SELECT answer INTO v_answer FROM mc.idempotency i WHERE i.council_id = mc.council() AND i.account_id = v_account AND i.key = ask_state.key;
    EXIT WHEN NOT FOUND;
    IF v_answer ->> 'outcome' = 'placed' THEN
      order_ref := v_answer ->> 'ref';
      EXIT;
    END IF;
    key := ledger.key('ask again ' || key);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION payments.ask_state(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.ask_state(uuid) TO mc_web;
