#!/usr/bin/env bash
# The n-th allocation of a worker fails (TRIES=10 of them; STEP=1 is every one).
set -euo pipefail
cd "$(dirname "$0")/../.."
make --no-print-directory -s build/drill/fault.so
exec node tests/drill/alloc.mjs
