-- States of tens of thousands of invoices and payments move in one statement when a payment run does. Judging and recording each row on its own took most of
-- the time of such a run; now a statement is judged and recorded as the set that it is. A move is refused, and an event written for each one, as before.
DROP TRIGGER moves ON payments.provider_account;
DROP TRIGGER moves ON payments.invoice;
DROP TRIGGER moves ON payments.run;
DROP TRIGGER moves ON payments.payment;

CREATE FUNCTION payments.moves_record(p_kind text, p_refs text[], p_from text[], p_to text[], p_amounts bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_wrong record;
  v_at    timestamptz := coalesce(mc.demo_clock(), clock_timestamp());
BEGIN
  SELECT m.* INTO v_wrong FROM unnest(p_refs, p_from, p_to) AS m (ref, from_state, to_state)
   WHERE NOT EXISTS (SELECT FROM payments.allowed_move t WHERE t.kind = p_kind AND t.from_state = m.from_state AND t.to_state = m.to_state) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The % % cannot go from "%" to "%".', replace(p_kind, '_', ' '), v_wrong.ref, v_wrong.from_state, v_wrong.to_state USING ERRCODE = 'MC409';
  END IF;
  INSERT INTO audit.event (council_id, at, account_id, hat_id, role, person_id, mandate_id, verb, kind, ref, amount, detail)
  SELECT mc.council(), v_at, mc.account(), mc.hat(), mc.role(), mc.person(), mc.mandate(), p_kind || '_' || m.to_state, p_kind, m.ref, m.amount,
         jsonb_build_object('from', m.from_state, 'to', m.to_state)
    FROM unnest(p_refs, p_from, p_to, p_amounts) WITH ORDINALITY AS m (ref, from_state, to_state, amount, place) ORDER BY m.place;
END $$;
REVOKE ALL ON FUNCTION payments.moves_record(text, text[], text[], text[], bigint[]) FROM PUBLIC;

-- Arguments: the kind, and where its amount stands. Planned at each call: a plan made for one row would compare each of 50,000 with all others.
CREATE OR REPLACE FUNCTION payments.state_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_moved   text := CASE TG_OP WHEN 'INSERT' THEN 'SELECT n.*, '''' AS from_state FROM added n'
                    ELSE 'SELECT n.*, o.state AS from_state FROM added n JOIN gone o USING (council_id, id) WHERE o.state <> n.state' END;
  v_refs    text[];
  v_from    text[];
  v_to      text[];
  v_amounts bigint[];
BEGIN
  EXECUTE format('SELECT array_agg(m.ref), array_agg(m.from_state), array_agg(m.state), array_agg(%s) FROM (%s ORDER BY n.id) m', TG_ARGV[1], v_moved)
    INTO v_refs, v_from, v_to, v_amounts;
  IF v_refs IS NOT NULL THEN
    PERFORM payments.moves_record(TG_ARGV[0], v_refs, v_from, v_to, v_amounts);
  END IF;
  RETURN NULL;
END $$;

DO $$
DECLARE
  v_kind   text;
  v_amount text;
BEGIN
  FOR v_kind, v_amount IN VALUES ('provider_account', 'NULL::bigint'), ('invoice', 'm.gross'), ('run', 'm.total'), ('payment', 'm.amount') LOOP
    EXECUTE format('CREATE TRIGGER moves AFTER UPDATE ON payments.%1$I REFERENCING OLD TABLE AS gone NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION payments.state_moves(%1$L, %2$L)', v_kind, v_amount);
    EXECUTE format('CREATE TRIGGER starts AFTER INSERT ON payments.%1$I REFERENCING NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION payments.state_moves(%1$L, %2$L)', v_kind, v_amount);
  END LOOP;
END $$;

-- These answer differently from now on, or have become one with others.
DROP FUNCTION IF EXISTS payments.payable_account(bigint);
DROP FUNCTION IF EXISTS payments.invoices_settle_state(bigint[], date);
DROP FUNCTION IF EXISTS payments.run_settle_states(bigint);
DROP FUNCTION IF EXISTS payments.remittance_advice(payments.payment, date);
DROP FUNCTION IF EXISTS payments.pain_account(text, text);
DROP FUNCTION IF EXISTS payments.pain_agent(text);
DROP FUNCTION IF EXISTS payments.pain_transfer(payments.payment, text);
DROP FUNCTION IF EXISTS payments.run_content(bigint);
