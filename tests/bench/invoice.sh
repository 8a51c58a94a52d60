#!/bin/bash
# Invoices judged a second on one core, against `xmllint --noout` on the same files (processor time, median of five turns each), and memory over many.
#   tests/bench/invoice.sh [BUILD]      FILES=100000
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$(realpath "${1:-build/release}/marketcross")
many=${FILES:-100000}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

spent() { # COMMAND…: seconds of processor, and megabytes
  /usr/bin/time -f "%U %S %M" -o "$dir/time" "$@" >/dev/null 2>&1 || true
  awk '{printf "%.3f %.1f\n", $1 + $2, $3 / 1024}' "$dir/time"
}
median() { sort -n | awk '{x[NR] = $1} END {print x[int((NR + 1) / 2)]}'; }

compare() { # NAME FILE…
  local name=$1 i
  shift
  local files=()
  for i in $(seq $((8000 / $#))); do files+=("$@"); done
  : >"$dir/theirs"
  : >"$dir/ours"
  for i in 1 2 3 4 5; do
    spent xmllint --noout "${files[@]}" >>"$dir/theirs"
    spent "$program" invoice check --json "${files[@]}" >>"$dir/ours"
  done
  awk -v name="$name" -v n="${#files[@]}" -v theirs="$(median <"$dir/theirs")" -v ours="$(median <"$dir/ours")" \
    'BEGIN {printf "%-28s %8.0f invoices/s  %5.2f times xmllint --noout\n", name, n / ours, ours / theirs}'
}

corpus=tests/fuzz/corpus
compare "UBL, small" $corpus/invoice_ubl/invoice.xml $corpus/invoice_ubl/creditnote.xml
compare "CII, small" $corpus/invoice_cii/*.xml
if [ -d ../shared/conformance/en16931 ]; then
  compare "UBL, published examples" ../shared/conformance/en16931/examples/*.xml
  compare "CII, published examples" ../shared/conformance/en16931/cii-examples/*.xml
else
  echo "skipped: no ../shared"
fi

cp $corpus/invoice_ubl/invoice.xml "$dir/i"
cd "$dir"
for n in 1000 "$many"; do
  printf 'memory over %6d files     %6.1f MB\n' "$n" "$(spent "$program" invoice check $(yes i | head -n "$n") | cut -d' ' -f2)"
done
