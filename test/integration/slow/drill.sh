#!/bin/bash
# 200 kills of runs that save at every step, of one rank and of two, at random moments: each goes on from
# something whole, and the last ends with the bits of the run that never was killed. Some minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
PATH=$PWD/build/bin:$PATH
/usr/bin/python3 test/integration/checkpoints_test.py --kills 100
