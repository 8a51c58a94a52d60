-- Week after week: visits happen, people say whether they did, providers bill, two officers pay, the bank says so.

-- Every visit planned until that day is recorded by its provider that evening and answered by the person. Most are as agreed; now and then one is
-- shorter, missed, in vain, or queried and recorded again.
CREATE FUNCTION pg_temp.lives(p_council int, p_until int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v      record;
  v_told jsonb;
BEGIN
  FOR v IN SELECT x.ref, x.organisation_id, x.planned_minutes AS minutes, x.planned_on - (now() AT TIME ZONE 'Europe/London')::date AS days, x.id % 41 AS luck, p.name AS person,
                  (SELECT h.role FROM identity.hat h WHERE h.council_id = p_council AND h.person_id = p.id ORDER BY h.id LIMIT 1) AS role
             FROM payments.visit x JOIN identity.person p ON p.council_id = x.council_id AND p.id = x.person_id
            WHERE x.council_id = p_council AND x.state = 'planned' AND x.planned_on <= (now() AT TIME ZONE 'Europe/London')::date + p_until ORDER BY x.planned_on, x.id LOOP
    PERFORM pg_temp.at(v.days, '20:10');
    PERFORM pg_temp.as_provider(v.organisation_id);
    v_told := jsonb_build_object('visit', v.ref, 'outcome', CASE v.luck WHEN 7 THEN 'missed' WHEN 19 THEN 'frustrated' ELSE 'delivered' END,
                                 'minutes', CASE WHEN v.luck = 30 THEN v.minutes - 15 ELSE v.minutes END, 'note', CASE v.luck WHEN 7 THEN 'Our worker was ill.' WHEN 19 THEN 'Nobody was in.' END);
    PERFORM pg_temp.got(payments.visit_deliver(gen_random_uuid(), jsonb_strip_nulls(v_told)), 'delivered', 'missed', 'frustrated');
    CONTINUE WHEN v.luck IN (7, 19) OR v.luck % 5 = 4;
    PERFORM pg_temp.act(p_council, v.role, v.person);
    IF v.luck = 12 THEN
      PERFORM pg_temp.at(v.days, '20:40');
      PERFORM pg_temp.got(payments.visit_query(gen_random_uuid(), jsonb_build_object('visit', v.ref, 'reason', 'It was much shorter than the hour that we agreed.')), 'queried');
      CONTINUE WHEN v.days > -8;
      PERFORM pg_temp.as_provider(v.organisation_id);
      PERFORM pg_temp.got(payments.visit_deliver(gen_random_uuid(), v_told || jsonb_build_object('minutes', v.minutes / 2, 'note', 'You are right, we are sorry.')), 'delivered');
      PERFORM pg_temp.act(p_council, v.role, v.person);
    END IF;
    PERFORM pg_temp.at(v.days, '21:00');
    PERFORM pg_temp.got(payments.visit_confirm(gen_random_uuid(), jsonb_build_object('visit', v.ref)), 'confirmed');
  END LOOP;
END $$;

-- One invoice for what an organisation has delivered and not billed: a line an order. p_over is added to each price, which the council never agreed to.
CREATE FUNCTION pg_temp.bills(p_council int, p_organisation text, p_over bigint DEFAULT 0) RETURNS void LANGUAGE sql AS $$
  SELECT pg_temp.as_provider(o.id) FROM identity.organisation o WHERE o.name = p_organisation;
  SELECT pg_temp.got(payments.invoice_receive(gen_random_uuid(), jsonb_build_object('organisation', n.ref, 'number', n.number, 'issue_on', ledger.today(), 'ruleset', 'demonstration',
           'net', payments.decimal(n.net), 'tax', '0', 'gross', payments.decimal(n.net), 'lines', n.lines)), 'approved', 'exception')
    FROM (SELECT o.ref, upper(left(regexp_replace(o.name, '[^A-Za-z]', '', 'g'), 3)) || '-' || to_char(ledger.today(), 'YYMMDD') AS number, sum(b.net)::bigint AS net,
                 jsonb_agg(jsonb_build_object('order', b.order_ref, 'service', b.listing_ref, 'from', b.first_on, 'to', b.last_on, 'quantity', b.quantity::text, 'unit', b.unit,
                   'price', payments.decimal(b.unit_price), 'net', payments.decimal(b.net), 'vat_category', CASE o.kind WHEN 'micro' THEN 'O' ELSE 'E' END) ORDER BY b.order_ref) AS lines
            FROM identity.organisation o
            JOIN (SELECT organisation_id, order_ref, listing_ref, unit_price + p_over AS unit_price, min(planned_on) AS first_on, max(planned_on) AS last_on, sum(quantity) AS quantity,
                         round(sum(quantity) * (unit_price + p_over))::bigint AS net,
                         CASE unit WHEN 'hour' THEN 'HUR' WHEN 'day' THEN 'DAY' WHEN 'session' THEN 'E48' WHEN 'trip' THEN 'E48' ELSE 'EA' END AS unit
                    FROM payments.billable_visit WHERE council_id = p_council GROUP BY organisation_id, order_ref, listing_ref, unit_price, unit) b ON b.organisation_id = o.id
           WHERE o.name = p_organisation GROUP BY o.id) n
$$;

-- Everybody with something to bill bills it; for a micro-enterprise the council writes the invoice itself.
CREATE FUNCTION pg_temp.all_bill(p_council int, p_days int, p_but text DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  o record;
BEGIN
  PERFORM pg_temp.at(p_days, '16:30');
  FOR o IN SELECT g.id, g.ref, g.name, g.kind FROM identity.organisation g
            WHERE g.name <> p_but AND g.id IN (SELECT organisation_id FROM payments.billable_visit WHERE council_id = p_council) ORDER BY g.id LOOP
    IF o.kind = 'micro' THEN
      PERFORM pg_temp.as_provider(o.id);
      PERFORM pg_temp.got(payments.invoice_self_bill(gen_random_uuid(), jsonb_build_object('organisation', o.ref)), 'approved', 'nothing_to_bill');
    ELSE
      PERFORM pg_temp.bills(p_council, o.name);
    END IF;
  END LOOP;
END $$;

-- One officer puts the run together, another approves it, the first sends it; the bank's statement two days later shows it in one line, which the jobs
-- process would match: here its answer is written down.
CREATE FUNCTION pg_temp.pays(p_council int, p_first text, p_second text, p_days int, p_more jsonb DEFAULT '[]') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_run     jsonb;
  v_sent    jsonb;
  v_bank    payments.bank_account;
  v_pay_on  date;
  v_opening bigint;
  v_entries jsonb;
BEGIN
  PERFORM pg_temp.act(p_council, 'finance', p_first);
  PERFORM pg_temp.at(p_days, '10:00');
  v_run := jsonb_build_object('run', pg_temp.got(payments.run_assemble(gen_random_uuid(), '{}'), 'assembled') ->> 'ref');
  PERFORM pg_temp.got(payments.run_freeze(gen_random_uuid(), v_run), 'frozen');
  PERFORM pg_temp.act(p_council, 'finance', p_second);
  PERFORM pg_temp.at(p_days, '11:30');
  PERFORM pg_temp.got(payments.run_approve(gen_random_uuid(), v_run), 'approved');
  PERFORM pg_temp.act(p_council, 'finance', p_first);
  PERFORM pg_temp.at(p_days, '11:45');
  v_sent := pg_temp.got(payments.run_emit(gen_random_uuid(), v_run), 'emitted');
  SELECT pay_on INTO v_pay_on FROM payments.run WHERE council_id = p_council AND ref = v_run ->> 'run';
  SELECT * INTO v_bank FROM payments.bank_account WHERE council_id = p_council;
  v_opening := coalesce((SELECT closing FROM payments.statement WHERE council_id = p_council ORDER BY id DESC LIMIT 1), 42500000);
  v_entries := jsonb_build_array(jsonb_build_object('amount', payments.decimal(-(v_sent ->> 'total')::bigint), 'remittance', jsonb_build_array('BULK PAYMENT ' || (v_sent ->> 'message_id')))) || p_more;
  PERFORM pg_temp.at(p_days + 4, '08:15');
  PERFORM pg_temp.got(payments.statement_import(gen_random_uuid(), jsonb_build_object('format', 'camt.053', 'statements', jsonb_build_array(jsonb_build_object('id', 'ST-' || to_char(v_pay_on, 'YYYYMMDD'),
    'account', v_bank.sort_code || v_bank.account_number, 'currency', 'GBP', 'balance', 'balances',
    'opening', jsonb_build_object('amount', payments.decimal(v_opening), 'date', v_pay_on),
    'closing', jsonb_build_object('amount', payments.decimal(v_opening + (SELECT sum(payments.pence(e ->> 'amount'))::bigint FROM jsonb_array_elements(v_entries) e)), 'date', v_pay_on),
    'entries', (SELECT jsonb_agg(jsonb_build_object('status', 'booked', 'booked', v_pay_on, 'value', v_pay_on, 'bank_ref', to_char(v_pay_on, 'YYMMDD') || lpad(n::text, 4, '0')) || e ORDER BY n)
                  FROM jsonb_array_elements(v_entries) WITH ORDINALITY AS t (e, n)))))), 'read');
  PERFORM payments.allocation_apply(jsonb_agg(jsonb_build_object('entry', e.ref, 'item', 'run:' || (v_run ->> 'run'), 'amount', e.amount, 'rule', 'R1',
            'evidence', jsonb_build_object('note', 'The whole run as one entry.', 'matched_on', jsonb_build_array(jsonb_build_object('field', 'remittance', 'ours', v_run ->> 'run',
              'theirs', v_sent ->> 'message_id', 'normalisation', 'capitals, no spaces, O=0, I=L=1'))))))
     FROM payments.bank_entry e WHERE e.council_id = p_council AND e.amount = -(v_sent ->> 'total')::bigint AND e.allocated = 0;
  PERFORM mc.outbox('reconcile', '{}');
END $$;

-- A question that an officer answers with yes and a reason: one of the few invoices that a hand touched.
CREATE FUNCTION pg_temp.agrees(p_council int, p_officer text, p_note text) RETURNS void LANGUAGE sql AS $$
  SELECT pg_temp.act(p_council, 'finance', p_officer);
  SELECT pg_temp.got(payments.exception_resolve(gen_random_uuid(), jsonb_build_object('exception', ref, 'action', 'accept', 'note', p_note)), 'approved', 'still_open')
    FROM payments.exception WHERE council_id = p_council AND state = 'open' ORDER BY id
$$;

ANALYZE payments.orders, payments.order_line, payments.visit, payments.visit_hold, payments.order_hold, ledger.hold, ledger.hold_move, ledger.account, ledger.journal, ledger.entry, mc.idempotency, audit.event;
SELECT pg_temp.act(1, 'finance', 'Ravi Patel');
SELECT pg_temp.lives(1, -37);
SELECT pg_temp.all_bill(1, -36, 'Kestrel Care');
SELECT pg_temp.bills(1, 'Kestrel Care', 5);
SELECT pg_temp.agrees(1, 'Susan Oakes', 'The agreed price went up by 5p this week; the price list follows.');
SELECT pg_temp.pays(1, 'Ravi Patel', 'Susan Oakes', -35);
ANALYZE payments.visit, payments.invoice, payments.invoice_line, payments.invoice_visit, payments.match_check, ledger.journal, ledger.entry, audit.event;
-- Edith goes into hospital for two weeks: her daughter says so, under the mandate that lets her decide, and again when she is home four days early.
CREATE FUNCTION pg_temp.clara_for_edith() RETURNS void LANGUAGE sql AS $$
  SELECT pg_temp.act(1, 'supporter', 'Clara Marlow');
  SELECT set_config('mc.person', p.id::text, true), set_config('mc.mandate', (identity.mandate_in_force(p.id, 'decide')).id::text, true)
    FROM identity.person p WHERE p.council_id = 1 AND p.name = 'Edith Marlow'
$$;
SELECT pg_temp.at(-34, '11:20');
SELECT pg_temp.clara_for_edith();
SELECT pg_temp.got(payments.absence_start(gen_random_uuid(), jsonb_build_object('from', ledger.today(), 'to', ledger.today() + 13, 'reason', 'hospital', 'words', 'Eastmere General, ward 7.')), 'away');
SELECT pg_temp.lives(1, -25);
SELECT pg_temp.at(-24, '08:10');
SELECT pg_temp.clara_for_edith();
SELECT pg_temp.got(payments.absence_back(gen_random_uuid(), jsonb_build_object('absence', ref)), 'back') FROM payments.absence WHERE council_id = 1 AND person_id = mc.person() AND state = 'open';
SELECT pg_temp.lives(1, -23);
SELECT pg_temp.all_bill(1, -22);
SELECT pg_temp.pays(1, 'Susan Oakes', 'Ravi Patel', -21);
SELECT pg_temp.lives(1, -9);
SELECT pg_temp.all_bill(1, -8);
SELECT pg_temp.pays(1, 'Ravi Patel', 'Susan Oakes', -7, '[{"amount": "-12.40", "remittance": ["ACCOUNT CHARGES"]}]');
SELECT pg_temp.lives(1, -1);
-- The last fortnight's bills: some wait for the next run, one for a decision, the rest has not been sent.
SELECT pg_temp.at(-1, '17:20');
SELECT pg_temp.bills(1, 'Eastmere Care at Home'), pg_temp.bills(1, 'Riverside Support'), pg_temp.bills(1, 'Open Kitchen'), pg_temp.bills(1, 'Common Thread'),
       pg_temp.bills(1, 'Kestrel Care', 250);

SELECT pg_temp.act(2, 'finance', 'Moira Keane');
SELECT pg_temp.lives(2, -23);
SELECT pg_temp.all_bill(2, -22);
SELECT pg_temp.pays(2, 'Moira Keane', 'David Osei', -21);
SELECT pg_temp.lives(2, -1);
SELECT pg_temp.at(-1, '17:40');
SELECT pg_temp.bills(2, 'Willow Tree Care'), pg_temp.bills(2, 'Calderwick Day Opportunities');
