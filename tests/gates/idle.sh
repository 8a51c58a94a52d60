#!/usr/bin/env bash
# Memory of idle connections (PLAIN=10000, SECURE=1000; 10000 is the large size).
set -euo pipefail
cd "$(dirname "$0")/../.."
exec node tests/drill/idle.mjs
