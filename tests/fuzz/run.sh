#!/usr/bin/env bash
# Every fuzzer (or those named in FUZZERS) for SECONDS each, on its corpus and on what it finds. A finding leaves its input in build/fuzz/findings.
set -uo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
make --no-print-directory -j2 VARIANT=fuzz fuzz-binaries >build/fuzz-build.log 2>&1 || { tail -20 build/fuzz-build.log; exit 1; }
mkdir -p build/fuzz/findings
n=0 bad=0
for source in tests/fuzz/fuzz_*.c; do
  name=$(basename "$source" .c)
  n=$((n + 1))
  corpus=tests/fuzz/corpus/${name#fuzz_}
  mkdir -p "build/fuzz/corpus/$name"
  dictionary=tests/fuzz/${name#fuzz_}.dict
  [ -e "$dictionary" ] || { case $name in fuzz_http*) dictionary=tests/fuzz/http.dict ;; *) dictionary= ;; esac; }
  if "build/fuzz/tests/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=0 -artifact_prefix=build/fuzz/findings/ \
    ${dictionary:+-dict=$dictionary} "build/fuzz/corpus/$name" $([ ! -d "$corpus" ] || echo "$corpus") >"build/fuzz/$name.log" 2>&1; then
    echo "ok $n - $name: $(grep -oE 'Done [0-9]+ runs' "build/fuzz/$name.log" | tail -1)"
  else
    bad=$((bad + 1))
    echo "not ok $n - $name"
    grep -E 'ERROR|SUMMARY|runtime error|Test unit' "build/fuzz/$name.log" | head -5
  fi
done
[ "$bad" -eq 0 ]
