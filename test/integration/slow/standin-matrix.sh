#!/bin/bash
# Whole CUDA programs on the stand-in device, in every precision, mesh and transport, and with everything
# that a step can have, against the CPU target's, and a GPT-2's against PyTorch in double precision. The
# arguments are parts of the names of cases to run instead of all. A case took 45 to 200 s on two cores that
# others used (load 12); there are 54.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
export PATH=$PWD/build/bin:$PATH OMP_WAIT_POLICY=passive
/usr/bin/python3 test/integration/standin_matrix.py "$PWD" "$PWD/build" "$@"
(($#)) && exit
export AUTOPAR_STANDIN=$PWD/build/test/standin/autopar-standin.cmake
test/integration/oracle/parity.sh gpt2 2x2 --layers 2 --width 32 --seq 16 --positions 16 --vocab 61 --steps 4
