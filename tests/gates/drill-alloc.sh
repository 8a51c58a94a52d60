#!/usr/bin/env bash
# Allocations of a worker that fail (TRIES=10; STEP=1 is every one).
set -euo pipefail
cd "$(dirname "$0")/../.."
make --no-print-directory -s build/drill/fault.so
exec node tests/drill/alloc.mjs
