#!/usr/bin/env bash
# Runs the pgTAP tests (tests/sql/*.sql, or those named) on a scratch cluster with the schema freshly applied.
#   tests/sql/run.sh [FILE.sql…]        KEEP=1 leaves the cluster running and prints how to connect
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=${MC_SCRATCH:-build/scratch-sql}
rm -rf "$dir"
MC_PG_OPTIONS="-c fsync=off" config/cluster.sh start "$dir" >"${TMPDIR:-/tmp}/mc-socket.$$"
socket=$(cat "${TMPDIR:-/tmp}/mc-socket.$$"); rm -f "${TMPDIR:-/tmp}/mc-socket.$$"
if [ -z "${KEEP:-}" ]; then
  trap 'config/cluster.sh stop "$dir"; rm -rf "$(readlink -f "$dir/data")" "$dir"' EXIT
else
  echo "kept: psql -h $socket -U postgres mc   (stop with: config/cluster.sh stop $dir)"
fi
config/cluster.sh database "$dir" mc
apply() { psql -X -q -v ON_ERROR_STOP=1 -1 -h "$socket" -U mc_migrate -d mc -c 'SET ROLE mc_owner' -f "$1" >/dev/null; }
for f in sql/migrations/*.sql sql/functions/*.sql sql/views/*.sql; do
  [ -e "$f" ] || continue
  apply "$f" || { echo "failed: $f" >&2; exit 1; }
done
psql -X -q -h "$socket" -U postgres -d mc -c 'CREATE EXTENSION IF NOT EXISTS pgtap'
files=("$@")
[ ${#files[@]} -gt 0 ] || files=(tests/sql/*.sql)
PGHOST=$socket pg_prove ${MC_PROVE:--q} -U postgres -d mc "${files[@]}"
