#!/usr/bin/env bash
# The disks of the database full under load (ROUNDS=1); skipped where nothing may be mounted.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec node tests/drill/disk.mjs
