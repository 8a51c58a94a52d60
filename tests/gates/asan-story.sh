#!/usr/bin/env bash
# The story, and what other programs ask of the directory, once more on the program built with the address and undefined-behaviour sanitizers: a worker that they end fails it.
set -euo pipefail
cd "$(dirname "$0")/../.."
make --no-print-directory -s -j2 VARIANT=asan build
BINARY=build/asan/marketcross node --test --test-reporter=tap tests/e2e/story.test.mjs
MC_PROGRAM=build/asan/marketcross exec node --test --test-reporter=tap tests/e2e/directory.test.mjs
