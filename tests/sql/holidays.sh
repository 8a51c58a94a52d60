#!/usr/bin/env bash
# `marketcross holidays` reads a list in the jail and stores it; what is no list is refused. On the database that run_c.sh migrated.
set -euo pipefail
run() { "$MC_TEST_PROGRAM" holidays --database "host=$MC_TEST_SOCKET user=mc_jobs dbname=mc" "$1"; }
list=$MC_TEST_DIR/holidays.csv
printf 'date,name\n2031-01-01,New Year\n2031-04-11,Good Friday\n' >"$list"
[[ $(run "$list") == "2 added, 0 changed."* ]]
[[ $(run "$list") == "0 added, 0 changed."* ]]
printf 'nothing of a list\n' >"$list"
got=0
run "$list" 2>/dev/null || got=$?
[ "$got" = 65 ]
echo "holidays: all as expected"
