-- What finance decides about itself: tolerances and limits of approval, each a version with who, when and why; and the working days that the bank goes by.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();

-- Working days.
SELECT is(payments.add_working_days('2024-05-02', 1), '2024-05-03'::date, 'Friday follows Thursday');
SELECT is(payments.add_working_days('2024-05-03', 1), '2024-05-07'::date, 'after a Friday the early May bank holiday counts no more than the weekend');
SELECT is(payments.add_working_days('2027-12-24', 1), '2027-12-29'::date, 'Christmas on a weekend moves to the week after');
SELECT is(payments.add_working_days('2026-12-24', 5), '2027-01-05'::date, 'five working days over Christmas and New Year');
SELECT is(payments.pay_by('2024-05-06'), '2024-05-03'::date, 'what is due on a bank holiday is paid on the Friday before');
SELECT is(payments.pay_by('2024-05-07'), '2024-05-07'::date, 'what is due on a working day on that day');
SELECT is((SELECT string_agg(n || ' in ' || y, ', ' ORDER BY y) FROM (SELECT extract(year FROM day) AS y, count(*) AS n FROM payments.bank_holiday GROUP BY 1) x),
          '8 in 2024, 8 in 2025, 8 in 2026, 8 in 2027, 8 in 2028', 'the published years');
SELECT is_empty('SELECT day FROM payments.bank_holiday WHERE extract(isodow FROM day) > 5', 'none of them on a weekend');
SELECT is(payments.bank_holidays_take('[{"date": "2029-01-01", "name": "New Year’s Day"}, {"date": "2028-05-01", "name": "May Day"}]')::text, '(1,1,2029-01-01)', 'an operator adds a year');
SELECT is(payments.bank_holidays_take('[{"date": "2029-01-01", "name": "New Year’s Day"}]')::text, '(0,0,2029-01-01)', 'twice is once');
SELECT throws_ok($$ SELECT payments.bank_holidays_take('[{"date": "1 January 2029", "name": "New Year’s Day"}]') $$, 'MC422', NULL, 'a day that is none is refused');

-- Pay days: an invoice that falls due on a Sunday or bank holiday is expected on the working day before, and said with its weekday.
SELECT walked('o1', 4) \g /dev/null
SELECT receive(bill('D-1', 'o1', 1) || '{"due_on": "2027-03-29"}')->>'ref' AS due \gset
SELECT is((SELECT payments.expected_on(council_id, id) FROM payments.invoice WHERE ref = :'due'), '2027-03-25'::date, 'Easter Monday: expected on the Thursday before');
SELECT matches((SELECT payload->>'body' FROM jobs.outbox WHERE payload->>'subject' = 'Invoice D-1 approved'), 'expected by Thursday 25 March 2027', 'and the provider reads so');

-- Tolerances.
CREATE FUNCTION pg_temp.tolerance(p_hat text, p_words jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.as(p_hat, 'tolerance_set', '{"measure": "price", "absolute": "0.50", "percent": "10", "reason": "Agreed with providers"}'::jsonb || p_words)->>'outcome'
$$;
-- A wider one holds once a second officer has agreed.
CREATE FUNCTION pg_temp.agreed(p_hat text DEFAULT 'finance2', p_decision text DEFAULT 'agree') RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.as(p_hat, 'tolerance_decide', jsonb_build_object('tolerance', (SELECT ref FROM payments.tolerance WHERE is_wider ORDER BY id DESC LIMIT 1), 'decision', p_decision))->>'outcome'
$$;
SELECT is(why(receive(bill('T-1', 'o1', 1, 18.30))), 'FIN covered, PRI price', '30p more than the price is a question');
SELECT throws_ok($$ SELECT pg_temp.tolerance('auditor', '{}') $$, 'MC403', NULL, 'an auditor decides no tolerance');
SELECT is(pg_temp.tolerance('finance', '{"absolute": "lots"}'), 'absolute', 'a figure is a figure');
SELECT is(pg_temp.tolerance('finance', '{"percent": "101"}'), 'percent', 'of at most the whole');
SELECT is(pg_temp.tolerance('finance', '{"percent": ""}'), 'one', 'absolute and percent come together');
SELECT is(pg_temp.tolerance('finance', '{"starts_on": "2020-01-01"}'), 'past', 'what was judged stays judged');
SELECT is(pg_temp.tolerance('finance', jsonb_build_object('starts_on', ledger.today() + 740)), 'far', 'nothing is decided for a day in years to come');
SELECT is(pg_temp.tolerance('finance', '{"service": "TLIS-0009"}'), 'no_service', 'for a service that is ordered here');
SELECT is(pg_temp.tolerance('finance', jsonb_build_object('starts_on', ledger.today() + 1)) || ' ' || pg_temp.agreed(), 'asked agreed', 'from tomorrow');
SELECT is(why(receive(bill('T-2', 'o1', 1, 18.30))), 'FIN covered, PRI price', 'today it does not hold yet');
SELECT is(pg_temp.tolerance('finance', '{"absolute": "5", "percent": "3"}'), 'asked', 'for every service: one that lets more through waits');
SELECT is(payments.tolerance_for('TLIS-0001', 'price', 1800), 0::numeric, 'and changes nothing');
SELECT is(pg_temp.agreed('finance'), 'same_person', 'whoever asked for it does not agree');
SELECT throws_ok($$ SELECT pg_temp.agreed('auditor') $$, 'MC403', NULL, 'an auditor agrees to nothing');
SELECT throws_ok($$ SELECT pg_temp.agreed('finance902') $$, 'MC404', NULL, 'and in another council there is no such thing');
SELECT throws_ok($$ INSERT INTO payments.tolerance_decision (council_id, tolerance_id, verb, set_by, decided_by) SELECT council_id, id, 'agree', set_by, set_by FROM payments.tolerance WHERE is_wider ORDER BY id DESC LIMIT 1 $$,
  '23514', NULL, 'not by direct SQL either');
SELECT is(pg_temp.agreed(), 'agreed', 'a second officer does');
SELECT is(pg_temp.agreed('finance3', 'refuse'), 'not_waiting', 'what is agreed is not refused afterwards');
SELECT throws_ok('UPDATE payments.tolerance_decision SET decided_by = set_by', 'MC409', NULL, 'nor rewritten');
SELECT is(pg_temp.tolerance('finance', '{"measure": "line", "absolute": "0.40", "percent": "2", "service": "TLIS-0001"}') || ' ' || pg_temp.agreed(), 'asked agreed', 'for one service');
SELECT receive(bill('T-3', 'o1', 1, 18.30)) AS t \gset
SELECT is(:'t'::jsonb->>'outcome', 'approved', '30p more are within 3 percent and within 40p a line');
SELECT is(:'t'::jsonb->>'approved', '1830', 'and all of it is paid: what is over the visits is the council''s');
SELECT results_eq($$ SELECT c.code, c.measured, c.allowed, c.tolerance FROM payments.match_check c JOIN payments.invoice i ON i.id = c.invoice_id
                      WHERE i.number = 'T-3' AND c.code IN ('price', 'covered', 'unit', 'totals') ORDER BY 1 $$,
  format($$ VALUES ('covered', '£18.30', '£18.366', '£0.40 or 2%%, the lesser, for this service since %1$s'), ('price', '£18.30', '£18.54', '£5.00 or 3%%, the lesser, for every service since %1$s'),
            ('totals', '£18.30', '£18.30', '£0.05, built in'), ('unit', 'HUR', 'hour', NULL) $$, payments.day(ledger.today())), 'the approval keeps which tolerance was used');
SELECT is(pg_temp.tolerance('finance', '{"absolute": "0", "percent": "0", "service": "TLIS-0001"}'), 'set', 'none for this service');
SELECT is((SELECT is_wider FROM payments.tolerance ORDER BY id DESC LIMIT 1), false, 'a narrower one holds at once');
SELECT is(payments.tolerance_for('TLIS-0001', 'price', 1800) || ' ' || payments.tolerance_for('TLIS-0002', 'price', 1800), '0 54.0000000000000000', 'its own goes before the council''s');
SELECT is(pg_temp.tolerance('finance', '{"absolute": "", "percent": "", "service": "TLIS-0001"}'), 'asked', 'ending its own, which is stricter, waits as well');
SELECT is(payments.tolerance_for('TLIS-0001', 'price', 1800), 0::numeric, 'until then it is as strict as before');
SELECT is(pg_temp.agreed('finance', 'refuse'), 'refused', 'whoever asked takes it back');
SELECT is(pg_temp.agreed(), 'not_waiting', 'then there is nothing to agree to');
SELECT is(pg_temp.tolerance('finance', '{"absolute": "", "percent": "", "service": "TLIS-0001"}') || ' ' || pg_temp.agreed(), 'asked agreed', 'its own ends');
SELECT is(payments.tolerance_for('TLIS-0001', 'price', 1800), 54::numeric, 'and the council''s holds again');
-- Not in two steps either: what will be stricter by then is looked at too.
SELECT is(pg_temp.tolerance('finance', jsonb_build_object('absolute', '0.10', 'percent', '1', 'starts_on', ledger.today() + 7)), 'set', 'stricter from next week');
SELECT is(pg_temp.tolerance('finance', '{"absolute": "5", "percent": "3", "service": "TLIS-0001"}'), 'asked', 'a service does not keep what holds today beyond that');
SELECT is(pg_temp.tolerance('finance', '{"absolute": "0.10", "percent": "1", "service": "TLIS-0001"}'), 'set', 'it may be as strict from today');
SELECT is(pg_temp.tolerance('finance', '{"absolute": "0.05", "percent": "2", "service": "TLIS-0001"}'), 'asked', 'less of one and more of the other is more for some');
SELECT is(pg_temp.tolerance('finance', '{"absolute": "0", "percent": "50", "service": "TLIS-0001"}'), 'set', 'nothing is the strictest, whatever the other figure');
SELECT is(payments.tolerance_widens(jsonb_populate_record(NULL::payments.tolerance, jsonb_build_object('council_id', 901, 'id', 99999999, 'service', '', 'measure', m, 'absolute', a, 'percent', p, 'starts_on', ledger.today()))), w,
  format('what is built in counts: %s %s or %s%%', m, a, p))
  FROM (VALUES ('line', 1, 100, false), ('line', 2, 1, true), ('document', 5, 1, false), ('document', 6, 1, true), ('quantity', 0.1, 0, false), ('quantity', 0.1, 1, true)) AS x (m, a, p, w);
SELECT throws_ok('UPDATE payments.tolerance SET percent = 100', 'MC409', NULL, 'what was decided is not rewritten');
SELECT is((SELECT count(*) FROM audit.event WHERE verb = 'tolerance_set'), 4::bigint, 'each decision is in the log');
SELECT is((SELECT string_agg(n || ' ' || verb, ', ' ORDER BY verb) FROM (SELECT verb, count(*) AS n FROM audit.event WHERE verb LIKE 'tolerance\_%' AND verb <> 'tolerance_set' GROUP BY 1) x),
  '4 tolerance_agree, 7 tolerance_asked, 1 tolerance_refuse', 'and so is who asked and who agreed');
SELECT be('finance902') \g /dev/null
SELECT is(payments.tolerance_for('TLIS-0001', 'price', 1800), 0::numeric, 'another council has its own');

-- Limits of approval: the run comes to £36.30.
CREATE FUNCTION pg_temp.limit(p_hat text, p_for text, p_amount bigint) RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.as(p_hat, 'approval_limit_set', jsonb_strip_nulls(jsonb_build_object('account', CASE p_for WHEN 'everybody' THEN p_for ELSE p_for || '@town.example' END, 'amount', p_amount, 'reason', 'Scheme of delegation')))->>'outcome'
$$;
SELECT is(pg_temp.limit('finance', 'finance', 100000), 'own_limit', 'nobody decides their own limit');
SELECT is(pg_temp.limit('finance', 'everybody', 100000), 'own_limit', 'nor one that holds for them, too');
SELECT is(pg_temp.limit('finance', 'rosa', 100000), 'no_account', 'a limit is for somebody in finance');
SELECT is(pg_temp.limit('finance3', 'finance', 3630), 'set', 'one for the first');
SELECT is(pg_temp.limit('finance', 'finance2', 3629), 'set', 'one for the second');
SELECT is(pg_temp.limit('finance', 'everybody', 0), 'set', 'nobody else approves anything');
SELECT be('finance') \g /dev/null
SELECT is(payments.run_assemble(key('run'), '{}')->>'total', '3630', 'a run is put together');
SELECT jsonb_build_object('run', ref) AS run FROM payments.run \gset
SELECT is(payments.run_freeze(key('freeze'), :'run')->>'outcome', 'frozen', 'and frozen');
SELECT pg_temp.as('finance2', 'run_approve', :'run') AS no \gset
SELECT is(:'no'::jsonb->>'outcome', 'over_limit', 'a penny over the limit of the second person is over');
SELECT matches(:'no'::jsonb->>'sentence', 'comes to £36.30. You may approve up to £36.29. Nobody else may approve it', 'who reads so');
SELECT throws_ok(format($$ UPDATE payments.run SET state = 'approved', approved_by = %s, approved_at = now() $$, (SELECT account FROM t_hat WHERE name = 'finance2')), 'MC409', NULL, 'not by direct SQL either');
SELECT is(pg_temp.as('finance', 'run_approve', :'run')->>'outcome', 'same_person', 'a limit that suffices does not make one person two');
SELECT is(pg_temp.limit('finance', 'finance3', 3630), 'set', 'a third person may');
SELECT matches(pg_temp.as('finance2', 'run_approve', :'run')->>'sentence', 'Ask Finance3\.', 'the second reads whom to ask');
SELECT is(pg_temp.as('finance3', 'run_approve', :'run')->>'outcome', 'approved', 'whose limit suffices, to the penny');
SELECT is(pg_temp.limit('finance', 'finance2', NULL), 'set', 'a limit can be lifted');
SELECT is(payments.approval_limit_of((SELECT account FROM t_hat WHERE name = 'finance2')), NULL, 'then any sum will do');
SELECT is_empty('SELECT * FROM ledger.verify() UNION ALL SELECT * FROM payments.verify()', 'the books hold');
SELECT * FROM finish();
ROLLBACK;
