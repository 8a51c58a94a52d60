#!/usr/bin/env bash
# Bank lines read, matched and posted by the jobs process itself: LINES=10000 of them in FILES=1 statements, PostgreSQL with its default durability.
# Prints the seconds, the processor time of the jobs process and its memory at its most. A file holds about 400,000 of these lines: a million are FILES=3.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
lines=${LINES:-10000}
dir=${MC_SCRATCH:-build/scratch-statements}
rm -rf "$dir"
socket=$(config/cluster.sh start "$dir")
trap 'config/cluster.sh stop "$dir"; rm -rf "$(readlink -f "$dir/data")" "$dir"' EXIT
config/cluster.sh database "$dir" mc
"$build/marketcross" migrate --database "host=$socket user=mc_migrate dbname=mc" >/dev/null
admin() { psql -X -q -At -v ON_ERROR_STOP=1 -h "$socket" -U postgres -d mc "$@"; }
admin -v lines="$lines" -v files="${FILES:-1}" -f tests/bench/statements/setup.sql
started=$(date +%s%N)
/usr/bin/time -f "%M %U" -o "$dir/time" "$build/marketcross" jobs --once --database "host=$socket user=mc_jobs dbname=mc" 2>"$dir/log"
ms=$((($(date +%s%N) - started) / 1000000))
read -r kb cpu <"$dir/time"
placed=$(admin -c "SELECT count(*) FILTER (WHERE allocated = amount) || ' posted, ' || count(*) FILTER (WHERE allocated <> amount) || ' left for people' FROM payments.bank_entry")
echo "statements: $lines lines in ${FILES:-1} files: $placed; $((ms / 1000)).$((ms % 1000 / 100)) s, $((lines * 1000 / ms)) lines a second; jobs: $cpu s, $((kb / 1024)) MB at most"
