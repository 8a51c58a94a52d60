#!/usr/bin/env bash
# Slow heads, bodies and readers beside a good client (CLIENTS=2000).
set -euo pipefail
cd "$(dirname "$0")/../.."
exec node tests/drill/slow.mjs
