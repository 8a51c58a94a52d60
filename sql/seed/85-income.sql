-- Money that Eastmere expects: a contribution that came and goes on, a top-up that came and goes on, a refund that came, a contribution that is late and
-- was reminded of.
CREATE FUNCTION pg_temp.expects(p_kind text, p_payer text, p_person text, p_email text, p_amount bigint, p_every text, p_from int) RETURNS void LANGUAGE sql AS $$
  SELECT pg_temp.got(payments.income_expect(gen_random_uuid(), jsonb_strip_nulls(jsonb_build_object('kind', p_kind, 'payer_name', p_payer, 'payer_email', p_email,
           'person', (SELECT ref FROM identity.person WHERE council_id = mc.council() AND name = p_person), 'amount', p_amount, 'every', p_every,
           'starts_on', (now() AT TIME ZONE 'Europe/London')::date + p_from))), 'expected')
$$;

-- The first payment of each of these payers in one statement, each under its reference; the jobs process would match it: here its answer is written down.
CREATE FUNCTION pg_temp.pay_in(p_day int, VARIADIC p_payers text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_on      date := (now() AT TIME ZONE 'Europe/London')::date + p_day;
  v_opening bigint := (SELECT closing FROM payments.statement WHERE council_id = mc.council() ORDER BY id DESC LIMIT 1);
  v_total   bigint;
  v_entries jsonb;
BEGIN
  PERFORM pg_temp.at(p_day + 1, '08:20');
  SELECT sum(s.amount), jsonb_agg(jsonb_build_object('amount', payments.decimal(s.amount), 'status', 'booked', 'booked', v_on, 'value', v_on, 'bank_ref', 'IN' || to_char(v_on, 'YYMMDD') || s.id,
                                                     'counterparty', jsonb_build_object('name', upper(s.payer_name)), 'remittance', jsonb_build_array(s.reference)) ORDER BY s.id)
    INTO v_total, v_entries FROM payments.income_series s WHERE s.council_id = mc.council() AND s.payer_name = ANY (p_payers);
  PERFORM pg_temp.got(payments.statement_import(gen_random_uuid(), jsonb_build_object('format', 'camt.053', 'statements', jsonb_build_array((
    SELECT jsonb_build_object('id', 'ST-IN-' || to_char(v_on, 'YYYYMMDD'), 'account', b.sort_code || b.account_number, 'currency', 'GBP', 'balance', 'balances', 'entries', v_entries,
             'opening', jsonb_build_object('amount', payments.decimal(v_opening), 'date', v_on), 'closing', jsonb_build_object('amount', payments.decimal(v_opening + v_total), 'date', v_on))
      FROM payments.bank_account b WHERE b.council_id = mc.council())))), 'read');
  PERFORM payments.allocation_apply(jsonb_agg(jsonb_build_object('entry', e.ref, 'item', 'income:' || i.ref, 'amount', e.amount, 'rule', 'R2',
            'evidence', jsonb_build_object('note', 'Our reference, and the amount that was expected.', 'matched_on', jsonb_build_array(jsonb_build_object('field', 'remittance',
              'ours', s.reference, 'theirs', s.reference, 'normalisation', 'capitals, no spaces, O=0, I=L=1'))))))
     FROM payments.income_series s
     JOIN payments.bank_entry e ON e.council_id = s.council_id AND e.bank_ref = 'IN' || to_char(v_on, 'YYMMDD') || s.id
     JOIN LATERAL (SELECT ref FROM payments.income_item i WHERE i.council_id = s.council_id AND i.series_id = s.id ORDER BY i.due_on LIMIT 1) i ON true
    WHERE s.council_id = mc.council();
END $$;

SELECT pg_temp.act(1, 'finance', 'Susan Oakes');
SELECT pg_temp.at(-24, '14:10');
SELECT pg_temp.expects('contribution', 'Edith Marlow', 'Edith Marlow', NULL, 3800, 'four_weeks', -6),
       pg_temp.expects('topup', 'Eastmere Health Board', 'Amina Yusuf', 'payments@health-board.example', 62000, 'month', -5),
       pg_temp.expects('contribution', 'George Whitlock', 'George Whitlock', 'george.whitlock@town.example', 4500, 'once', -16),
       pg_temp.expects('refund', 'Open Kitchen', NULL, NULL, 1425, 'once', -4);
SELECT pg_temp.pay_in(-3, 'Edith Marlow', 'Eastmere Health Board', 'Open Kitchen');
-- The round of the morning: every account is checked, who is late is reminded.
SELECT pg_temp.at(-1, '06:00');
SELECT payments.income_daily();
