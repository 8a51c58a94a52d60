#!/usr/bin/env bash
# Corruptions planted in ledger and log: the verifier names every one.
set -euo pipefail
cd "$(dirname "$0")/../.."
make --no-print-directory -s build/release/tests/bench/model
exec tests/sql/tamper.sh
