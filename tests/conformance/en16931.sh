#!/usr/bin/env bash
# The official test documents of EN 16931 against our rules: every fragment as declared, every example without a fatal rule.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ ! -d ../shared/conformance/en16931 ]; then
  echo "skipped: no ../shared"
  exit 0
fi
make --no-print-directory -s build/release/tests/test_invoice_conformance
exec build/release/tests/test_invoice_conformance
