#!/bin/bash
# Runs that are killed and damaged at random moments go on from something whole and end with the bits of
# the run that nothing disturbed: a ResNet and a GPT-2 on four ranks, and small runs that save at every
# step. Needs root, for a disk that is full. Took 13 min on two cores that others used.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
PATH=$PWD/build/bin:$PATH
/usr/bin/python3 test/integration/drill.py "$@"
/usr/bin/python3 test/integration/checkpoints_test.py --kills 30
