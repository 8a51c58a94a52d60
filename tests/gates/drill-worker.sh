#!/usr/bin/env bash
# Workers killed under load (KILLS=50; 500 is the large size).
set -euo pipefail
cd "$(dirname "$0")/../.."
exec node tests/drill/worker.mjs
