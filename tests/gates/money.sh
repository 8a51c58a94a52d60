#!/usr/bin/env bash
# Random calls against a book in memory (N=100000; 10000000 is the large size), each sent again with the same and with another body; then 64 sessions drain a budget.
set -euo pipefail
cd "$(dirname "$0")/../.."
make --no-print-directory -s build/release/tests/bench/model
exec tests/bench/model.sh
