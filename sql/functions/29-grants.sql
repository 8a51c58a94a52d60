-- Who may call what of the functions 20 to 28. Everything that is not named here is for other functions only.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger, payments FROM PUBLIC, mc_web;

GRANT EXECUTE ON FUNCTION ledger.today(), ledger.closed_until(), payments.pounds(bigint), payments.said_at(timestamptz), payments.cost(text, bigint, int), payments.occurrences(text, int[], date, int)
  TO mc_web, mc_jobs, mc_verify;

GRANT EXECUTE ON FUNCTION ledger.period_close(uuid, date),
  payments.budget_allocate(uuid, jsonb), payments.allocation_take_back(uuid, jsonb), payments.budget_freeze(uuid, jsonb), payments.portion_route_change(uuid, jsonb),
  payments.order_place(uuid, jsonb), payments.orders_place(jsonb), payments.order_accept(uuid, jsonb), payments.order_decline(uuid, jsonb), payments.order_cancel(uuid, jsonb),
  payments.visit_deliver(uuid, jsonb), payments.visit_confirm(uuid, jsonb), payments.visit_query(uuid, jsonb), payments.visit_cancel(uuid, jsonb),
  payments.may_rate(), payments.was_delivered(bigint), payments.review_write(uuid, jsonb), payments.review_withdraw(uuid, jsonb),
  payments.absence_start(uuid, jsonb), payments.absence_back(uuid, jsonb),
  payments.pool_start(uuid, jsonb), payments.pool_join(uuid, jsonb), payments.pool_decline(uuid, jsonb), payments.pool_leave(uuid, jsonb), payments.pool_try(text)
  TO mc_web;

-- What check pages ask, with the rights of whoever asks.
GRANT EXECUTE ON FUNCTION payments.cancel_due(payments.visit), payments.visit_is_ahead(date, time), payments.absence_last(payments.absence), payments.away_words(payments.absence),
  payments.away_of(bigint), payments.absence_finds(bigint, date, date), payments.absence_waiting(bigint, date, date), payments.absence_back_plan(payments.absence, date),
  payments.share(bigint, int, int), payments.pool_members(bigint), payments.pool_answer(bigint), payments.order_mates(text), payments.pool_is_open(payments.pool), payments.pool_state(payments.pool, payments.pool_member), payments.pool_price_is_seen(payments.pool)
  TO mc_web;

-- "Will it last?", of whoever these pages are.
GRANT EXECUTE ON FUNCTION payments.ahead_parts(), payments.ahead_held(), payments.ahead_order_list() TO mc_web;

GRANT EXECUTE ON FUNCTION payments.order_expire_due() TO mc_jobs;

GRANT EXECUTE ON FUNCTION ledger.verify(), ledger.verify_journals(), ledger.verify_accounts(), ledger.verify_holds(),
  payments.verify_budgets(), payments.verify_states(), payments.verify_order_money(), payments.verify_pools() TO mc_verify;
