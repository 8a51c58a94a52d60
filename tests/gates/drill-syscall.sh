#!/usr/bin/env bash
# The n-th system call of a worker fails, is interrupted, or moves one byte (TRIES=8 of each; STEP=1 is every one).
set -euo pipefail
cd "$(dirname "$0")/../.."
make --no-print-directory -s build/drill/fault.so
exec node tests/drill/syscall.mjs
