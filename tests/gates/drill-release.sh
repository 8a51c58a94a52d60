#!/usr/bin/env bash
# A release under load loses no request (ROUNDS=3).
set -euo pipefail
cd "$(dirname "$0")/../.."
exec node tests/drill/release.mjs
