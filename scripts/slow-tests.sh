#!/bin/bash
# The tests that take minutes: every script in test/integration/slow, one after the other. Each
# prints its figures, and fails where one misses its bar. Arguments are names of scripts to run
# instead of all: scripts/slow-tests.sh digits-accuracy
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh

tests=(test/integration/slow/*.sh)
(($#)) && tests=("${@/#/test/integration/slow/}") && tests=("${tests[@]/%/.sh}")
passed=0 failed=0
for test in "${tests[@]}"; do
  echo "== $test"
  SECONDS=0
  if bash "$test" < /dev/null; then
    passed=$((passed + 1)) verdict=passed
  else
    failed=$((failed + 1)) verdict=FAILED
  fi
  echo "== $test $verdict after $SECONDS s"
done
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
