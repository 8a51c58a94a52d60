-- One person with several hats is the same person in all of them: nobody orders from, confirms for, or decides about the organisation that they work for,
-- and no officer decides about themselves.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
CREATE FUNCTION k(p text) RETURNS uuid LANGUAGE sql AS $$ SELECT ledger.key(p) $$;
-- Another hat for somebody who has one: be('NAME-ROLE') puts it on.
CREATE FUNCTION also(p_name text, p_council int, p_role text, p_organisation text DEFAULT NULL, p_person text DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_account bigint := (SELECT account FROM t_hat WHERE name = p_name);
  v_hat     bigint;
BEGIN
  PERFORM set_config('mc.council', p_council::text, true);
  INSERT INTO identity.hat (council_id, account_id, role, organisation_id, person_id) VALUES (p_council, v_account, p_role, id(p_organisation), id(p_person)) RETURNING id INTO v_hat;
  INSERT INTO t_hat VALUES (p_name || '-' || p_role, p_council, v_account, v_hat, p_role, id(p_organisation), id(p_person));
END $$;

-- ---------------------------------------------------------------- ordering
SELECT be('sister'), for_('rosa', 'm_sister') \g /dev/null
SELECT is(payments.order_place(k('before'), walk(1)) ->> 'outcome', 'placed', 'a helper orders');
SELECT also('sister', 902, 'provider', 'bright'), be('sister'), for_('rosa', 'm_sister') \g /dev/null
SELECT is(payments.order_place(k('own'), walk(1)) ->> 'outcome', 'related_party', 'not from where they work themselves, be it for another council');
SELECT is(current_setting('mc.council'), '901', 'looking there changes nothing about who is asking');
SELECT be('amir') \g /dev/null
SELECT is(payments.order_place(k('amir'), walk(1, 'o_amir')) ->> 'outcome', 'placed', 'a person orders');
SELECT also('amir', 901, 'provider', 'bright'), be('amir') \g /dev/null
SELECT is(payments.order_place(k('amir own'), walk(1, 'o_amir')) ->> 'outcome', 'related_party', 'not from themselves');
UPDATE identity.hat SET ended_at = now() WHERE id = (SELECT hat FROM t_hat WHERE name = 'amir-provider');
SELECT is(payments.order_place(k('amir ended'), walk(1, 'o_amir')) ->> 'outcome', 'placed', 'once they work there no more they may');

-- ---------------------------------------------------------------- visits
UPDATE identity.mandate SET rights = '{see,order,decide}' WHERE id = id('m_sister');
SELECT walked('o1', 2) \g /dev/null
SELECT ref AS visit FROM payments.visit WHERE order_id = (SELECT id FROM payments.orders WHERE ref = ref('o1')) AND state = 'delivered' ORDER BY id LIMIT 1 \gset
SELECT be('sister'), for_('rosa', 'm_sister') \g /dev/null
SELECT is(payments.visit_confirm(k('confirm'), jsonb_build_object('visit', :'visit')) ->> 'outcome', 'related_party', 'who works for the provider does not say that its visit came');
SELECT be('rosa') \g /dev/null
SELECT is(payments.visit_confirm(k('rosa'), jsonb_build_object('visit', :'visit')) ->> 'outcome', 'confirmed', 'the person does');

-- ---------------------------------------------------------------- bank details, invoices
SELECT also('finance2', 901, 'provider', 'bright') \g /dev/null
SELECT be('provider') \g /dev/null
SELECT payments.provider_account_enter(k('details'), jsonb_build_object('organisation', ref, 'account_name', 'BRIGHT', 'sort_code', '600000', 'account_number', '11112222', 'vat_profile', 'exempt')) ->> 'ref' AS details
  FROM identity.organisation WHERE id = id('bright') \gset
SELECT receive(bill('INV-9', 'ZZZZ-ZZZZ', 2)) -> 'exceptions' -> 0 ->> 'ref' AS question \gset
CREATE FUNCTION verify_(p_key text, p_ref text) RETURNS jsonb LANGUAGE sql AS $$ SELECT payments.provider_account_verify(k(p_key), jsonb_build_object('ref', p_ref, 'evidence', 'rang them')) $$;
CREATE FUNCTION resolve_(p_key text, p_ref text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT payments.exception_resolve(k(p_key), jsonb_build_object('exception', p_ref, 'action', 'return', 'note', 'no such order')) $$;
SELECT be('finance2') \g /dev/null
SELECT throws_ok(format('SELECT verify_(%L, %L)', 'v2', :'details'), 'MC403', NULL, 'an officer does not check the bank details of where they work');
SELECT throws_ok(format('SELECT resolve_(%L, %L)', 'r2', :'question'), 'MC403', NULL, 'nor answer a question about its invoice');
SELECT throws_ok(format('SELECT payments.dispute_end(k(%L), %L)', 'd2', jsonb_build_object('invoice', (SELECT i.ref FROM payments.invoice i JOIN payments.exception e ON e.invoice_id = i.id WHERE e.ref = :'question'),
                                                                                              'line', 1, 'action', 'accept', 'note', 'x')), 'MC403', NULL, 'nor end a dispute with it');
SELECT be('finance') \g /dev/null
SELECT is(verify_('v1', :'details') ->> 'outcome', 'verified', 'another officer does the one');
SELECT is(resolve_('r1', :'question') ->> 'outcome', 'rejected', 'and the other');

-- ---------------------------------------------------------------- budgets
SELECT also('commissioner', 901, 'self_funder', NULL, 'joan') \g /dev/null
CREATE FUNCTION give(p_key text, p_person text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT payments.budget_allocate(k(p_key), jsonb_build_object('person', ref(p_person), 'starts_on', ledger.today(), 'ends_on', ledger.today() + 99,
    'lines', '[{"funder": "Council", "kind": "social_care", "portions": [{"route": "direct_payment", "amount": 5000}]}]'::jsonb)) $$;
CREATE FUNCTION freeze(p_key text, p_budget text, p_freeze text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT payments.budget_freeze(k(p_key), jsonb_build_object('budget', p_budget, 'freeze', p_freeze, 'reason', 'r')) $$;
SELECT ref AS joans FROM payments.budget WHERE person_id = id('joan') \gset
SELECT p.ref AS joans_part FROM payments.portion p JOIN payments.funding_line l ON l.id = p.funding_line_id JOIN payments.budget b ON b.id = l.budget_id WHERE b.person_id = id('joan') \gset
SELECT be('commissioner') \g /dev/null
SELECT throws_ok($$ SELECT give('joan', 'joan') $$, 'MC403', NULL, 'an officer gives themselves no money');
SELECT is(give('amir', 'amir') ->> 'outcome', 'allocated', 'others they do');
SELECT is(freeze('f1', :'joans', 'true') ->> 'outcome', 'frozen', 'pausing one''s own budget harms nobody');
SELECT throws_ok(format('SELECT freeze(%L, %L, %L)', 'f2', :'joans', 'false'), 'MC403', NULL, 'opening it again is for another officer');
SELECT throws_ok(format('SELECT payments.portion_route_change(k(%L), %L)', 'p1', jsonb_build_object('portion', :'joans_part', 'route', 'direct_payment')), 'MC403', NULL,
                 'and so is how its money is held');
SELECT be('finance') \g /dev/null
SELECT is(freeze('f3', :'joans', 'false') ->> 'outcome', 'active', 'who does it');
INSERT INTO identity.mandate (council_id, ref, person_id, account_id, rights, basis, evidence, starts_on)
SELECT 901, 'TMAN-0009', id('rosa'), account, '{see}', 'consent', 'form', current_date FROM t_hat WHERE name = 'finance';
SELECT throws_ok($$ SELECT give('rosa', 'rosa') $$, 'MC403', NULL, 'nor money to somebody whom they help');
UPDATE identity.mandate SET revoked_at = now() WHERE ref = 'TMAN-0009';
SELECT is(give('rosa2', 'rosa') ->> 'outcome', 'allocated', 'once they help no more they may');

SELECT * FROM finish();
ROLLBACK;
