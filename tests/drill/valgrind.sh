#!/usr/bin/env bash
# The program under valgrind, for BINARY: every process of it writes its errors and what it lost for good to build/test-logs/valgrind/PID.
cd "$(dirname "$0")/../.."
mkdir -p build/test-logs/valgrind
exec valgrind --quiet --vgdb=no --trace-children=yes --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite --num-callers=24 \
  --log-file=build/test-logs/valgrind/%p build/valgrind/marketcross "$@"
