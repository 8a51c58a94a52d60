#!/usr/bin/env bash
# What the compiler does not say: includes across rooms, sizes, calls that have safer forms, raw SQL and markup, documentation in step.
set -uo pipefail
cd "$(dirname "$0")/.."
faults=0
fault() { echo "$1"; faults=$((faults + 1)); }

# --- layers: config/layers is the only list, and there are no exceptions
declare -A may
while IFS=: read -r room list; do
  room=$(echo $room); [[ -z $room || $room = \#* ]] && continue
  may[$room]=" $list "
done <config/layers
room_of() { # the longest declared room that holds this path
  local path=$1 best=
  for r in "${!may[@]}"; do
    [[ $path/ == $r/* && ${#r} -gt ${#best} ]] && best=$r
  done
  echo "$best"
}
declare -A room_cache
while IFS=: read -r file _ line; do
  target=$(sed -E 's/^#include "([^"]+)".*/\1/' <<<"$line")
  case $target in
  sql/*) to=sql/gen ;;
  tmpl/*) to=web/tmpl ;;
  *) dir=$(dirname "$target"); [ -n "${room_cache[$dir]+x}" ] || room_cache[$dir]=$(room_of "$dir"); to=${room_cache[$dir]} ;;
  esac
  dir=$(dirname "$file"); [ -n "${room_cache[$dir]+x}" ] || room_cache[$dir]=$(room_of "$dir"); from=${room_cache[$dir]}
  [[ -z $from || -z $to || $from = "$to" || ${may[$from]} == *" * "* || ${may[$from]} == *" $to "* ]] || fault "$file: $from may not include $to ($target)"
done < <(grep -rnE '^#include "' --include='*.c' --include='*.h' daemon catalogue payments sql web)

# --- one door each to libpq, libxml2, bufferevents and jansson
door() { # header pattern, folders that may
  grep -rlE "#include <$1" --include='*.c' --include='*.h' daemon catalogue payments sql web | grep -vE "$2" | while read -r f; do echo "$f: <$1…> belongs to $2"; done
}
while read -r line; do fault "$line"; done < <(
  door libpq '^daemon/db/'
  door event2/bufferevent '^daemon/http/'
  door libxml '^(daemon/base/xml|payments/invoice/|payments/bank/)'
  door jansson '^daemon/base/json')

# --- calls that have safer forms
while read -r line; do fault "$line: has a safer form"; done < <(
  grep -rnE '(^|[^a-zA-Z_.>])(strcpy|strcat|sprintf|vsprintf|strtok|gets|atoi|atol|atof|system|popen|localtime|alloca|strncpy)\(' --include='*.c' --include='*.h' daemon catalogue payments sql web)
while read -r line; do fault "$line: memory comes from the arena or a buffer"; done < <(
  grep -rnE '(^|[^a-zA-Z_])(malloc|calloc|realloc)\(' --include='*.c' daemon catalogue payments web/html | grep -v '^daemon/base/')
while read -r line; do fault "$line: no floating point in payments"; done < <(
  grep -rnE '(^|[^a-zA-Z_])(double|float)[^a-zA-Z_]' --include='*.c' --include='*.h' payments | grep -vE ':[0-9]+: *(/?\*|//)')
while read -r line; do fault "$line: a session setting outlives its transaction"; done < <(
  grep -rniE 'set_config\([^)]*,[[:space:]]*false\)' sql/functions sql/queries sql/views)

# --- sizes
while read -r n f; do [ "$f" = total ] || [ "$n" -le 600 ] || fault "$f: $n lines; a file of over 600 asks for a better shape"; done < <(
  git ls-files '*.c' '*.h' '*.sql' '*.mjs' | grep -vE 'codelist|_data\.|http_raw_rows|package-lock' | xargs -r wc -l)

# --- documentation in step
build/release/marketcross config sample | cmp -s - config/marketcross.conf.sample || fault "config/marketcross.conf.sample is not what \`marketcross config sample\` prints"
for d in $(git ls-files | grep -E '\.(c|sql|html)$' | xargs -rn1 dirname | sort -u | grep -vE 'queries|templates|tests/|views|migrations|golden|static|config/'); do
  [ -e "$d/README.md" ] || fault "$d: has no README.md"
done

# --- what other tools see
if command -v cppcheck >/dev/null; then
  cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
    -I. -Ibuild/gen --error-exitcode=1 -j2 daemon catalogue payments web/html sql/gen web/gen 2>build/cppcheck.log || { cat build/cppcheck.log; fault "cppcheck found something"; }
fi
if [ "$faults" -gt 0 ]; then echo "$faults faults"; exit 1; fi
echo "lint: nothing found"
