#!/bin/bash
# Builds, then runs every test: text tests, unit tests, and compiled programs under mpirun.
# Options go to lit: scripts/test.sh --filter resharding. The last line counts what ran.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh

# Programs under mpirun take turns, and a worker of lit's that waits for its turn does nothing
# else. So theirs is a run of its own, beside the run of all others, which is printed after it.
results=(build/test/results-integration.json build/test/results.json)
log=build/test/results.log
lit=(/usr/lib/llvm-22/bin/lit -sv --timeout 900 --time-tests --allow-empty-runs)
workers=$(($(nproc) > 1 ? $(nproc) - 1 : 1))
rm -f "${results[@]}"
status=0
"${lit[@]}" -j "$workers" --output "${results[1]}" --filter-out integration/ build/test "$@" \
  > "$log" 2>&1 &
others=$!
trap 'kill $others 2> /dev/null || true' EXIT
"${lit[@]}" --output "${results[0]}" --filter-out '^((?!integration/).)*$' build/test "$@" ||
  status=$?
wait $others || status=$?
trap - EXIT
cat "$log"
/usr/bin/python3 scripts/count-tests.py "${results[@]}" || status=1
exit $status
