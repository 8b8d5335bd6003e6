#!/bin/bash
# Everything that only a GPU can tell, in one call of under ten minutes on a machine that has one,
# but no LLVM, no cmake and no autopar: conformance, losses beside the CPU's, peak memory, speed beside
# PyTorch, and what the device model should say of the device.
#
#   scripts/gpu-check.sh prepare FOLDER    where autopar is built: compiles the programs, records the
#                                          CPU's losses; GPU=FILE.json plans for that GPU (h100)
#   FOLDER/gpu-check.sh run [OUTPUT]       where the GPU is: builds, runs, writes OUTPUT/results.md
#
# The second needs nvcc, g++, cuDNN, NCCL and python3; PyTorch, MPI and compute-sanitizer are used
# where they are. A part that fails or takes too long is a line of the table and stops nothing else.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  sed -n '2,/^set/{/^# \{0,1\}/!d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}" >&2
  exit 1
}

case ${1-} in
prepare)
  (($# == 2)) || usage
  exec "$here/gpu-check/prepare.sh" "$2"
  ;;
run)
  (($# <= 2)) || usage
  [[ -d $here/programs ]] || {
    echo "error: $here holds no programs; make a folder with: gpu-check.sh prepare FOLDER" >&2
    exit 1
  }
  exec python3 "$here/gpu-check/check.py" "$here" "${2-$here/results}"
  ;;
*) usage ;;
esac
