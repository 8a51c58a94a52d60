#!/usr/bin/env bash
# Imports seven real lists twice, with faults as they were published, and judges the counts. Skipped where the lists are not at hand.
#   tests/conformance/import.sh [PROGRAM]
set -euo pipefail
cd "$(dirname "$0")/../.."
program=${1:-build/release/marketcross}
lists=../shared/data/greater-manchester
[ -d "$lists" ] || { echo "skipped: no ../shared"; exit 0; }
dir=build/scratch-import
rm -rf "$dir"
socket=$(MC_PG_OPTIONS="-c fsync=off" config/cluster.sh start "$dir")
trap 'config/cluster.sh stop "$dir"; rm -rf "$(readlink -f "$dir/data")" "$dir"' EXIT
config/cluster.sh database "$dir" mc
"$program" migrate --database "host=$socket dbname=mc user=mc_migrate" >/dev/null
psql -X -q -v ON_ERROR_STOP=1 -h "$socket" -U mc_migrate -d mc -c "SET ROLE mc_owner; INSERT INTO identity.council (id, slug, name, phone, email)
  VALUES (1, 'testshire', 'Testshire Council', '01632 960 000', 'hello@testshire.example')"
jobs="host=$socket dbname=mc user=mc_jobs"
sql() { psql -X -At -h "$socket" -U postgres -d mc -c "$1"; }

faults=0
check() { # what, got, wanted
  if [ "$2" = "$3" ]; then echo "ok   $1"; else echo "FAIL $1: $2, not $3"; faults=$((faults + 1)); fi
}
import() { # map, file: prints the summary's numbers in order
  "$program" import entries --council 1 --map "config/maps/$1.map" --database "$jobs" --errors "$dir/$1.csv" --progress never "$2" 2>"$dir/$1.err" |
    awk 'NR > 1 { gsub(",", ""); for (i = NF; i > 0; i--) if ($i ~ /^[0-9]+$/) { printf "%s ", $i; break } } END { print "" }'
}
all() { # round, then the numbers wanted of each list: added changed unchanged duplicates failed proposed values
  while read -r map file wanted; do
    check "$1 $map" "$(import "$map" "$lists/$file")" "$wanted "
  done
}

"$program" import postcodes --database "$jobs" --errors "$dir/postcodes.csv" "$lists/postcodes.csv" >/dev/null
check "postcodes" "$(sql 'SELECT count(*) FROM catalogue.postcode')" 2057
started=$(date +%s%N)
all first <<'ROWS'
charities charities_operating_in_trafford.csv 735 0 0 1 0 0 6
care-homes trafford_care_homes.csv 54 0 0 2 0 0 0
food-banks gm_food_banks.csv 169 0 0 2 0 0 2
libraries gm_libraries.csv 141 0 0 0 0 0 0
mental-health trafford_mental_health_services.csv 54 0 0 6 0 0 1
sports-clubs sports_clubs.csv 140 0 0 0 0 0 0
allotments trafford_allotments.csv 35 0 0 0 0 0 0
ROWS
echo "     all seven lists in $((($(date +%s%N) - started) / 1000000)) ms"
all second <<'ROWS'
charities charities_operating_in_trafford.csv 0 0 735 1 0 0 6
care-homes trafford_care_homes.csv 0 0 54 2 0 0 0
food-banks gm_food_banks.csv 0 0 169 2 0 0 2
libraries gm_libraries.csv 0 0 141 0 0 0 0
mental-health trafford_mental_health_services.csv 0 0 54 6 0 0 1
sports-clubs sports_clubs.csv 0 0 140 0 0 0 0
allotments trafford_allotments.csv 0 0 35 0 0 0 0
ROWS
check "search documents" "$(sql 'SELECT count(*) FROM catalogue.search_doc')" 1328
check "no text in capitals alone" "$(sql "SELECT count(*) FROM catalogue.entry WHERE name ~ '^[A-Z ]{14,}$'")" 0
check "telephone numbers begin with 0" "$(sql "SELECT count(*) FROM catalogue.entry WHERE phone !~ '^0'")" 0
check "web addresses have a scheme" "$(sql "SELECT count(*) FROM catalogue.entry WHERE web !~ '^https?://'")" 0

# One row changed, one gone: changed is changed, gone is proposed, never hidden.
sed -e '2d' -e '3s/,/ (moved),/' "$lists/trafford_allotments.csv" >"$dir/allotments.csv"
check "third allotments" "$(import allotments "$dir/allotments.csv")" "0 1 33 0 0 1 0 "
check "proposed, still found" "$(sql "SELECT count(*) FROM catalogue.entry e JOIN catalogue.search_doc d ON d.kind = 'entry' AND d.source_id = e.id WHERE e.status = 'proposed_hide'")" 1

# A row without a name fails: exit 65, and nothing is proposed for hiding.
{ head -3 "$lists/trafford_care_homes.csv"; echo ',1-1,,,,,,,,,,,'; } >"$dir/broken.csv"
set +e
"$program" import entries --council 1 --map config/maps/care-homes.map --database "$jobs" --errors "$dir/broken-errors.csv" --progress never "$dir/broken.csv" >"$dir/broken.out" 2>&1
code=$?
set -e
check "exit code with a failed row" "$code" 65
check "its report" "$(tail -1 "$dir/broken-errors.csv")" 'broken.csv,row left out,"4","name","no name","Write the name of the service or group."'
check "nothing proposed" "$(sql "SELECT count(*) FROM catalogue.entry WHERE source = 'trafford-care-homes' AND status <> 'published'")" 0
[ "$faults" = 0 ]
