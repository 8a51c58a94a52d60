#!/usr/bin/env bash
# The import of a list killed at each of its messages to the database, and run again.
set -euo pipefail
cd "$(dirname "$0")/../.."
make --no-print-directory -s build/drill/fault.so
exec node tests/drill/import.mjs
