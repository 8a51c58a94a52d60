#!/usr/bin/env bash
# Workers killed under load (KILLS=50; 500 is the large size). How soon they are back is printed here and judged by `make drill-worker`.
set -euo pipefail
cd "$(dirname "$0")/../.."
TIMES=print exec node tests/drill/worker.mjs
