-- An invoice of many lines is judged in the time of so many lines: what one provider sends holds nobody else up.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
SELECT walked('o1', 4) \g /dev/null
-- Lines of a penny each, all alike; with visits named when p_visits says so.
CREATE FUNCTION long_bill(p_n int, p_visits boolean) RETURNS jsonb LANGUAGE sql AS $$
  SELECT b || jsonb_build_object('net', n, 'gross', n, 'lines', (SELECT jsonb_agg(b -> 'lines' -> 0 || '{"quantity": "0.0001", "price": "100", "net": "0.01"}'
                                                                                || CASE WHEN p_visits THEN jsonb_build_object('visits', jsonb_build_array('V' || at)) ELSE '{}' END)
                                                                   FROM generate_series(1, p_n) at))
    FROM bill('LONG-' || p_n || p_visits, 'o1', 1) b, CAST((p_n / 100.0)::numeric(12, 2)::text AS text) n $$;
-- Blocks of invoice lines that judging one looks at.
CREATE FUNCTION looked_at(p_n int, p_visits boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_before bigint := pg_stat_get_xact_blocks_fetched('payments.invoice_line'::regclass);
BEGIN
  IF receive(long_bill(p_n, p_visits)) ->> 'outcome' <> 'exception' THEN
    RAISE EXCEPTION 'the bill was not questioned';
  END IF;
  RETURN pg_stat_get_xact_blocks_fetched('payments.invoice_line'::regclass) - v_before;
END $$;
SELECT looked_at(50, false) \g /dev/null
SELECT looked_at(1000, false) AS many, looked_at(1000, true) AS named \gset
SELECT cmp_ok(:many::bigint, '<', 100 * 1000::bigint, 'a hundred looks a line at most');
SELECT cmp_ok(:named::bigint, '<', 100 * 1000::bigint, 'also when each names its visit');
CREATE FUNCTION repeats(p_number text) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(c.verdict || ' ' || c.measured, ', ' ORDER BY c.line) FROM payments.match_check c JOIN payments.invoice i ON i.id = c.invoice_id
   WHERE i.number = p_number AND c.code = 'repeat' AND c.line <= 3 AND c.round = 1 $$;
SELECT is(repeats('LONG-50false'), 'pass none, fail LONG-50false, fail LONG-50false', 'lines that are alike repeat the first');
SELECT is(repeats('LONG-1000true'), 'pass none, pass none, pass none', 'those of different visits do not');
SELECT is((SELECT measured FROM payments.match_check c JOIN payments.invoice i ON i.id = c.invoice_id WHERE i.number = 'LONG-50false' AND c.code = 'ordered' AND c.line = 50 AND c.round = 1), '0.005',
          'and each is counted with those before it');
SELECT * FROM finish();
ROLLBACK;
