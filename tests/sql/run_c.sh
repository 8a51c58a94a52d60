#!/usr/bin/env bash
# Runs C programs against a scratch cluster whose schema was applied by `marketcross migrate` itself.
#   tests/sql/run_c.sh MARKETCROSS PROGRAM…
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$1
shift
dir=${MC_SCRATCH:-build/scratch-c}
rm -rf "$dir"
mkdir -p "$dir"
MC_TEST_DIR=$(cd "$dir" && pwd)
trap 'config/cluster.sh stop "$dir" || true; rm -rf "$(readlink -f "$dir/data")" "$dir"' EXIT
MC_TEST_SOCKET=$(MC_PG_OPTIONS="-c fsync=off" config/cluster.sh start "$dir")
MC_TEST_PROGRAM=$program
export MC_TEST_DIR MC_TEST_SOCKET MC_TEST_PROGRAM
config/cluster.sh database "$dir" mc
migrate=("$program" migrate --database "host=$MC_TEST_SOCKET user=mc_migrate dbname=mc")
"${migrate[@]}"
[ "$("${migrate[@]}")" = "nothing to do" ] || { echo "a second migrate did something" >&2; exit 1; }
failed=0
for test in "$@"; do
  "$test" 2>"$dir/log" || { failed=1; echo "FAILED: $test" >&2; tail -40 "$dir/log" >&2; }
done
exit $failed
