#!/bin/bash
# Published statements, where ../shared is at hand, and a small invented world through reader and matcher.
set -euo pipefail
make --no-print-directory VARIANT=asan build/asan/tests/test_bank_conformance >/dev/null
make --no-print-directory build/release/tests/fakebank >/dev/null
build/asan/tests/test_bank_conformance
build/release/tests/fakebank score 11 2000
build/release/tests/fakebank noise 12 1000 4
