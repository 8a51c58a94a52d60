#!/usr/bin/env bash
# The jobs process killed at each of its messages to the database.
set -euo pipefail
cd "$(dirname "$0")/../.."
make --no-print-directory -s build/drill/fault.so
exec node tests/drill/jobs.mjs
