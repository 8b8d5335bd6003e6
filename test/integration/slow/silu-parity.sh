#!/bin/bash
# graph.silu, forward and backward, computes what PyTorch's SiLU does, on one rank and on two: about
# half a minute.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
export OMP_WAIT_POLICY=passive
PATH=$PWD/build/bin:$PATH /usr/bin/python3 test/integration/silu_test.py
