#!/usr/bin/env bash
# Every fuzzer (or those named in FUZZERS) for SECONDS each, on its corpus and on what it finds: tests/fuzz/run.sh [SECONDS]
# As many run side by side as there are processors. A finding leaves its input in build/fuzz/findings.
set -uo pipefail
cd "$(dirname "$0")/../.."

# One fuzzer, one line: `run.sh --one SECONDS NUMBER NAME`. The deadline is for a fuzzer that hangs: it would hold up all that wait behind it.
one() {
  local seconds=$1 n=$2 name=$3 corpus=tests/fuzz/corpus/${3#fuzz_} dictionary=tests/fuzz/${3#fuzz_}.dict
  [ -e "$dictionary" ] || { case $name in fuzz_http*) dictionary=tests/fuzz/http.dict ;; *) dictionary= ;; esac; }
  mkdir -p "build/fuzz/corpus/$name"
  if timeout -k 5 $((seconds + 120)) "build/fuzz/tests/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=0 \
    -artifact_prefix="build/fuzz/findings/$name-" ${dictionary:+-dict="$dictionary"} "build/fuzz/corpus/$name" $([ ! -d "$corpus" ] || echo "$corpus") \
    >"build/fuzz/$name.log" 2>&1; then
    echo "ok $n - $name: $(grep -oE 'Done [0-9]+ runs' "build/fuzz/$name.log" | tail -1)"
  else
    echo "not ok $n - $name: $(grep -m1 -E '^SUMMARY|ERROR: ' "build/fuzz/$name.log" || tail -1 "build/fuzz/$name.log")"
    ls "build/fuzz/findings/$name-"* 2>/dev/null
    return 1
  fi
}
if [ "${1:-}" = --one ]; then
  shift
  one "$@"
  exit
fi

seconds=${1:-60}
mkdir -p build/fuzz/findings
make --no-print-directory -j2 VARIANT=fuzz fuzz-binaries >build/fuzz-build.log 2>&1 || { tail -20 build/fuzz-build.log; exit 1; }
names=${FUZZERS:-$(basename -s .c -a tests/fuzz/fuzz_*.c)}
printf '%s\n' $names | nl -w1 -s' ' | xargs -P "$(nproc)" -L 1 "tests/fuzz/run.sh" --one "$seconds"
