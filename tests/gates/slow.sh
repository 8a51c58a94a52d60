#!/usr/bin/env bash
# Slow heads, bodies and readers beside a good client (CLIENTS=2000). Its p99 is printed here and judged by `make gate-slow`.
set -euo pipefail
cd "$(dirname "$0")/../.."
TIMES=print exec node tests/drill/slow.mjs
