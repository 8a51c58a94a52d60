-- What an order would cost and leave, decided as the order itself will be, and taken back with its locks: the check page can never disagree with the order.
CREATE OR REPLACE FUNCTION payments.order_try(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  d      payments.order_draft;
  v_fact text;
BEGIN
  d := payments.order_decide(p_request);
  -- What would be left today: what another year's budget pays for takes nothing from this year's.
  PERFORM payments.refuse('fits', payments.order_answer(d) - 'outcome' - 'ref' || jsonb_build_object('left_over',
    (SELECT coalesce(sum(p.free - coalesce((SELECT sum(amount) FROM unnest(d.promises) WHERE account_id = p.ledger_account_id), 0)), 0)::bigint
       FROM payments.budget_position p
      WHERE p.council_id = mc.council() AND p.person_id = mc.person() AND p.budget_state <> 'ended' AND ledger.today() BETWEEN p.starts_on AND p.ends_on)));
  RETURN NULL;
EXCEPTION WHEN SQLSTATE 'MC001' THEN
  GET STACKED DIAGNOSTICS v_fact = PG_EXCEPTION_DETAIL;
  RETURN v_fact::jsonb;
END $$;
REVOKE ALL ON FUNCTION payments.order_try(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.order_try(jsonb) TO mc_web;
