#!/usr/bin/env bash
# The money against a book kept in memory: N=100000 calls from CONNECTIONS=8, SEED=1 (10000000 is the large size); then 64 sessions drain one budget to exactly nothing; then verify.
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=${MC_SCRATCH:-build/scratch-model}
bench=/usr/lib/postgresql/15/bin/pgbench
connections=${CONNECTIONS:-8}
rm -rf "$dir"
socket=$(MC_PG_OPTIONS="-c fsync=off" config/cluster.sh start "$dir")
work=$(mktemp -d)
trap 'config/cluster.sh stop "$dir"; rm -rf "$(readlink -f "$dir/data")" "$dir" "$work"' EXIT
config/cluster.sh database "$dir" mc
build/release/marketcross migrate --database "host=$socket user=mc_migrate dbname=mc" >/dev/null
admin() { psql -X -q -At -v ON_ERROR_STOP=1 -h "$socket" -U postgres -d mc "$@"; }
admin -v people=$((connections * 4)) -c BEGIN -f tests/sql/fixture.psql -f tests/bench/model/setup.sql -c COMMIT >/dev/null
failed=0
build/release/tests/bench/model "host=$socket dbname=mc" "${N:-100000}" "$connections" "${SEED:-1}" || failed=1

# £200.00 and 256 tries of £20.00 from 64 sessions: ten orders, and nothing left.
printf "BEGIN;\nSELECT be('joan');\nSELECT payments.order_place(gen_random_uuid(), walk(1) - 'outcome');\nCOMMIT;\n" >"$work/drain"
"$bench" -n -h "$socket" -U mc_web -c 64 -j 2 -t 4 -f "$work/drain" mc >"$work/log" 2>&1 || { cat "$work/log" >&2; failed=1; }
left=$(admin -c "SELECT (SELECT count(*) FROM payments.orders WHERE person_id = id('joan')) || ' ' || (SELECT sum(free) FROM payments.budget_position WHERE person_id = id('joan'))")
if [ "$left" = "10 0" ]; then echo "ok 3 - 64 sessions drain a budget to exactly nothing: ten orders"; else echo "not ok 3 - 64 sessions: orders and pence left are $left"; failed=1; fi
if found=$(build/release/marketcross verify --database "host=$socket user=mc_verify dbname=mc" 2>&1); then echo "ok 4 - $found"; else echo "not ok 4 - $found"; failed=1; fi
exit $failed
