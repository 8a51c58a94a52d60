-- What officers and auditors do in the browser: a statement's report, the nearest explanations of a bank line, looking at a person's record.

-- A statement that the jail read is imported under its own key, and whoever sent it can read what became of it.
CREATE OR REPLACE FUNCTION payments.statement_file_import(p_council int, p_ref text, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_answer jsonb := payments.statement_import(jobs.file_key(p_council, p_ref), p_request || jsonb_build_object('file', p_ref));
BEGIN
  UPDATE jobs.file SET report = jsonb_build_object('outcome', v_answer->'outcome', 'reconciled', v_answer->'reconciled',
                                                   'statements', coalesce(nullif(v_answer->'statements', 'null'), '[]'))
   WHERE council_id = p_council AND council_id = mc.council() AND ref = p_ref;
  RETURN v_answer;
END $$;

-- The three nearest payments for each open line of a statement: named in the text first, then by amount, then by name. Only the exact amount can be
-- set against a line; the others tell a person where to look.
CREATE OR REPLACE FUNCTION payments.entry_candidates(p_statement text)
RETURNS TABLE (entry_ref text, kind text, reference text, payee text, amount bigint, fits boolean, why text)
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT e.ref, c.kind, c.reference, c.payee_name, c.amount, c.amount = abs(e.amount - e.allocated),
         CASE WHEN c.named AND c.amount = abs(e.amount - e.allocated) THEN 'The text names this payment and the amount is the same.'
              WHEN c.named THEN 'The text names this payment, but the amount differs by ' || pence_words(abs(c.amount - abs(e.amount - e.allocated))) || '.'
              WHEN c.amount = abs(e.amount - e.allocated) THEN 'The amount is the same; its reference is not in the text.'
              ELSE 'The amount differs by ' || pence_words(abs(c.amount - abs(e.amount - e.allocated))) || '.' END
    FROM payments.statement s
    JOIN payments.bank_entry e ON e.council_id = s.council_id AND e.statement_id = s.id AND e.allocated <> e.amount
   CROSS JOIN LATERAL (
     SELECT CASE WHEN e.amount < 0 THEN 'payment' ELSE 'return' END AS kind, p.reference, p.payee_name, p.amount,
            strpos(payments.reference_text(e.remittance, e.end_to_end_id, e.instruction_id), p.reference) > 0 AS named, p.id
       FROM payments.payment p
      WHERE p.council_id = e.council_id AND p.state = CASE WHEN e.amount < 0 THEN 'emitted' ELSE 'settled' END
      ORDER BY named DESC, p.amount = abs(e.amount - e.allocated) DESC,
               public.similarity(p.payee_name, coalesce(e.counterparty_name, e.remittance)) DESC, abs(p.amount - abs(e.amount - e.allocated)), p.id
      LIMIT 3) c
   WHERE s.council_id = mc.council() AND s.ref = p_statement AND mc.role() IN ('finance', 'auditor')
   ORDER BY e.id, c.named DESC, c.amount = abs(e.amount - e.allocated) DESC, c.id
$$;

-- An officer opens a person's record: the person sees it among those who looked, one row a day. No row: no such person here.
CREATE OR REPLACE FUNCTION audit.look_at(p_person text) RETURNS TABLE (ref text, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_person identity.person;
BEGIN
  IF coalesce(mc.role(), '') NOT IN ('commissioner', 'finance', 'auditor', 'safeguarding') THEN
    RAISE EXCEPTION 'This page needs a different role' USING ERRCODE = 'MC403';
  END IF;
  SELECT * INTO v_person FROM identity.person p WHERE p.council_id = mc.council() AND p.ref = p_person;
  IF v_person.id IS NULL THEN
    RAISE EXCEPTION 'There is no such person.' USING ERRCODE = 'MC404';
  END IF;
  INSERT INTO audit.look (council_id, person_id, account_id, hat_id) VALUES (mc.council(), v_person.id, mc.account(), mc.hat())
  ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT v_person.ref, v_person.name;
END $$;

REVOKE ALL ON FUNCTION payments.statement_file_import(int, text, jsonb), payments.entry_candidates(text), audit.look_at(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.statement_file_import(int, text, jsonb) TO mc_jobs;
GRANT EXECUTE ON FUNCTION payments.entry_candidates(text), payments.reference_text(text[]), payments.run_candidates(text[]), audit.look_at(text) TO mc_web;
