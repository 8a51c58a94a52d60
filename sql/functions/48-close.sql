-- The close of a month: books and bank agree to its end, line by line, and nothing is dated into it any more.

-- What stands against closing everything until the end of a month, as counts and sums: all zero when it can be closed.
CREATE OR REPLACE FUNCTION payments.month_hindrances(p_ends_on date, OUT open_lines int, OUT held_statements int, OUT difference bigint, OUT short_accounts text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, payments AS $$
BEGIN
  SELECT (SELECT count(*)::int FROM payments.bank_entry e WHERE e.council_id = mc.council() AND e.allocated <> e.amount AND e.booked_on <= p_ends_on),
         (SELECT count(*)::int FROM payments.statement s WHERE s.council_id = mc.council() AND s.state = 'held' AND s.closing_on <= p_ends_on),
         (SELECT coalesce(sum(abs(c.difference) + abs(coalesce(c.client_gap, 0))), 0)::bigint FROM payments.bank_check c WHERE c.council_id = mc.council()),
         -- A day without business has no statement: the next one shows that nothing is missing.
         (SELECT string_agg(b.name, ', ' ORDER BY b.name) FROM payments.bank_account b
           WHERE b.council_id = mc.council() AND EXISTS (SELECT FROM payments.statement s WHERE s.council_id = b.council_id AND s.bank_account_id = b.id)
             AND NOT EXISTS (SELECT FROM payments.statement s WHERE s.council_id = b.council_id AND s.bank_account_id = b.id AND s.state <> 'held' AND s.closing_on >= payments.pay_by(p_ends_on)))
    INTO open_lines, held_statements, difference, short_accounts;
END $$;

-- {"month": its first day} → closed; not_over, state (it or a later one is closed), held + sentence
CREATE OR REPLACE FUNCTION payments.month_close(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_prior  jsonb;
  v_starts date := date_trunc('month', payments.day_read(p_request->>'month'));
  v_ends   date := v_starts + interval '1 month' - interval '1 day';
  v_no     record;
BEGIN
  PERFORM payments.require_role('finance');
  v_prior := mc.idem_begin(p_key, 'month_close', p_request);
  IF v_prior IS NOT NULL THEN RETURN v_prior; END IF;
  IF v_starts IS NULL THEN
    RAISE EXCEPTION 'There is no such month.' USING ERRCODE = 'MC404';
  END IF;
  PERFORM ledger.period_lock(true);
  IF v_ends >= ledger.today() OR v_ends <= ledger.closed_until() THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', CASE WHEN v_ends >= ledger.today() THEN 'not_over' ELSE 'state' END));
  END IF;
  SELECT * INTO v_no FROM payments.month_hindrances(v_ends);
  IF v_no.open_lines + v_no.held_statements > 0 OR v_no.difference <> 0 OR v_no.short_accounts IS NOT NULL THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'held', 'sentence', concat_ws(' ',
      CASE WHEN v_no.open_lines > 0 THEN 'Bank lines that nothing explains yet: ' || v_no.open_lines || '.' END,
      CASE WHEN v_no.held_statements > 0 THEN 'Statements that are held: ' || v_no.held_statements || '.' END,
      CASE WHEN v_no.difference <> 0 THEN 'Books and bank differ by ' || payments.pence_words(v_no.difference) || '.' END,
      'No statement reaches the end of the month: ' || v_no.short_accounts || '.')));
  END IF;
  INSERT INTO ledger.closed_month (council_id, starts_on, ends_on, closed_by, figures)
  SELECT mc.council(), v_starts, v_ends, mc.account(), coalesce(jsonb_agg(jsonb_build_object('account', b.ref, 'name', b.name,
           'bank', (SELECT coalesce(sum(e.amount), 0) FROM payments.bank_entry e WHERE e.council_id = b.council_id AND e.bank_account_id = b.id AND e.booked_on <= v_ends),
           'books', (SELECT coalesce(sum(a.amount), 0) FROM payments.bank_allocation a JOIN payments.bank_entry e ON e.council_id = a.council_id AND e.id = a.entry_id
                      WHERE e.council_id = b.council_id AND e.bank_account_id = b.id AND e.booked_on <= v_ends)) ORDER BY b.name), '[]')
    FROM payments.bank_account b WHERE b.council_id = mc.council();
  PERFORM mc.audit('month_close', 'month', v_starts::text);
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'closed', 'month', v_starts));
END $$;
