#!/usr/bin/env bash
# The money against a book kept in memory: N=100000 calls from CONNECTIONS=8, SEED=1; then 64 sessions drain one budget to exactly nothing; then verify. More calls
# than 100,000 (10000000 is the large size) come in rounds, each in a town of its own with the next seed: in one town a person would have more orders than anybody has.
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=${MC_SCRATCH:-build/scratch-model}
bench=/usr/lib/postgresql/15/bin/pgbench
connections=${CONNECTIONS:-8} calls=${N:-100000} seed=${SEED:-1} round=100000
rm -rf "$dir"
socket=$(MC_PG_OPTIONS="-c fsync=off" config/cluster.sh start "$dir")
work=$(mktemp -d)
trap 'config/cluster.sh stop "$dir"; rm -rf "$(readlink -f "$dir/data")" "$dir" "$work"' EXIT
config/cluster.sh database "$dir" town
build/release/marketcross migrate --database "host=$socket user=mc_migrate dbname=town" >/dev/null
admin() { psql -X -q -At -v ON_ERROR_STOP=1 -h "$socket" -U postgres "$@"; }
admin -d town -v people=$((connections * 4)) -c BEGIN -f tests/sql/fixture.psql -f tests/bench/model/setup.sql -c COMMIT >/dev/null
# As the jobs process would: what nobody has sealed after an hour is a finding, and ten million calls take longer.
admin -d town -c "SELECT set_config('mc.council', id::text, false), audit.seal_next() FROM identity.council" >/dev/null
failed=0
# £200.00 and 256 tries of £20.00 from 64 sessions: ten orders, and nothing left.
printf "BEGIN;\nSELECT be('joan');\nSELECT payments.order_place(gen_random_uuid(), walk(1) - 'outcome');\nCOMMIT;\n" >"$work/drain"
while [ "$calls" -gt 0 ]; do
  admin -d postgres -c "DROP DATABASE IF EXISTS mc" -c "CREATE DATABASE mc OWNER mc_owner TEMPLATE town"
  config/cluster.sh database "$dir" mc
  build/release/tests/bench/model "host=$socket dbname=mc" $((calls < round ? calls : round)) "$connections" "$seed" || failed=1
  "$bench" -n -h "$socket" -U mc_web -c 64 -j 2 -t 4 -f "$work/drain" mc >"$work/log" 2>&1 || { cat "$work/log" >&2; failed=1; }
  left=$(admin -d mc -c "SELECT (SELECT count(*) FROM payments.orders WHERE person_id = id('joan')) || ' ' || (SELECT sum(free) FROM payments.budget_position WHERE person_id = id('joan'))")
  if [ "$left" = "10 0" ]; then echo "ok 3 - 64 sessions drain a budget to exactly nothing: ten orders"; else echo "not ok 3 - 64 sessions: orders and pence left are $left"; failed=1; fi
  if found=$(build/release/marketcross verify --database "host=$socket user=mc_verify dbname=mc" 2>&1); then echo "ok 4 - $found"; else echo "not ok 4 - $found"; failed=1; fi
  calls=$((calls - round)) seed=$((seed + 1))
done
exit $failed
