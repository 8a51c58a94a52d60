#!/bin/bash
# Reading a statement against `xmllint --stream --noout` on the same file, and matching at three sizes: time in seconds, peak memory in MB.
set -euo pipefail
build=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

measure() { # NAME COMMAND…
    local name=$1
    shift
    /usr/bin/time -f "%U %S %M" -o "$dir/time" "$@" > "$dir/out" 2> "$dir/err"
    awk -v name="$name" '{printf "%-32s %7.2f s  %6.1f MB\n", name, $1 + $2, $3 / 1024}' "$dir/time"
}

"$build/tests/fakebank" generate 1 250000 "$dir"
echo "camt.053.001.08, $(stat -c %s "$dir/camt.053.001.08.xml") bytes"
measure "xmllint --stream --noout" xmllint --stream --noout "$dir/camt.053.001.08.xml"
measure "statement read (camt)" "$build/marketcross" statement read --json "$dir/camt.053.001.08.xml"
measure "statement read (MT940)" "$build/marketcross" statement read --json "$dir/mt940.sta"
for entries in 25000 50000 100000; do
    "$build/tests/fakebank" generate 1 $entries "$dir"
    "$build/marketcross" statement read --json "$dir/camt.053.001.08.xml" > "$dir/entries.jsonl"
    measure "match $entries entries" "$build/marketcross" reconcile match --json --expected "$dir/expected.jsonl" --entries "$dir/entries.jsonl"
done
