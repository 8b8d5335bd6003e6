#!/bin/bash
# Builds, then runs every test: text tests, unit tests, and compiled programs under mpirun.
# Options go to lit: scripts/test.sh --filter resharding. The last line counts what ran.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh

results=build/test/results.json
rm -f "$results"
status=0
/usr/lib/llvm-22/bin/lit -sv --timeout 900 --time-tests --output "$results" build/test "$@" ||
  status=$?
/usr/bin/python3 scripts/count-tests.py "$results" || status=1
exit $status
