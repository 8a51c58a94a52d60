#!/usr/bin/env bash
# The story once under valgrind, from signing in to reconciliation: no error, and nothing lost for good, in any process.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v valgrind >/dev/null || { echo "ok 1 - the story under valgrind # SKIP valgrind is not installed"; exit 0; }
rm -rf build/test-logs/valgrind
mkdir -p build/test-logs/valgrind
chmod 1777 build/test-logs/valgrind # the workers' rights are fewer than ours
BINARY=tests/drill/valgrind.sh node --test --test-reporter=tap tests/e2e/story.test.mjs
found=$(find build/test-logs/valgrind -type f -size +0)
if [ -n "$found" ]; then echo "not ok - valgrind found something:"; head -n 40 $found; exit 1; fi
echo "ok - valgrind found nothing in $(find build/test-logs/valgrind -type f | wc -l) processes"
