-- The caseload board: each thing that needs a helper, at its edges; who has nothing to do has no row; nothing without a mandate that gives the right today.
BEGIN;
\ir fixture.psql
SELECT no_plan();
CREATE FUNCTION k(p text) RETURNS uuid LANGUAGE sql AS $$ SELECT ledger.key(p) $$;
-- What the board of a hat says of a person: kinds in their order.
CREATE FUNCTION board(p_hat text, p_person text DEFAULT 'amir') RETURNS text LANGUAGE sql AS $$
  SELECT be(p_hat);
  SELECT string_agg(c.kind || coalesce(' ' || c.about, ''), ', ' ORDER BY c.rank, c.on_date, c.object) FROM payments.caseload c WHERE c.person_id = id(p_person)
$$;
CREATE FUNCTION line_ends(p_days int) RETURNS void LANGUAGE sql AS $$
  UPDATE payments.funding_line SET ends_on = ledger.today() + p_days, starts_on = least(starts_on, ledger.today() + p_days - 1) WHERE council_id = 901 AND budget_id = id('b_amir')
$$;
CREATE FUNCTION asked(p_name text, p_request jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_order text;
BEGIN
  PERFORM be('broker'), for_('amir', 'm_broker');
  v_order := payments.order_place(gen_random_uuid(), p_request) ->> 'ref';
  INSERT INTO t_thing SELECT p_name, id, ref FROM payments.orders WHERE ref = v_order;
END $$;
CREATE FUNCTION accepted(p_name text) RETURNS text LANGUAGE sql AS $$
  SELECT be('provider'); SELECT payments.order_accept(gen_random_uuid(), jsonb_build_object('order', ref(p_name))) ->> 'outcome'
$$;
-- The n-th visit of the walks, some days ago, as if it had come to this state.
CREATE FUNCTION visit_was(p_n int, p_days int, p_state text) RETURNS void LANGUAGE sql AS $$
  UPDATE payments.visit SET planned_on = ledger.today() - p_days, state = p_state
   WHERE council_id = 901 AND id = (SELECT id FROM payments.visit WHERE council_id = 901 AND order_id = id('walks') ORDER BY id LIMIT 1 OFFSET p_n - 1)
$$;

SELECT is(board('broker'), NULL, 'whoever needs nothing has no row');
SELECT is(board('broker', 'rosa'), NULL, 'nor has somebody whom one may only see');

-- ---- money: £1,000.00, walks of £18.00 a week for 51 weeks: £82.00 is free, and it is all gone 388 days from today
SELECT asked('walks', walk(51, 'o_amir')) \g /dev/null
SELECT is(board('broker'), NULL, 'a request that waits in time needs nothing');
SELECT is(accepted('walks'), 'accepted');
SELECT line_ends(395) \g /dev/null
SELECT is(board('broker'), 'money out', 'gone a week before the budget ends');
SELECT results_eq($$ SELECT on_date - ledger.today(), until_on - ledger.today(), amount, weekly FROM payments.caseload WHERE kind = 'money' $$, $$ VALUES (388, 395, 8200::bigint, 1800::bigint) $$,
                  'with the day, what is free and what a week costs');
SELECT line_ends(394) \g /dev/null
SELECT is(board('broker'), NULL, 'six days before is as good as until its end');
SELECT asked('art', jsonb_build_object('listing', 'TLIS-0002', 'quantity', 1, 'weekdays', '[]'::jsonb, 'starts_on', ledger.today() + 3, 'every', 'once', 'outcome', ref('o_amir'))) \g /dev/null
SELECT line_ends(390) \g /dev/null
SELECT is(board('broker'), 'money low', 'less than four weeks are free, though all that runs is set aside');
SELECT is((SELECT amount FROM payments.caseload WHERE kind = 'money'), 6966::bigint, 'and how much');
SELECT line_ends(700) \g /dev/null

-- ---- a request that nobody answered
UPDATE payments.orders SET answer_by = mc.now() - interval '1 hour' WHERE council_id = 901 AND id = id('art');
SELECT is(board('broker'), 'request, money out', 'its deadline has passed');
SELECT be('broker'), payments.order_expire_due() \g /dev/null
SELECT is((SELECT state FROM payments.orders WHERE id = id('art')), 'expired');
SELECT is(board('broker'), 'request, money out', 'and is told when it has lapsed');
SELECT results_eq($$ SELECT title, provider, amount, object FROM payments.caseload WHERE kind = 'request' $$, $$ SELECT 'Art session', 'Bright Mornings', 1234::bigint, ref('art') $$, 'what, of whom, how much');
SELECT asked('art2', jsonb_build_object('listing', 'TLIS-0002', 'quantity', 1, 'weekdays', '[]'::jsonb, 'starts_on', ledger.today() + 3, 'every', 'once', 'outcome', ref('o_amir'))) \g /dev/null
SELECT is(board('broker'), 'money out', 'asking again is the end of it');
UPDATE payments.orders SET answer_by = mc.now() - interval '29 days' WHERE council_id = 901 AND id = id('art2');
SELECT is(board('broker'), 'money out', 'after four weeks it is past');

-- ---- visits of the last seven days
SELECT visit_was(1, 7, 'confirmed'), visit_was(2, 1, 'delivered') \g /dev/null
SELECT is(board('broker'), 'money out', 'what was delivered needs nothing');
SELECT visit_was(2, 1, 'queried'), visit_was(3, 2, 'missed'), visit_was(4, 3, 'planned'), visit_was(5, 8, 'missed') \g /dev/null
SELECT is(board('broker'), 'visits, money out', 'one row an order');
SELECT results_eq($$ SELECT missed, questioned, unsaid, ledger.today() - on_date, ledger.today() - until_on, amount, object FROM payments.caseload WHERE kind = 'visits' $$,
                  $$ SELECT 1, 1, 1, 3, 1, 5400::bigint, ref('walks') $$, 'with what went wrong in seven days, and not before');
SELECT visit_was(4, 0, 'planned') \g /dev/null
SELECT is((SELECT unsaid FROM payments.caseload WHERE kind = 'visits'), 0, 'today is not over');

-- ---- nobody came
SELECT visit_was(1, 8, 'confirmed'), visit_was(2, 9, 'confirmed'), visit_was(3, 2, 'missed') \g /dev/null
SELECT is(board('broker'), 'nobody, visits, money out', 'nobody came in seven days');
SELECT results_eq($$ SELECT ledger.today() - on_date, amount FROM payments.caseload WHERE kind = 'nobody' $$, $$ VALUES (8, 1800::bigint) $$, 'when the last one came, and what was due');
SELECT visit_was(3, 2, 'cancelled') \g /dev/null
SELECT is(board('broker'), 'nobody, money out', 'a week that was cancelled is one without anybody');
SELECT visit_was(3, 2, 'frustrated') \g /dev/null
SELECT is(board('broker'), 'money out', 'somebody came, though in vain');
SELECT visit_was(3, 8, 'confirmed') \g /dev/null
SELECT is(board('broker'), 'money out', 'a week in which nothing was due is no such week');

-- ---- away
SELECT be('broker'), for_('amir', 'm_broker') \g /dev/null
SELECT payments.absence_start(k('away'), jsonb_build_object('from', ledger.today(), 'to', ledger.today() + 20, 'reason', 'hospital')) ->> 'outcome' AS away \gset
SELECT is(:'away'::text, 'away');
SELECT matches(board('broker'), 'away$', 'an absence that is on');
SELECT is((SELECT until_on - ledger.today() FROM payments.caseload WHERE kind = 'away'), 20, 'and until when');
SELECT visit_was(3, 2, 'missed'), board('broker') \g /dev/null
UPDATE payments.absence SET starts_on = ledger.today() - 3 WHERE council_id = 901;
SELECT unalike(board('broker'), '%nobody%', 'nobody comes to somebody who is away');
UPDATE payments.absence SET starts_on = ledger.today() + 1 WHERE council_id = 901;
SELECT unalike(board('broker'), '%away%', 'one that is still to come is not on');
UPDATE payments.absence SET starts_on = ledger.today(), state = 'back', ended_at = now() WHERE council_id = 901;
SELECT unalike(board('broker'), '%away%', 'nor is one that ended');
SELECT visit_was(3, 8, 'confirmed') \g /dev/null

-- ---- a budget that ends
SELECT line_ends(57) \g /dev/null
SELECT unalike(board('broker'), '%budget%', 'more than eight weeks are time enough');
SELECT line_ends(56) \g /dev/null
SELECT alike(board('broker'), '%budget ends%', 'eight weeks are not');
SELECT results_eq($$ SELECT title, amount FROM payments.caseload WHERE kind = 'budget' $$, $$ SELECT 'Exampleshire Council', (SELECT free FROM payments.budget_position WHERE person_id = id('amir')) $$, 'whose, and what is left');
SELECT line_ends(-1) \g /dev/null
SELECT is(board('broker'), 'budget ended', 'one that ended yesterday is worse');
SELECT line_ends(-29) \g /dev/null
SELECT is(board('broker'), NULL, 'and after four weeks past');
SELECT line_ends(20), be('commissioner') \g /dev/null
SELECT payments.budget_allocate(k('next'), jsonb_build_object('person', ref('amir'), 'starts_on', ledger.today() + 21, 'ends_on', ledger.today() + 400,
  'lines', '[{"funder": "Exampleshire Council", "kind": "social_care", "portions": [{"route": "council_managed", "amount": 100000}]}]'::jsonb)) ->> 'outcome' AS next \gset
SELECT is(:'next'::text, 'allocated');
SELECT unalike(coalesce(board('broker'), ''), '%budget%', 'another of its kind follows');

-- ---- the mandate itself
CREATE FUNCTION mandate_is(p_ends int, p_review int) RETURNS void LANGUAGE sql AS $$
  UPDATE identity.mandate SET ends_on = ledger.today() + p_ends, review_on = ledger.today() + p_review WHERE council_id = 901 AND id = id('m_broker')
$$;
CREATE FUNCTION mandate_said() RETURNS text LANGUAGE sql AS $$
  SELECT be('broker'); SELECT string_agg(about || ' ' || on_date - ledger.today(), ', ' ORDER BY about) FROM payments.caseload WHERE kind = 'mandate' AND person_id = id('amir')
$$;
SELECT mandate_is(57, 57) \g /dev/null
SELECT is(mandate_said(), NULL, 'more than eight weeks');
SELECT mandate_is(56, 10) \g /dev/null
SELECT is(mandate_said(), 'end 56', 'its end counts before its review');
SELECT mandate_is(0, 300) \g /dev/null
SELECT is(mandate_said(), 'end 0', 'on its last day too');
SELECT mandate_is(NULL, -5) \g /dev/null
SELECT is(mandate_said(), 'review -5', 'a review that is overdue');
SELECT mandate_is(10, NULL) \g /dev/null
INSERT INTO identity.mandate (council_id, ref, person_id, organisation_id, rights, basis, evidence, starts_on) VALUES (901, 'TMAN-0009', id('amir'), id('harbour'), '{see,order}', 'consent', 'form', current_date);
SELECT is(mandate_said(), 'end 10', 'another mandate with fewer rights does not replace it');
UPDATE identity.mandate SET rights = '{see,order,decide,pay}' WHERE council_id = 901 AND ref = 'TMAN-0009';
SELECT is(mandate_said(), NULL, 'one that gives the same for longer does');
UPDATE identity.mandate SET revoked_at = now() WHERE council_id = 901 AND ref = 'TMAN-0009';

-- ---- only what the mandate gives the right to see
SELECT visit_was(3, 2, 'missed'), mandate_is(NULL, NULL) \g /dev/null
SELECT isnt(board('broker'), NULL, 'there is something');
SELECT is(board('sister'), NULL, 'somebody with a mandate for another person sees none of it');
SELECT is(board('provider'), NULL, 'nor does another role');
SELECT is(board('commissioner'), NULL, 'nor an officer');
SELECT is(board('commissioner902'), NULL, 'nor another council');
SELECT is(board('rosa'), NULL, 'nor a budget holder');
UPDATE identity.mandate SET rights = '{order,decide}' WHERE council_id = 901 AND id = id('m_broker');
SELECT is(board('broker'), NULL, 'who may not see sees nothing');
UPDATE identity.mandate SET rights = '{see,order,decide}', ends_on = ledger.today() - 1 WHERE council_id = 901 AND id = id('m_broker');
SELECT is(board('broker'), NULL, 'nor whose mandate ended yesterday');
UPDATE identity.mandate SET ends_on = NULL, starts_on = ledger.today() + 1 WHERE council_id = 901 AND id = id('m_broker');
SELECT is(board('broker'), NULL, 'nor whose begins tomorrow');
UPDATE identity.mandate SET starts_on = ledger.today(), revoked_at = now() WHERE council_id = 901 AND id = id('m_broker');
SELECT is(board('broker'), NULL, 'nor whose was revoked');
UPDATE identity.mandate SET revoked_at = NULL WHERE council_id = 901 AND id = id('m_broker');
SELECT t_hat_make('broker2', 901, 'broker', 'bright') \g /dev/null
SELECT is(board('broker2'), NULL, 'nor a broker of another organisation');

-- ---- the person sees that somebody looked
SELECT be('broker') \g /dev/null
SELECT is(audit.look_under(id('m_broker')), true, 'the first look of the day is noted');
SELECT is(audit.look_under(id('m_broker')), false, 'and once a day');
SELECT results_eq($$ SELECT person_id, account_id, mandate_id FROM audit.look WHERE council_id = 901 $$, $$ SELECT id('amir'), (SELECT account FROM t_hat WHERE name = 'broker'), id('m_broker') $$, 'under which mandate');
SELECT be('broker2') \g /dev/null
SELECT is(audit.look_under(id('m_broker')), false, 'nobody looks under a mandate of somebody else');
SELECT is((SELECT count(*) FROM audit.look WHERE council_id = 901), 1::bigint);

SELECT * FROM finish();
ROLLBACK;
