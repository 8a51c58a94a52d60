-- From the accepted order to the paid visit: delivering, confirming, querying, cancelling, capturing and giving back.
BEGIN;
\ir fixture.psql
SELECT no_plan();
CREATE FUNCTION k(p text) RETURNS uuid LANGUAGE sql AS $$ SELECT ledger.key(p) $$;
CREATE FUNCTION the_order() RETURNS payments.orders LANGUAGE sql AS $$ SELECT * FROM payments.orders ORDER BY id LIMIT 1 $$;
CREATE FUNCTION v(p_no int) RETURNS payments.visit LANGUAGE sql AS $$ SELECT * FROM payments.visit WHERE order_id = (the_order()).id ORDER BY id OFFSET p_no - 1 LIMIT 1 $$;
CREATE FUNCTION vs(VARIADIC p_no int[]) RETURNS bigint[] LANGUAGE sql AS $$ SELECT array_agg((v(n)).id) FROM unnest(p_no) AS n $$;
CREATE FUNCTION req(p_no int, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('visit', (v(p_no)).ref) || p_more $$;
CREATE FUNCTION pos() RETURNS TABLE (held bigint, spent bigint, free bigint) LANGUAGE sql AS $$
  SELECT held, spent, free FROM payments.budget_position WHERE person_id = id('rosa') ORDER BY use_order, portion_id
$$;

-- Eight visits at £18.00: £60.00 of Rosa's, £84.00 of the council's. Six of them are moved into the past.
SELECT be('rosa') \g /dev/null
SELECT payments.order_place(k('o'), walk(8)) \g /dev/null
SELECT be('provider') \g /dev/null
SELECT payments.order_accept(k('acc'), jsonb_build_object('order', (the_order()).ref)) \g /dev/null
UPDATE payments.visit SET planned_on = planned_on - 40 WHERE id = ANY (vs(1, 2, 3, 4, 5, 6));

-- The provider says what happened
SELECT is(payments.visit_deliver(k('d1'), req(1, '{"outcome": "delivered"}')) ->> 'amount', '1800', 'delivered as planned');
SELECT is(payments.visit_deliver(k('d1'), req(1, '{"outcome": "delivered"}')) ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT payments.visit_deliver(k('d1'), req(1, '{"outcome": "delivered", "minutes": 30}')) $$, 'MC422', NULL, 'the same key with another body: refused');
SELECT is(payments.visit_deliver(k('d1b'), req(1, '{"outcome": "missed"}')) ->> 'state', 'delivered', 'a second word on it is a fact');
SELECT is(payments.visit_deliver(k('d2'), req(2, '{"outcome": "delivered", "minutes": 50}')) ->> 'amount', '1500', 'fifty minutes');
SELECT is(payments.visit_deliver(k('d3'), req(3, '{"outcome": "delivered", "minutes": 90}')) - 'ref' - 'replayed', '{"outcome": "delivered", "amount": 1800, "minutes": 90}'::jsonb, 'more than agreed is recorded and not charged');
SELECT is(payments.visit_deliver(k('d4'), req(4, '{"outcome": "missed"}')) ->> 'amount', '0', 'a missed visit costs nothing');
SELECT is(payments.visit_deliver(k('d5'), req(5, '{"outcome": "frustrated"}')) ->> 'amount', '1800', 'a journey in vain is due');
SELECT is(payments.visit_deliver(k('d7'), req(7, '{"outcome": "delivered"}')) ->> 'outcome', 'too_early', 'nothing is delivered before its day');
SELECT planned_on AS seventh FROM payments.visit WHERE id = ANY (vs(7)) \gset
UPDATE payments.visit SET planned_on = ledger.today(), starts_at = '23:59:59' WHERE id = ANY (vs(7));
SELECT is(payments.visit_deliver(k('d7b'), req(7, '{"outcome": "delivered"}')) ->> 'outcome', 'too_early', 'nor before its hour');
UPDATE payments.visit SET planned_on = :'seventh', starts_at = '10:00' WHERE id = ANY (vs(7));
SELECT throws_ok($$ SELECT payments.visit_deliver(k('d6'), req(6, '{"outcome": "perhaps"}')) $$, 'MC422', NULL, 'an outcome that does not exist');
SELECT throws_ok($$ SELECT payments.visit_deliver(k('d6'), req(6, '{"outcome": "delivered", "minutes": 0}')) $$, 'MC422', NULL, 'no time at all');
SELECT results_eq('SELECT * FROM pos()', $$ VALUES (5400::bigint, 0::bigint, 600::bigint), (7200, 0, 42800) $$, 'the missed visit gave back to the purses that would have paid it; the rest stays held');
SELECT be('provider2') \g /dev/null
SELECT throws_ok($$ SELECT payments.visit_deliver(k('d6'), req(6, '{"outcome": "delivered"}')) $$, 'MC404', NULL, 'another provider''s visit does not exist');
SELECT throws_ok($$ SELECT payments.visit_cancel(k('d6'), req(6)) $$, 'MC404', NULL, 'nor can it be cancelled');

-- The person answers
SELECT throws_ok($$ SELECT payments.visit_confirm(k('c0'), req(1)) $$, 'MC403', NULL, 'a provider does not confirm itself');
SELECT be('amir') \g /dev/null
SELECT throws_ok($$ SELECT payments.visit_confirm(k('c0'), req(1)) $$, 'MC404', NULL, 'nor does another person');
SELECT be('rosa') \g /dev/null
SELECT is(payments.visit_confirm(k('c1'), req(1)) ->> 'outcome', 'confirmed', 'Rosa confirms');
SELECT is(payments.visit_confirm(k('c1'), req(1)) ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT payments.visit_confirm(k('c1'), req(2)) $$, 'MC422', NULL, 'the same key with another body: refused');
SELECT is(payments.visit_confirm(k('c7'), req(7)) ->> 'state', 'planned', 'what did not happen yet cannot be confirmed');
SELECT is(payments.visit_query(k('q2'), req(2, '{"reason": "It was forty minutes."}')) ->> 'outcome', 'queried', 'or says that it was not so');
SELECT is(payments.visit_query(k('q2'), req(2, '{"reason": "It was forty minutes."}')) ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT payments.visit_query(k('q2'), req(2, '{"reason": "It was forty."}')) $$, 'MC422', NULL, 'the same key with another body: refused');
SELECT throws_ok($$ SELECT payments.visit_query(k('q3'), req(3, '{"reason": "  "}')) $$, 'MC422', NULL, 'with a reason');
SELECT is((SELECT count(*) FROM jobs.outbox WHERE (payload ->> 'to_organisation')::bigint = id('bright') AND payload ->> 'subject' = 'A question about a visit'), 1::bigint, 'the provider is asked once');

-- Capturing
SELECT is(payments.order_capture((the_order()).id, vs(1, 2), 3300, 'INV-1') ->> 'outcome', 'not_due', 'a queried visit is not captured');
SELECT be('provider') \g /dev/null
SELECT is(payments.visit_deliver(k('d2b'), req(2, '{"outcome": "delivered", "minutes": 40}')) ->> 'amount', '1200', 'the provider corrects it');
SELECT be('finance') \g /dev/null
SELECT is(payments.order_capture((the_order()).id, vs(1, 2), 3601, 'INV-1') - 'visits', '{"outcome": "over_held", "held": 3600, "amount": 3601}'::jsonb, 'never more than was held for the visits');
SELECT throws_ok($$ SELECT payments.order_capture((the_order()).id, vs(1) || 999999999::bigint, 10, 'INV-1') $$, 'MC404', NULL, 'a visit of another order');
SELECT throws_ok($$ SELECT payments.order_capture((the_order()).id, vs(1), 0, 'INV-1') $$, 'MC422', NULL, 'nothing');
SELECT is(payments.order_capture((the_order()).id, vs(1, 2), 3000, 'INV-1') - 'journals', '{"outcome": "captured", "amount": 3000, "released": 600, "replayed": false}'::jsonb, 'the approved amount is taken, the difference goes back');
SELECT is(payments.order_capture((the_order()).id, vs(2, 1), 3000, 'INV-1') ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT payments.order_capture((the_order()).id, vs(1, 2), 2999, 'INV-1') $$, 'MC422', NULL, 'the same invoice with another amount: refused');
SELECT is(payments.order_capture((the_order()).id, vs(2), 1200, 'INV-2') ->> 'outcome', 'already_captured', 'a visit is paid once');
SELECT results_eq('SELECT * FROM pos()', $$ VALUES (1800::bigint, 3000::bigint, 1200::bigint), (7200, 0, 42800) $$, 'held became spent');
SELECT jsonb_array_length(payments.order_capture((the_order()).id, vs(3, 5), 3600, 'INV-3') -> 'journals') AS n \gset
SELECT is(:n, 2, 'two purses, two journals');
SELECT results_eq($$ SELECT c.amount FROM payments.capture c WHERE invoice_ref = 'INV-3' ORDER BY id $$, $$ VALUES (1800::bigint), (1800) $$, 'in funding order');

-- Credit notes go back to the purses that paid, the last one first
SELECT is(payments.order_uncapture((the_order()).id, 'INV-3', 3601, 'CN-1'), '{"outcome": "over_captured", "captured": 3600, "amount": 3601}'::jsonb, 'never more than was taken');
SELECT is(payments.order_uncapture((the_order()).id, 'INV-3', 2000, 'CN-1') ->> 'outcome', 'refunded', 'part of an invoice is given back');
SELECT is(payments.order_uncapture((the_order()).id, 'INV-3', 2000, 'CN-1') ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT payments.order_uncapture((the_order()).id, 'INV-3', 1999, 'CN-1') $$, 'MC422', NULL, 'the same credit note with another amount: refused');
SELECT results_eq($$ SELECT c.amount FROM payments.capture c WHERE invoice_ref = 'CN-1' ORDER BY id $$, $$ VALUES (-1800::bigint), (-200) $$, 'the last purse first');
SELECT is(payments.order_uncapture((the_order()).id, 'INV-3', 1601, 'CN-2') ->> 'captured', '1600', 'a second credit note sees the first');
SELECT is(ledger.balance(ledger.payable(id('bright'))), 4600::bigint, 'the provider is owed the difference');

-- A refund of a closed year goes to recoveries
SELECT is(payments.order_capture((the_order()).id, vs(6), 1800, 'INV-4') ->> 'outcome', 'not_due', 'a planned visit is not captured');
SELECT be('provider') \g /dev/null
SELECT payments.visit_deliver(k('d6'), req(6, '{"outcome": "delivered"}')) \g /dev/null
SELECT be('finance') \g /dev/null
SELECT payments.order_capture((the_order()).id, vs(6), 1800, 'INV-4', '2021-05-01') \g /dev/null
SELECT ledger.period_close(k('close'), '2021-04-01') \g /dev/null
SELECT payments.order_uncapture((the_order()).id, 'INV-4', 100, 'CN-4') \g /dev/null
SELECT is(ledger.balance(ledger.account_open('recoveries', 'prior years')), 100::bigint, 'the purse of a closed year is not reopened');

-- Cancelling: visit 7 lies beyond the notice, visit 8 is moved inside it
UPDATE payments.visit SET planned_on = ledger.today() + 2 WHERE id = ANY (vs(7));
UPDATE payments.visit SET planned_on = (now() AT TIME ZONE 'Europe/London')::date, starts_at = '23:59' WHERE id = ANY (vs(8));
SELECT be('rosa') \g /dev/null
SELECT is(payments.visit_cancel(k('x7'), req(7)) - 'ref' - 'replayed', '{"outcome": "cancelled", "released": 1800, "still_due": 0}'::jsonb, 'in good time: nothing is due');
SELECT is(payments.visit_cancel(k('x7'), req(7)) ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT payments.visit_cancel(k('x7'), req(8)) $$, 'MC422', NULL, 'the same key with another body: refused');
SELECT is(payments.order_cancel(k('x'), jsonb_build_object('order', (the_order()).ref)) - 'ref' - 'replayed', '{"outcome": "cancelled", "released": 0, "still_due": 1800}'::jsonb, 'too late for the last one: it is due');
SELECT is(payments.order_cancel(k('x'), jsonb_build_object('order', (the_order()).ref)) ->> 'replayed', 'true', 'once');
SELECT throws_ok($$ SELECT payments.order_cancel(k('x'), jsonb_build_object('order', (the_order()).ref, 'reason', 'x')) $$, 'MC422', NULL, 'the same key with another body: refused');
SELECT is((v(8)).held, 1800::bigint, 'its money stays held');
SELECT be('finance') \g /dev/null
SELECT is(payments.order_capture((the_order()).id, vs(8), 1800, 'INV-8') ->> 'outcome', 'captured', 'until it is invoiced');
SELECT is((SELECT sum(held) FROM pos()), 0::numeric, 'then nothing is held');

-- A whole order that ends well is finished; a provider that cancels costs nothing; a holder of a mandate answers too
SELECT be('commissioner'), payments.budget_freeze(k('f'), jsonb_build_object('budget', ref('b_amir'), 'freeze', false, 'reason', 'check')) \g /dev/null
SELECT be('broker'), for_('amir', 'm_broker') \g /dev/null
SELECT payments.order_place(k('a'), walk(2, 'o_amir')) ->> 'ref' AS aref \gset
SELECT be('provider') \g /dev/null
SELECT payments.order_accept(k('aacc'), jsonb_build_object('order', :'aref')) \g /dev/null
UPDATE payments.visit v SET planned_on = planned_on - 30 FROM payments.orders o WHERE o.id = v.order_id AND o.ref = :'aref' AND v.planned_on = ledger.today() + 1;
SELECT (array_agg(v.ref ORDER BY v.planned_on))[1] AS v1, (array_agg(v.ref ORDER BY v.planned_on))[2] AS v2, o.id AS oid FROM payments.visit v JOIN payments.orders o ON o.id = v.order_id WHERE o.ref = :'aref' GROUP BY o.id \gset
SELECT is(payments.visit_cancel(k('pc'), jsonb_build_object('visit', :'v2')) ->> 'still_due', '0', 'a provider that cancels is owed nothing');
SELECT payments.visit_deliver(k('pd'), jsonb_build_object('visit', :'v1', 'outcome', 'delivered')) \g /dev/null
SELECT be('broker'), for_('amir', 'm_broker') \g /dev/null
SELECT be('commissioner'), payments.budget_freeze(k('f2'), jsonb_build_object('budget', ref('b_amir'), 'freeze', true, 'reason', 'a concern')) \g /dev/null
SELECT be('broker'), for_('amir', 'm_broker') \g /dev/null
SELECT is(payments.visit_confirm(k('bc'), jsonb_build_object('visit', :'v1')) ->> 'outcome', 'confirmed', 'a mandate holder confirms');
SELECT is((SELECT state FROM payments.orders WHERE ref = :'aref'), 'finished', 'and the order is finished');
SELECT is(payments.order_cancel(k('bx'), jsonb_build_object('order', :'aref')) ->> 'state', 'finished', 'a finished order cannot be cancelled');
SELECT is(payments.order_capture(:oid, (SELECT array_agg(id) FROM payments.visit WHERE ref = :'v1'), 1800, 'INV-9') ->> 'outcome', 'captured', 'a frozen budget still pays what it owes');
SELECT is_empty('SELECT * FROM ledger.verify()', 'the auditor finds nothing');

-- The auditor finds each thing that is changed behind its back
SET LOCAL session_replication_role = replica;
CREATE FUNCTION found(p_change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v text;
BEGIN
  BEGIN
    EXECUTE p_change;
    SELECT string_agg(DISTINCT check_name, ' ' ORDER BY check_name) INTO v FROM ledger.verify();
    RAISE EXCEPTION USING ERRCODE = 'XX999';
  EXCEPTION WHEN SQLSTATE 'XX999' THEN
    RETURN v;
  END;
END $$;
SELECT is(found($$ UPDATE ledger.entry SET amount = amount + 1, balance_after = balance_after + 1 WHERE account_id = ledger.payable(id('bright')) AND amount = 3000 $$), 'capture_journal journal_zero_sum', 'a changed entry');
SELECT is(found($$ UPDATE ledger.account SET dr_posted = dr_posted - 1 WHERE dr_posted > 0 $$), 'account_counters', 'a changed counter');
SELECT is(found($$ UPDATE ledger.account SET dr_pending = 5 WHERE kind = 'budget' AND person_id = id('joan') $$), 'account_pending', 'a changed pending sum');
SELECT is(found($$ UPDATE ledger.entry SET balance_after = balance_after - 1 WHERE balance_after = 50000 $$), 'balance_chain', 'a changed balance');
SELECT is(found($$ DELETE FROM ledger.hold_move WHERE kind = 'release' $$), 'hold_moves', 'a lost step of a hold');
SELECT is(found($$ UPDATE payments.visit SET state = 'confirmed' WHERE state = 'missed' $$), 'visit_state', 'a state that nobody moved');
SELECT is(found($$ UPDATE payments.orders SET state = 'declined' WHERE state = 'cancelled' $$), 'order_state', 'an order that nobody declined');
SELECT is(found($$ UPDATE payments.orders SET organisation_id = -1 WHERE state = 'cancelled' $$), 'order_provider', 'an order with a provider that does not exist');
SELECT is(found($$ UPDATE payments.order_event SET to_state = 'queried' WHERE verb = 'visit_miss' $$), 'transition visit_state', 'a transition that is not allowed');
SELECT is(found($$ UPDATE payments.orders SET total = total + 1 WHERE id = (the_order()).id $$), 'order_hold order_rest', 'a changed total');
SELECT is(found($$ DELETE FROM payments.capture WHERE invoice_ref = 'INV-1' $$), 'capture_hold', 'a lost capture');
SELECT is(found($$ UPDATE payments.allocation SET amount = amount + 1 WHERE amount = 50000 $$), 'allocation_journal', 'a changed allocation');
SELECT is(found($$ UPDATE ledger.account SET frozen = true WHERE person_id = id('joan') $$), 'budget_frozen', 'a purse frozen apart from its budget');
SELECT is(found($$ UPDATE mc.idempotency SET answer = NULL WHERE key = k('o') $$), 'idempotency_answer', 'an answer that was lost');
SELECT is(found($$ UPDATE ledger.period_total SET debits = debits + 1 $$), 'period_total', 'a changed closing total');
SET LOCAL session_replication_role = origin;
SELECT * FROM finish();
ROLLBACK;
