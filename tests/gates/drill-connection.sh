#!/usr/bin/env bash
# The connection to the database cut, silent, half open (ROUNDS=1).
set -euo pipefail
cd "$(dirname "$0")/../.."
exec node tests/drill/connection.mjs
