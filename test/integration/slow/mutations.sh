#!/bin/bash
# Do the tests on the stand-in device bite: 240 small faults in the CUDA target's kernels, calls
# and an emitted program (test/mutations), each of which a test or a check must find. An argument,
# or PART of the environment, runs a part: PART=3/10. Each mutant is a compilation and a run of
# what covers it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
export PATH=$PWD/build/bin:$PATH
/usr/bin/python3 test/mutations/run.py "$PWD" "$PWD/build" "${1:-${PART:-1/1}}"
