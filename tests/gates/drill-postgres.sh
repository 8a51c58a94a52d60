#!/usr/bin/env bash
# PostgreSQL killed under load (KILLS=20; 100 is the large size).
set -euo pipefail
cd "$(dirname "$0")/../.."
exec node tests/drill/postgres.mjs
