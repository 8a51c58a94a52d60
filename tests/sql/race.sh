#!/usr/bin/env bash
# Many sessions at once over the same money, as the role that the web uses, on a scratch cluster of its own. Exits 1 when a rule was broken.
#   tests/sql/race.sh        about 40 seconds; ACTS=1000 has the officers of the last part do more
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=${MC_SCRATCH:-build/scratch-race}
bench=/usr/lib/postgresql/15/bin/pgbench
work=$(mktemp -d)
rm -rf "$dir"
MC_PG_OPTIONS="-c fsync=off -c track_commit_timestamp=on" config/cluster.sh start "$dir" >"$work/socket"
socket=$(cat "$work/socket")
trap 'config/cluster.sh stop "$dir"; rm -rf "$(readlink -f "$dir/data")" "$dir" "$work"' EXIT
config/cluster.sh database "$dir" mc
for f in sql/migrations/*.sql sql/functions/*.sql sql/views/*.sql; do
  [ -e "$f" ] || continue
  psql -X -q -v ON_ERROR_STOP=1 -1 -h "$socket" -U mc_migrate -d mc -c 'SET ROLE mc_owner' -f "$f" >/dev/null || { echo "failed: $f" >&2; exit 1; }
done

admin() { psql -X -q -At -v ON_ERROR_STOP=1 -h "$socket" -U postgres -d mc "$@"; }
failed=0
# is LABEL WANTED SQL
is() {
  got=$(admin -c "$3")
  if [ "$got" = "$2" ]; then echo "ok   $1"; else echo "FAIL $1: wanted $2, got $got"; failed=1; fi
}
# crowd SESSIONS TIMES ROLE HAT ACT: that many sessions put on the hat and do the act, each in its own transactions. None may end in an error: a
# deadlock is one.
crowd() {
  local me="$work/$BASHPID"
  printf "BEGIN;\nSELECT be('%s');\n%s\nCOMMIT;\n" "$4" "$5" >"$me.pgb"
  "$bench" -n -h "$socket" -U "$3" -c "$1" -j 2 -t "$2" -f "$me.pgb" mc >"$me.log" 2>&1 &&
    grep -q 'failed transactions: 0 ' "$me.log" || { cat "$me.log" >&2; exit 1; }
}
outcomes() { echo "SELECT count(*) FROM mc.idempotency WHERE verb = '$1' AND answer ->> 'outcome' = '$2'"; }

admin -c BEGIN -f tests/sql/fixture.psql -c COMMIT >/dev/null
admin >/dev/null <<'SQL'
BEGIN;
SELECT be('joan'), payments.budget_allocate(gen_random_uuid(), jsonb_build_object('person', ref('joan'), 'budget', ref('b_joan'), 'lines',
  '[{"funder": "Own money", "kind": "own_money", "portions": [{"route": "direct_payment", "amount": 236000}]}]'::jsonb));
SELECT be('commissioner'), payments.budget_allocate(gen_random_uuid(), jsonb_build_object('person', ref('rosa'), 'budget', ref('b_rosa'), 'lines',
  '[{"funder": "Exampleshire Council", "kind": "social_care", "use_order": 0, "portions": [{"route": "council_managed", "amount": 100000000}]}]'::jsonb));
COMMIT;
SQL

# £2,560.00 in two purses, £20.00 an order, 256 tries: 128 orders, not one more, and nothing left.
crowd 64 4 mc_web joan "SELECT payments.order_place(gen_random_uuid(), walk(1) - 'outcome');"
is '64 sessions drain a budget: the orders that fit' 128 "$(outcomes order_place placed)"
is 'the others are told that it is short' 128 "$(outcomes order_place short)"
is 'nothing is left, nothing is overdrawn' 0 "SELECT sum(free) FROM payments.budget_position WHERE person_id = id('joan')"

# One form sent by 64 sessions at once is one order.
crowd 64 1 mc_web amir "SELECT payments.order_place('00000000-0000-4000-8000-000000000064', walk(1, 'o_amir'));"
is 'one key sent 64 times at once: one order' 1 "SELECT count(*) FROM payments.orders WHERE person_id = id('amir')"

# Accept against accept, and against decline.
amir="(SELECT jsonb_build_object('order', ref) FROM payments.orders WHERE person_id = id('amir'))"
crowd 16 1 mc_web provider "SELECT payments.order_accept(gen_random_uuid(), $amir);" &
accepting=$!
crowd 16 1 mc_web provider "SELECT payments.order_decline(gen_random_uuid(), $amir);"
wait $accepting
is 'accept and decline in 32 sessions: one answer' 1 "SELECT count(*) FROM payments.order_event WHERE person_id = id('amir') AND verb IN ('order_accept', 'order_decline')"

# Capture against capture, each for its own invoice.
admin >/dev/null <<'SQL'
BEGIN;
SELECT be('rosa'), payments.order_place('00000000-0000-4000-8000-00000000000c', walk(2));
SELECT be('provider'), payments.order_accept(gen_random_uuid(), (SELECT jsonb_build_object('order', ref) FROM payments.orders WHERE person_id = id('rosa')));
UPDATE payments.visit SET planned_on = planned_on - 30 WHERE person_id = id('rosa');
SELECT payments.visit_deliver(gen_random_uuid(), jsonb_build_object('visit', ref, 'outcome', 'delivered')) FROM payments.visit WHERE person_id = id('rosa');
COMMIT;
SQL
crowd 16 1 postgres finance "SELECT payments.order_capture(o.id, ARRAY(SELECT id FROM payments.visit WHERE order_id = o.id), 3600, 'INV-' || gen_random_uuid()) FROM payments.orders o WHERE person_id = id('rosa');"
is 'the same visits approved in 16 sessions: captured once' 3600 "SELECT sum(amount) FROM payments.capture"

# The month's limit of a mandate holds against many small orders at once.
admin -c "UPDATE identity.mandate SET ceiling_month = 9000 WHERE id = id('m_sister')"
crowd 16 2 mc_web sister "SELECT for_('rosa', 'm_sister'); SELECT payments.order_place(gen_random_uuid(), walk(1));"
is 'a month limit of £90.00, £18.00 an order, 16 sessions: five' 5 "SELECT count(*) FROM payments.orders WHERE mandate_id = id('m_sister')"

# A revocation while 16 sessions order: nothing is committed after it.
admin -c "UPDATE identity.mandate SET ceiling_month = NULL WHERE id = id('m_sister')"
crowd 16 20 mc_web sister "SELECT for_('rosa', 'm_sister'); SELECT payments.order_place(gen_random_uuid(), walk(1));" &
ordering=$!
until [ "$(admin -c "SELECT count(*) > 40 FROM payments.orders WHERE mandate_id = id('m_sister')")" = t ]; do sleep 0.05; done
admin -c "UPDATE identity.mandate SET revoked_at = clock_timestamp() WHERE id = id('m_sister')"
wait $ordering
is 'no order commits after the revocation' 0 "SELECT count(*) FROM payments.orders o, identity.mandate m WHERE m.id = id('m_sister') AND o.mandate_id = m.id
                                                AND pg_xact_commit_timestamp(o.xmin) > pg_xact_commit_timestamp(m.xmin)"
is 'those that came later were refused' t "SELECT count(*) > 0 FROM mc.idempotency WHERE answer ->> 'outcome' = 'mandate_revoked'"

# Invoices, runs and the bank: everything at once, each effect once.
admin -c BEGIN -f tests/sql/bills.psql -c COMMIT >/dev/null
admin -c BEGIN -c "SELECT walked('paid', 3, 'amir')" -c COMMIT >/dev/null
crowd 16 1 postgres provider "SELECT payments.invoice_receive(gen_random_uuid(), bill('R-1', 'paid', 1));"
is 'one number sent in 16 sessions: one invoice' 1 "SELECT count(*) FROM payments.invoice WHERE number = 'R-1'"
is 'the others are told that it is there' 15 "$(outcomes invoice_receive duplicate)"
crowd 16 2 postgres provider "SELECT payments.invoice_receive(gen_random_uuid(), bill('R-' || gen_random_uuid(), 'paid', 2));"
is 'the last two hours billed by 32 invoices in 16 sessions: three hours are approved in all' 5400 "SELECT sum(approved) FROM payments.invoice"
is 'and captured' 5400 "SELECT sum(amount) FROM payments.capture c JOIN payments.orders o ON o.id = c.order_id WHERE o.ref = ref('paid')"
crowd 16 1 mc_web finance "SELECT payments.run_assemble(gen_random_uuid(), '{}');"
is 'a run put together in 16 sessions: one run' 1 "SELECT count(*) FROM payments.run"
run="(SELECT jsonb_build_object('run', ref) FROM payments.run)"
admin -c BEGIN -c "SELECT be('finance')" -c "SELECT payments.run_freeze(gen_random_uuid(), $run)" -c COMMIT >/dev/null
crowd 8 2 mc_web finance "SELECT payments.run_approve(gen_random_uuid(), $run);" &
own=$!
crowd 16 1 mc_web finance2 "SELECT payments.run_approve(gen_random_uuid(), $run);"
wait $own
is 'approved in 24 sessions: once' 1 "$(outcomes run_approve approved)"
is 'by the second person' finance2 "SELECT t.name FROM payments.run r JOIN t_hat t ON t.account = r.approved_by"
# A session stands in the middle of emitting the run. Meanwhile the same person orders from the same provider, who accepts, delivers and bills: a lock that
# they would have to wait for is an error.
mkfifo "$work/emitting"; : >"$work/emitting.log"
admin <"$work/emitting" >"$work/emitting.log" &
emitting=$!
exec 3>"$work/emitting"
echo "BEGIN; SELECT be('finance'); SELECT payments.run_emit(gen_random_uuid(), $run) ->> 'outcome';" >&3
until grep -q emitted "$work/emitting.log"; do kill -0 $emitting; sleep 0.05; done
PGOPTIONS='-c lock_timeout=1s' admin -c BEGIN -c "SELECT walked('meanwhile', 1, 'amir')" -c "SELECT receive(bill('MEANWHILE', 'meanwhile', 1))" -c COMMIT >/dev/null || true
is 'from an order to its approved invoice nobody waits for a run that is being emitted' 'emitted approved' "SELECT '$(tail -1 "$work/emitting.log") ' || state FROM payments.invoice WHERE number = 'MEANWHILE'"
echo 'ROLLBACK;' >&3
exec 3>&-
wait $emitting
crowd 16 1 mc_web finance "SELECT payments.run_emit(gen_random_uuid(), $run);"
is 'released in 16 sessions: one file' 1 "SELECT count(*) FROM jobs.file WHERE kind = 'payment_file'"
statement="jsonb_build_object('statements', jsonb_build_array(jsonb_build_object('id', 'R', 'account', '60000087654321', 'balance', 'undecided', 'entries', jsonb_build_array(
  jsonb_build_object('amount', '-54.00', 'booked', '2026-01-05', 'status', 'booked', 'remittance', jsonb_build_array((SELECT message_id FROM payments.run)))))))"
crowd 8 2 postgres finance "SELECT payments.statement_import(gen_random_uuid(), $(echo $statement));"
crowd 8 2 postgres finance "SELECT matched(jsonb_build_array(jsonb_build_object('amount', '-54.00', 'class', 'post', 'rule', 'R1', 'allocations',
  jsonb_build_array(jsonb_build_object('item', 'run:' || (SELECT ref FROM payments.run), 'amount', '-54.00')))));"
is 'one statement read and matched 16 times in 8 sessions: one entry, settled once' '1 settled 5400' "SELECT (SELECT count(*) FROM payments.bank_entry) || ' ' || (SELECT state FROM payments.run) || ' ' || (SELECT sum(paid) FROM payments.invoice)"

# Two people decide at once about what hangs together. meanwhile FIRST SECOND: the second begins while the first has not committed, and has its turn when it waits
# for the first or has ended; prints what the second answers.
meanwhile() {
  rm -f "$work/first"; mkfifo "$work/first"; : >"$work/first.log"
  admin <"$work/first" >"$work/first.log" &
  local first=$! second
  exec 3>"$work/first"
  echo "BEGIN; $1; SELECT 'first is done';" >&3
  until grep -q 'first is done' "$work/first.log"; do kill -0 $first; sleep 0.05; done
  admin -c BEGIN -c "$2" -c COMMIT >"$work/second.log" 2>&1 3>&- &
  second=$!
  until [ "$(admin -c 'SELECT count(*) FROM pg_locks WHERE NOT granted')" != 0 ] || ! kill -0 $second 2>"$work/gone"; do sleep 0.05; done
  echo 'COMMIT;' >&3
  exec 3>&-
  wait $first
  wait $second || true
  cat "$work/second.log"
}
# A run of five payments that the bank has, and a line for each; one for the first payment comes twice.
admin -v payees=45 >/dev/null <<'SQL'
BEGIN;
SELECT be('finance');
\i tests/sql/payees.psql
SELECT payments.run_assemble(gen_random_uuid(), jsonb_build_object('invoices', jsonb_agg(ref))) FROM (SELECT ref FROM payments.invoice WHERE ruleset = 'payees' ORDER BY id LIMIT 5) i;
CREATE VIEW public.five AS
  SELECT r.id AS run_id, r.ref AS run, r.message_id, p.id, p.reference, p.amount, row_number() OVER (ORDER BY p.id) AS nth
    FROM payments.run r JOIN payments.payment p ON p.run_id = r.id WHERE r.payments = 5;
SELECT payments.run_freeze(gen_random_uuid(), jsonb_build_object('run', min(run))) FROM five;
SELECT be('finance2');
SELECT payments.run_approve(gen_random_uuid(), jsonb_build_object('run', min(run))) FROM five;
SELECT be('finance');
SELECT payments.run_emit(gen_random_uuid(), jsonb_build_object('run', min(run))) FROM five;
SELECT payments.statement_import(gen_random_uuid(), jsonb_build_object('statements', jsonb_build_array(jsonb_build_object('id', 'FIVE', 'account', '60000087654321', 'balance', 'undecided',
  'entries', jsonb_agg(jsonb_build_object('amount', payments.decimal(-f.amount), 'booked', ledger.today(), 'status', 'booked', 'end_to_end_id', f.reference, 'bank_ref', n.name))))))
  FROM five f CROSS JOIN LATERAL (VALUES ('once ' || f.nth), ('twice ' || f.nth)) n (name) WHERE f.nth = 1 OR n.name LIKE 'once%';
COMMIT;
SQL
# place NTH [NAME]: a person says that a line is this payment; dispute of an invoice of theirs is ended by rejected NTH; the bank rejects it by refused NTH.
place() { echo "SELECT be('finance'); SELECT payments.entry_match(gen_random_uuid(), jsonb_build_object('entry', e.ref, 'note', 'Seen', 'item', 'payment:' || f.reference)) ->> 'outcome'
                  FROM five f JOIN payments.bank_entry e ON e.bank_ref = '${2:-once} ' || f.nth WHERE f.nth = $1"; }
refused() { echo "SELECT be('finance'); SELECT payments.answer_import(gen_random_uuid(), jsonb_build_object('answers', jsonb_build_array(jsonb_build_object('level', 'group', 'id', f.message_id),
                    jsonb_build_object('level', 'payment', 'id', f.reference, 'status', 'RJCT', 'code', 'AC04')))) ->> 'rejected' FROM five f WHERE f.nth = $1"; }
answer=$(meanwhile "$(place 1)" "$(place 1 twice)" | tail -1)
is 'two lines for one payment: the second does not fit any more' not_expected "SELECT '$answer'"
answer=$(meanwhile "$(refused 2)" "$(place 2)" | tail -1)
is 'a payment that the bank rejects is not settled' 'not_expected rejected' "SELECT '$answer ' || p.state FROM five f JOIN payments.payment p ON p.id = f.id WHERE f.nth = 2"
answer=$(meanwhile "$(place 3)" "$(refused 3)" | tail -1)
is 'nor is one that was settled rejected' '0 settled' "SELECT '$answer ' || p.state FROM five f JOIN payments.payment p ON p.id = f.id WHERE f.nth = 3"
answer=$(meanwhile "$(place 4)" "$(place 5)" | tail -1)
is 'the last two payments of a run settled at once: the run is settled' 'matched settled' "SELECT '$answer ' || r.state FROM payments.run r WHERE r.id = (SELECT min(run_id) FROM five)"

# A run is put together while the only provider that it could pay enters new bank details, which commit after the run looked whom it could pay. Waiting for the
# council's account is what makes the run slow enough.
admin -c BEGIN -c "SELECT walked('late', 1)" -c "SELECT receive(bill('LATE', 'late', 1))" -c COMMIT >/dev/null
answer=$(meanwhile "SELECT 1 FROM payments.bank_account FOR UPDATE; SELECT be('finance'); SELECT payments.provider_account_enter(gen_random_uuid(),
    '{\"organisation\": \"TORG-0001\", \"account_name\": \"Bright Mornings Ltd\", \"sort_code\": \"40-00-01\", \"account_number\": \"12345678\", \"vat_profile\": \"not_registered\"}')" \
  "SELECT be('finance'); SELECT payments.run_assemble(gen_random_uuid(), jsonb_build_object('invoices', jsonb_build_array(ref))) ->> 'outcome' FROM payments.invoice WHERE number = 'LATE'" | tail -1)
is 'a run whose only payee cannot be paid any more: there is none' 'nothing_to_pay 0' "SELECT '$answer ' || count(*) FROM payments.run WHERE payments = 0"
admin -c BEGIN -c "SELECT be('finance2')" -c "SELECT payments.provider_account_verify(gen_random_uuid(), jsonb_build_object('ref', ref, 'decision', 'refuse')) FROM payments.provider_account WHERE state = 'entered'" -c COMMIT >/dev/null

# A line of an invoice in dispute, its other line on its way to the provider.
admin >/dev/null <<'SQL'
BEGIN;
SELECT walked('dispute', 2);
SELECT receive(b || jsonb_build_object('net', '54.00', 'gross', '54.00', 'lines', (b -> 'lines') || ((b #> '{lines,0}') || '{"order": "NONE-SUCH", "quantity": "1", "net": "18.00"}')))
  FROM bill('DISPUTE', 'dispute', 2) b;
SELECT be('finance'), payments.exception_resolve(gen_random_uuid(), jsonb_build_object('exception', e.ref, 'action', 'dispute', 'note', 'We ask'))
  FROM payments.exception e JOIN payments.invoice i ON i.id = e.invoice_id WHERE i.number = 'DISPUTE' AND e.state = 'open' LIMIT 1;
SELECT payments.run_assemble(gen_random_uuid(), jsonb_build_object('invoices', jsonb_build_array(ref))) FROM payments.invoice WHERE number = 'DISPUTE';
CREATE OR REPLACE VIEW public.five AS
  SELECT r.id AS run_id, r.ref AS run, r.message_id, p.id, p.reference, p.amount, 6::bigint AS nth
    FROM payments.run r JOIN payments.payment p ON p.run_id = r.id WHERE r.total = 3600;
SELECT payments.run_freeze(gen_random_uuid(), jsonb_build_object('run', run)) FROM five;
SELECT be('finance2');
SELECT payments.run_approve(gen_random_uuid(), jsonb_build_object('run', run)) FROM five;
SELECT be('finance');
SELECT payments.run_emit(gen_random_uuid(), jsonb_build_object('run', run)) FROM five;
SELECT payments.statement_import(gen_random_uuid(), jsonb_build_object('statements', jsonb_build_array(jsonb_build_object('id', 'SIX', 'account', '60000087654321', 'balance', 'undecided',
  'entries', jsonb_build_array(jsonb_build_object('amount', '-36.00', 'booked', ledger.today(), 'status', 'booked', 'bank_ref', 'once 6'))))));
COMMIT;
SQL
ended="SELECT be('finance'); SELECT payments.dispute_end(gen_random_uuid(), jsonb_build_object('invoice', ref, 'line', 2, 'action', 'reject', 'note', 'Not ours')) FROM payments.invoice WHERE number = 'DISPUTE'"
answer=$(meanwhile "$ended" "$(place 6)" | tail -1)
is 'a dispute ended while the rest is paid: the invoice is paid' 'matched paid' "SELECT '$answer ' || state FROM payments.invoice WHERE number = 'DISPUTE'"

# Bank details entered by many at once, and a series of income that ends while jobs writes down its next items.
crowd 8 2 mc_web finance "SELECT payments.provider_account_enter(gen_random_uuid(), jsonb_build_object('organisation', 'TORG-0003', 'account_name', 'Second Wind', 'sort_code', '400002', 'account_number', '12345679', 'vat_profile', 'exempt'));"
is 'bank details entered 16 times in 8 sessions: 16 versions, one waits' '16 1' "SELECT max(version) || ' ' || count(*) FILTER (WHERE state = 'entered') FROM payments.provider_account WHERE organisation_id = id('second')"
admin -c BEGIN -c "SELECT be('finance'), payments.income_expect(gen_random_uuid(), jsonb_build_object('kind', 'refund', 'payer_name', 'Somebody', 'amount', 100, 'every', 'week', 'starts_on', ledger.today()))" \
  -c "DELETE FROM payments.income_item WHERE due_on > ledger.today()" -c COMMIT >/dev/null
meanwhile "SELECT be('finance'); SELECT payments.income_extend()" "SELECT be('finance'); SELECT payments.income_end(gen_random_uuid(), jsonb_build_object('series', ref)) FROM payments.income_series" >/dev/null
is 'a series ended while its next items are written: none is left' 0 "SELECT count(*) FROM payments.income_item WHERE due_on > ledger.today()"

# Credit notes for parts of one line, and what they took back billed again.
admin -c BEGIN -c "SELECT walked('part', 3, 'amir')" -c "SELECT receive(bill('PART', 'part', 3))" -c COMMIT >/dev/null
part="(SELECT id FROM payments.orders WHERE ref = ref('part'))"
crowd 16 2 postgres provider "SELECT payments.invoice_receive(gen_random_uuid(), bill('C-' || gen_random_uuid(), 'part', 0.5) || '{\"kind\": \"credit_note\", \"corrects\": \"PART\"}');"
is 'half an hour of three taken back by 32 credit notes in 16 sessions: six of them, and nothing more' '6 0' "SELECT count(*) FILTER (WHERE amount < 0) || ' ' || sum(amount) FROM payments.capture WHERE order_id = $part"
crowd 16 2 postgres provider "SELECT payments.invoice_receive(gen_random_uuid(), bill('A-' || gen_random_uuid(), 'part', 3));"
is 'and billed again by 32 invoices: once' 5400 "SELECT sum(amount) FROM payments.capture WHERE order_id = $part"
is 'the verifier finds nothing in invoices and payments' 0 "SELECT count(*) FROM payments.verify()"

# Away and back, again and again, while a provider accepts what was asked for, visits are cancelled by hand and jobs look for what is over.
admin >/dev/null <<'SQL'
BEGIN;
SELECT be('amir');
SELECT payments.order_place(gen_random_uuid(), walk(4, 'o_amir')) FROM generate_series(1, 6);
SELECT be('provider');
SELECT payments.order_accept(gen_random_uuid(), jsonb_build_object('order', ref)) FROM payments.orders WHERE person_id = id('amir') AND state = 'asked' ORDER BY id LIMIT 3;
COMMIT;
SQL
planned="(SELECT jsonb_build_object('visit', ref) FROM payments.visit WHERE person_id = id('amir') AND state IN ('planned', 'paused') ORDER BY random() LIMIT 1)"
back="SELECT payments.absence_back(gen_random_uuid(), jsonb_build_object('absence', ref)) FROM payments.absence WHERE person_id = id('amir') AND state = 'open';"
crowd 8 10 mc_web amir "SELECT payments.absence_start(gen_random_uuid(), jsonb_build_object('from', ledger.today(), 'reason', 'hospital')); COMMIT; BEGIN; SELECT be('amir'); $back" &
away=$!
crowd 2 3 mc_web provider "SELECT payments.order_accept(gen_random_uuid(), jsonb_build_object('order', ref)) FROM payments.orders WHERE person_id = id('amir') AND state = 'asked' ORDER BY id LIMIT 1;" &
accepting=$!
crowd 1 10 postgres finance "SELECT payments.order_expire_due();" &
expiring=$!
crowd 2 2 mc_web amir "SELECT payments.visit_cancel(gen_random_uuid(), v) FROM $planned AS p (v);"
wait $away; wait $accepting; wait $expiring
is 'nobody is away twice at once, in 8 sessions' t "SELECT count(*) FILTER (WHERE answer ->> 'outcome' = 'away') > 1 AND count(*) FILTER (WHERE answer ->> 'outcome' NOT IN ('away', 'overlaps')) = 0 FROM mc.idempotency WHERE verb = 'absence_start'"
admin -c BEGIN -c "SELECT be('amir')" -c "$back" -c COMMIT >/dev/null
is 'and when he is back, no visit is forgotten' 0 "SELECT count(*) FROM payments.visit WHERE person_id = id('amir') AND state = 'paused'"
is 'what goes on has its money, once' 0 "SELECT count(*) FROM payments.visit WHERE person_id = id('amir') AND state = 'planned' AND held <> price"

# Twelve people of £1,000.00 each, six pools of art for two to four at £12.34: they join, leave and say no while the last day passes, jobs close them and the
# provider answers.
admin >/dev/null <<'SQL'
BEGIN;
SELECT be('commissioner');
WITH p AS (INSERT INTO identity.person (council_id, ref, name) SELECT 901, format('TPER-1%s', lpad(n::text, 3, '0')), 'Racer ' || n FROM generate_series(1, 12) AS n RETURNING id, ref)
INSERT INTO t_thing SELECT 'racer' || right(ref, 3)::int, id, ref FROM p;
SELECT t_hat_make('racer' || n, 901, 'self_funder', NULL, 'racer' || n) FROM generate_series(1, 12) AS n;
SELECT be('racer' || n), t_allocate('b_racer' || n, 'racer' || n, '[{"funder": "Own money", "kind": "own_money", "portions": [{"route": "direct_payment", "amount": 100000}]}]') FROM generate_series(1, 12) AS n;
SELECT be('racer1');
CREATE TABLE public.t_pool AS SELECT n, payments.pool_start(gen_random_uuid(), jsonb_build_object('listing', 'TLIS-0002', 'quantity', 1, 'starts_on', ledger.today() + 10, 'minimum', 2, 'most', 4,
  'closes_on', ledger.today() + 5)) AS p FROM generate_series(1, 6) AS n;
GRANT SELECT ON public.t_pool TO PUBLIC;
COMMIT;
SQL
somebody="SELECT be('racer' || (1 + floor(random() * 12))::int);"
some="(SELECT p FROM t_pool WHERE n = :pool)"
join="payments.pool_join(gen_random_uuid(), jsonb_build_object('invitation', $some ->> 'invitation', 'shown', 'nothing'))"
crowd 32 2 mc_web racer1 "$somebody SELECT ${join/:pool/1};"
is '64 say yes in 32 sessions where four can: four are in' '4 2468' "SELECT count(*) || ' ' || sum(held) FROM payments.pool_member m, payments.pool p WHERE p.id = m.pool_id AND m.state = 'in' AND p.invitation = (SELECT p ->> 'invitation' FROM t_pool WHERE n = 1)"
pick='\set pool random(1, 6)'
leave="SELECT payments.pool_leave(gen_random_uuid(), jsonb_build_object('pool', p.ref)) FROM payments.pool p WHERE p.ref = $some ->> 'ref' AND EXISTS (SELECT FROM payments.pool_member m WHERE m.pool_id = p.id AND m.person_id = mc.person());"
crowd 12 40 mc_web racer1 "$somebody
$pick
SELECT $join;" &
joining=$!
crowd 6 30 mc_web racer1 "$somebody
$pick
$leave" &
leaving=$!
crowd 2 20 mc_web racer1 "$somebody
$pick
SELECT payments.pool_decline(gen_random_uuid(), jsonb_build_object('invitation', $some ->> 'invitation'));" &
declining=$!
crowd 2 60 postgres finance "SELECT payments.order_expire_due();" &
closing=$!
crowd 2 30 mc_web provider "SELECT CASE WHEN random() < 0.5 THEN payments.order_accept(gen_random_uuid(), r) ELSE payments.order_decline(gen_random_uuid(), r) END
  FROM (SELECT jsonb_build_object('order', o.ref) AS r FROM payments.orders o JOIN payments.pool_member m ON m.order_id = o.id WHERE o.state = 'asked' ORDER BY random() LIMIT 1) AS x;" &
answering=$!
for n in 1 2 3 4 5 6; do
  admin -c "UPDATE payments.pool SET closes_on = ledger.today() - 1 WHERE invitation = (SELECT p ->> 'invitation' FROM t_pool WHERE n = $n)"
  sleep 0.2
done
wait $joining; wait $leaving; wait $declining; wait $closing; wait $answering
admin -c BEGIN -c "SELECT be('finance')" -c 'SELECT payments.order_expire_due()' -c COMMIT >/dev/null
is 'every pool is closed' 0 "SELECT count(*) FROM payments.pool WHERE state = 'open'"
is 'people did join and leave meanwhile' t "SELECT count(*) FILTER (WHERE state = 'in') > 4 AND count(*) FILTER (WHERE state = 'left') > 0 FROM payments.pool_member"
is 'each that closed has its price, of two to four people' 0 "SELECT count(*) FROM (SELECT sum(l.visit_price) AS price, count(*) AS n FROM payments.pool p JOIN payments.pool_member m ON m.pool_id = p.id AND m.state = 'in'
  JOIN payments.order_line l ON l.order_id = m.order_id WHERE p.state = 'asked' GROUP BY p.id) AS x WHERE price <> 1234 OR n NOT BETWEEN 2 AND 4"
is 'one answer for all of each' 0 "SELECT count(*) FROM (SELECT count(DISTINCT o.state) AS n FROM payments.pool_member m JOIN payments.orders o ON o.id = m.order_id WHERE m.state = 'in' GROUP BY m.pool_id) AS x WHERE n > 1"
is 'nothing is held for anybody but what is asked or accepted' 0 "SELECT sum(p.held) - (SELECT coalesce(sum(o.total), 0) FROM payments.pool_member m JOIN payments.orders o ON o.id = m.order_id WHERE o.state IN ('asked', 'accepted'))
  FROM payments.budget_position p WHERE p.person_id IN (SELECT id FROM t_thing WHERE name ~ '^racer')"

# Three officers and the bank do anything at all, to anything there is, in twelve sessions. A deadlock is tried again, as the application does.
admin -c BEGIN -f tests/sql/officers.psql -c COMMIT >/dev/null
printf 'BEGIN;\nSELECT finance_act();\nCOMMIT;\n' >"$work/act.pgb"
everything="SELECT count(DISTINCT state) = 6 FROM payments.payment WHERE run_id NOT IN (SELECT run_id FROM five)"
for _ in 1 2 3 4 5 6 7 8 9 10; do
  "$bench" -n -h "$socket" -U postgres -c 12 -j 2 -t "${ACTS:-60}" --max-tries=3 -f "$work/act.pgb" mc >"$work/acts.log" 2>&1 || cat "$work/acts.log" >&2
  grep -q '^number of failed transactions: 0 ' "$work/acts.log" || break
  [ "$(admin -c "$everything")" = f ] || break
done
is 'in 12 sessions no act ends but in an answer' 0 "SELECT '$(sed -n 's/^number of failed transactions: \([0-9]*\) .*/\1/p' "$work/acts.log")'"
is 'payments were put together, withdrawn, sent, settled, rejected and returned' t "$everything"
is 'no run is empty' 0 'SELECT count(*) FROM payments.run WHERE payments = 0'
is 'and the books of it hold' '' 'SELECT * FROM payments.verify()'

is 'the auditor finds nothing' '' 'SET ROLE mc_verify; SELECT * FROM ledger.verify()'
exit $failed
