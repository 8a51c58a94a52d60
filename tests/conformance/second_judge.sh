#!/bin/bash
# The second judge, small: the matcher on its invented towns, then the reader on its own statements. Larger: node tests/fakebank/second_judge.mjs --size 20000
set -uo pipefail
make --no-print-directory build >/dev/null || exit 1
status=0
node tests/fakebank/second_judge.mjs --size 1000 --seeds 3,4 || status=1
node tests/fakebank/second_judge_statements.mjs || status=1
exit $status
