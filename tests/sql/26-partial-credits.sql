-- Credit notes for a part: of an invoice, of a line, of a visit. Exactly that part goes back to the purses that paid, and can be billed again.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
-- Rosa's purses: spent out of her own £60.00, spent out of the council's £500.00.
CREATE FUNCTION pg_temp.spent() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(spent::text, ' ' ORDER BY kind) FROM payments.budget_position WHERE person_id = id('rosa')
$$;
-- A credit note of the invoice for these hours of walk p_from to p_to (1 is the first).
CREATE FUNCTION pg_temp.credit(p_number text, p_invoice text, p_hours numeric, p_from int, p_to int) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_set(jsonb_set(bill(p_number, 'o1', p_hours) || jsonb_build_object('kind', 'credit_note', 'corrects', p_invoice),
                             '{lines,0,from}', to_jsonb(d[p_from])), '{lines,0,to}', to_jsonb(d[p_to]))
    FROM (SELECT array_agg(planned_on ORDER BY planned_on) AS d FROM payments.visit WHERE order_id = id('o1')) x
$$;
SELECT walked('o1', 4) \g /dev/null

-- £72.00: three walks and a third of the fourth out of her own money.
SELECT is(receive(bill('K-1', 'o1', 4))->>'outcome', 'approved', 'four walks are billed as one line');
SELECT is(pg_temp.spent(), '6000 1200', 'out of two purses');
SELECT is(receive(pg_temp.credit('KC-1', 'K-1', 0.25, 2, 2))->>'outcome', 'approved', 'a quarter of an hour is taken back');
SELECT is(pg_temp.spent(), '6000 750', 'the purse that paid last has exactly that part back');
PREPARE billable AS SELECT b.planned_on - (SELECT min(planned_on) FROM payments.visit WHERE order_id = id('o1')), b.amount, b.quantity
                      FROM payments.billable_visit b WHERE b.order_id = id('o1') ORDER BY 1;
SELECT results_eq('billable', $$ VALUES (7, 450::bigint, 0.25) $$, 'and that quarter of the second walk, which the credit note names, can be billed again');
SELECT is(why(receive(bill('K-2', 'o1', 0.5))), 'DEL delivered, FIN covered, QTY ordered', 'not more than it');
SELECT is(receive(bill('K-3', 'o1', 0.25))->>'outcome', 'approved', 'it is billed again without a hand');
SELECT is(pg_temp.spent(), '6000 1200', 'out of the purse that it came back to');
SELECT is_empty('billable', 'and is billed again once');

-- Across both purses: the last pays back first, what it paid and no more.
SELECT is(receive(pg_temp.credit('KC-2', 'K-1', 1, 4, 4))->>'outcome', 'approved', 'the fourth walk is taken back');
SELECT is(pg_temp.spent(), '4950 450', 'of what this line took: £7.50 from the council, £10.50 from her');
SELECT results_eq('billable', $$ VALUES (21, 1800::bigint, 1.0) $$, 'the fourth walk can be billed again');
SELECT is(receive(bill('K-4', 'o1', 1))->>'outcome', 'approved', 'and is');
SELECT is(pg_temp.spent(), '6000 1200', 'out of both');

-- Several credits never take back more than the line: £72.00 less £4.50 and £18.00.
SELECT is(why(receive(pg_temp.credit('KC-3', 'K-1', 3, 1, 3))), 'QTY credit', 'more than is left of the line is a question');
SELECT pg_temp.credit('KC-4', 'K-1', 2, 1, 3) AS c \gset
SELECT is(why(receive(:'c'::jsonb || jsonb_build_object('net', '72.00', 'gross', '72.00', 'lines', (:'c'::jsonb->'lines') || (:'c'::jsonb->'lines')))), 'QTY credit',
          'so are two lines of one credit note that come to more together');
SELECT is(pg_temp.spent(), '6000 1200', 'nothing moved');
SELECT is(receive(pg_temp.credit('KC-5', 'K-1', 2.75, 1, 3))->>'outcome', 'approved', 'all that is left is taken back');
SELECT is((SELECT payments.credited(id, 1) FROM payments.invoice WHERE number = 'K-1'), 7200::bigint, 'the whole line, in three parts');
SELECT is(pg_temp.spent(), '1050 1200', 'what stands was billed again: £4.50 and £18.00');
SELECT results_eq('billable', $$ VALUES (0, 1800::bigint, 1.0), (7, 1350, 0.75), (14, 1800, 1.0) $$, 'the rest of each walk can be billed again');
SELECT is(receive(bill('K-5', 'o1', 2.75))->>'outcome', 'approved', 'and is');
SELECT is(pg_temp.spent(), '6000 1200', 'as if it had been billed right at once');
SELECT is_empty('billable', 'nothing is left to bill');
SELECT throws_ok($$ UPDATE payments.invoice_visit SET credited = 0 $$, '23514', NULL, 'a visit that is billed again cannot be billed by its first invoice too');

-- Nothing but the council's penny is left of a line: there is no purse to give it back to.
SELECT walked('o1b', 1, 'amir') \g /dev/null
UPDATE payments.visit SET amount = 1799, held = 1799 WHERE order_id = id('o1b');
SELECT is(receive(bill('P-1', 'o1b', 1))->>'outcome', 'approved', 'a penny of rounding is the council''s');
SELECT bill('PC-1', 'o1b', 1, 17.99) || '{"kind": "credit_note", "corrects": "P-1"}' AS c1, bill('PC-2', 'o1b', 1, 0.01) || '{"kind": "credit_note", "corrects": "P-1"}' AS c2 \gset
SELECT is(receive(:'c1')->>'approved', '1799', 'all but the penny is taken back');
SELECT is(receive(:'c2')->>'approved', '1', 'then the penny');
SELECT * FROM finish();
ROLLBACK;
