#!/usr/bin/env bash
# `make run`: a private database under var/, the demonstration town, and the server on loopback. Ctrl-C stops what was started here and nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
program=build/release/marketcross
port=${PORT:-8080}
umask 022
mkdir -p var var/spool
# One at a time: the town has one database. Nothing that is started here may inherit the lock (9>&-), or it would outlive this script.
exec 9>>var/lock
if ! flock -n 9; then
  echo "The demonstration town is running already, at http://localhost:$(cat var/port 2>/dev/null). Stop that one first, with Ctrl-C in its window." >&2
  exit 1
fi
echo "$port" >var/port
if [ "$(id -u)" = 0 ]; then chown postgres var/spool; fi
[ -s var/secret ] || (umask 077; head -c 32 /dev/urandom >var/secret)
if [ "${1:-}" = reset ]; then
  if [ -e var/pg/data ]; then
    config/cluster.sh stop var/pg 2>/dev/null || true
    rm -rf "$(readlink -f var/pg/data)" var/pg
  fi
fi
socket=$(config/cluster.sh start var/pg 9>&-)
stop() { config/cluster.sh stop var/pg || true; }
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
config/cluster.sh database var/pg mc
$program migrate --database "host=$socket dbname=mc user=mc_migrate" >var/migrate.log 2>&1 || { cat var/migrate.log >&2; exit 1; }
$program demo load --database "host=$socket dbname=mc user=mc_migrate" --seed sql/seed
if [ "${1:-}" = reset ]; then echo "The demonstration town is as new."; exit 0; fi
$program serve --set demo=true --set "port=$port" --set "base_url=http://localhost:$port" --set workers="$(nproc)" \
  --set "database=host=$socket dbname=mc user=mc_web" --set "jobs_database=host=$socket dbname=mc user=mc_jobs" \
  --set secret_file=var/secret --set spool_dir=var/spool --set log_level=warn 9>&- &
server=$!
config/demo_bank.sh "$socket" var/bank 9>&- &
bank=$!
trap 'kill -TERM $bank $server 2>/dev/null || true; wait $bank $server 2>/dev/null || true; stop' EXIT
$program demo people --database "host=$socket dbname=mc user=mc_web"
wait $server || {
  code=$?
  [ $code -ne 78 ] || echo "If another program is using port $port, choose another one: make run PORT=8081" >&2
  exit $code
}
