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

# together 'NAME COMMAND…'…: two at a time, because one often waits for deadlines or silence while another works; each is counted when it has ended.
together() {
  local entry pid code
  local -A running=()
  for entry in "$@" ''; do
    while [ ${#running[@]} -ge "$([ "$entry" ] && echo 2 || echo 1)" ]; do
      wait -n -p pid "${!running[@]}"
      code=$? name=${running[$pid]}
      unset "running[$pid]"
      count "$logs/$name.log" $code
    done
    [ "$entry" ] || return 0
    eval "${entry#* }" >"$logs/${entry%% *}.log" 2>&1 &
    running[$!]=${entry%% *}
  done
}

unit() {
  name=build
  if ! make --no-print-directory -j2 VARIANT=asan unit-binaries >"$logs/build-asan.log" 2>&1; then
    failed=$((failed + 1)); grep -E 'error|undefined' "$logs/build-asan.log" | head -20; echo "the unit tests do not build: see $logs/build-asan.log"; return
  fi
  local tests
  mapfile -t tests < <(basename -s .c -a tests/unit/test_*.c | sed 's,.*,& build/asan/tests/&,')
  together "${tests[@]}"
}

# scripts PREFIX FOLDER: runs every script of the folder.
scripts() {
  local prefix=$1 found
  mapfile -t found < <(for f in "$2"/*.sh; do echo "$prefix-$(basename "$f" .sh) $f"; done)
  together "${found[@]}"
}

# Every fuzzer over its corpus and a minute of search (FUZZ_SECONDS).
fuzz() { together "fuzz tests/fuzz/run.sh ${FUZZ_SECONDS:-60}"; }
sql() { together 'pgtap env MC_PROVE=-v tests/sql/run.sh' 'races tests/sql/race.sh'; }
db() { together 'db make --no-print-directory test-db'; }
conformance() { scripts conformance tests/conformance; }
e2e() { together 'e2e node --test --test-concurrency=2 --test-reporter=tap tests/e2e/*.test.mjs'; }
tidy() { together 'tidy make --no-print-directory -k -j2 tidy && echo "ok 1 - clang-tidy finds nothing"'; }
gates() {
  # What several of them need, so that no two build it at once.
  { make --no-print-directory -j2 build/drill/fault.so build/release/tests/bench/model && make --no-print-directory -j2 VARIANT=asan build; } >"$logs/build-gates.log" 2>&1
  scripts gate tests/gates
}

started=$SECONDS
make --no-print-directory -j2 build >"$logs/build.log" 2>&1 || { grep -E 'error|undefined' "$logs/build.log" | head; echo "the program does not build: see $logs/build.log"; echo "0 passed, 1 failed"; exit 1; }
for s in "${suites[@]}"; do "$s"; done
echo "took $((SECONDS - started)) s"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
