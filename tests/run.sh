#!/usr/bin/env bash
# Every suite, or those named: tests/run.sh [unit] [fuzz] [sql] [db] [conformance] [e2e] [gates], and, only when named, [tidy]: it takes a quarter of an hour.
# Each suite's output lies in build/test-logs; the last line counts all tests. Nothing is left running.
set -uo pipefail
cd "$(dirname "$0")/.."
logs=build/test-logs
mkdir -p "$logs"
passed=0 failed=0
suites=("$@")
[ ${#suites[@]} -gt 0 ] || suites=(unit fuzz sql db conformance e2e gates)

# count LOG EXIT: cmocka, TAP (pgTAP, node's runner) and our own `ok …` / `not ok …` lines.
count() {
  local log=$1 code=$2 good bad
  good=$(awk '/^\[ +OK \]/ {n++} /^ *ok [ 0-9]/ && !/# SKIP/ {n++} /^# pass [0-9]+/ {t += $3} END {print (t ? t : n + 0)}' "$log")
  bad=$(awk '/^\[  FAILED  \] [0-9]+ test/ {n += $4} /^ *not ok [ 0-9]/ {n++} /^# fail [0-9]+/ {t += $3; seen = 1} END {print (seen ? t : n + 0)}' "$log")
  # A suite that ends badly without saying which test failed has failed once.
  if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  passed=$((passed + good)) failed=$((failed + bad))
  printf '%-28s %5d passed %3d failed\n' "$name" "$good" "$bad"
  if [ "$bad" -gt 0 ]; then grep -E -A8 'not ok|FAILED|ERROR|Failed|failed:|Error|error:|Sanitizer' "$log" | head -${MC_LINES:-60}; echo "   see $log"; fi
}

suite() { # NAME COMMAND…
  name=$1; shift
  "$@" >"$logs/$name.log" 2>&1
  count "$logs/$name.log" $?
}

unit() {
  name=build
  if ! make --no-print-directory -j2 VARIANT=asan unit-binaries >"$logs/build-asan.log" 2>&1; then
    failed=$((failed + 1)); grep -E 'error|undefined' "$logs/build-asan.log" | head -20; echo "the unit tests do not build: see $logs/build-asan.log"; return
  fi
  for t in tests/unit/test_*.c; do
    t=$(basename "$t" .c)
    suite "$t" "build/asan/tests/$t"
  done
}

# Every fuzzer over its corpus and a minute of search (FUZZ_SECONDS).
fuzz() { suite fuzz tests/fuzz/run.sh "${FUZZ_SECONDS:-60}"; }
sql() { suite pgtap env MC_PROVE=-v tests/sql/run.sh; [ ! -x tests/sql/race.sh ] || suite races tests/sql/race.sh; }
db() {
  if make --no-print-directory test-db >"$logs/db.log" 2>&1; then code=0; else code=$?; fi
  name=db; count "$logs/db.log" $code
}
conformance() { for f in tests/conformance/*.sh; do [ ! -e "$f" ] || suite "conformance-$(basename "$f" .sh)" "$f"; done; }
e2e() { suite e2e node --test --test-reporter=tap tests/e2e/*.test.mjs; }
tidy() { suite tidy sh -c "make --no-print-directory -k -j2 tidy && echo 'ok 1 - clang-tidy finds nothing'"; }
gates() { for f in tests/gates/*.sh; do [ ! -e "$f" ] || suite "gate-$(basename "$f" .sh)" "$f"; done; }

started=$SECONDS
make --no-print-directory -j2 build >"$logs/build.log" 2>&1 || { grep -E 'error|undefined' "$logs/build.log" | head; echo "the program does not build: see $logs/build.log"; echo "0 passed, 1 failed"; exit 1; }
for s in "${suites[@]}"; do "$s"; done
echo "took $((SECONDS - started)) s"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
