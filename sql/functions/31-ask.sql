-- What an order would cost and leave, decided as the order itself will be, and taken back with its locks: the check page can never disagree with the order.
CREATE OR REPLACE FUNCTION payments.order_try(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_fact text;
BEGIN
  PERFORM payments.refuse('fits', payments.order_answer(payments.order_decide(p_request)) - 'outcome' - 'ref');
  RETURN NULL;
EXCEPTION WHEN SQLSTATE 'MC001' THEN
  GET STACKED DIAGNOSTICS v_fact = PG_EXCEPTION_DETAIL;
  RETURN v_fact::jsonb;
END $$;
REVOKE ALL ON FUNCTION payments.order_try(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.order_try(jsonb) TO mc_web;
