#!/bin/bash
# What only a GPU can tell, in the minutes that one is at hand, on a machine that has it, but no LLVM and
# no autopar: everything is built before, and carried.
#
#   scripts/gpu-check.sh prepare [--standin FILE] FOLDER
#       where autopar is built and nvcc is: builds the programs, and trains the CPU's to compare with.
#       GPU=FILE.json plans for that GPU (h100), GPU_CHECK_ARCH builds for it (sm_90). With FILE,
#       autopar-standin.cmake of a build, the programs are small and run on the stand-in device.
#   FOLDER/gpu-check.sh run [--first-light] [--speed] [--rest] [--limit SECONDS] [--build] [OUTPUT]
#       where the GPU is. First light: every library's first calls, conformance, losses and gradients
#       beside the CPU's, peak memory (175 s). Speed: beside torch.compile, a time for each call,
#       device.json (475 s). The rest: every budget, four ranks, compute-sanitizer (570 s). All three
#       where none is named. --build builds the programs there, with nvcc and g++.
#
# Rows come to OUTPUT/results.md and results.jsonl (FOLDER/results) as they are known. The second needs
# cuDNN, cuBLAS, NCCL, which PyTorch's packages bring, and python3; PyTorch, MPI, nvcc and compute-sanitizer
# are used where they are. A part that fails or takes too long is a row and stops nothing else.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  sed -n '2,/^set/{/^# \{0,1\}/!d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}" >&2
  exit 1
}

case ${1-} in
prepare)
  shift
  standin=()
  if [[ ${1-} == --standin ]]; then
    (($# >= 2)) || usage
    [[ -f $2 ]] || { echo "error: $2 is no file; build autopar, which writes it" >&2; exit 1; }
    standin=(--standin "$(realpath "$2")")
    shift 2
  fi
  (($# == 1)) && [[ $1 != -* ]] || usage
  exec "$here/gpu-check/prepare.sh" "${standin[@]}" "$1"
  ;;
run)
  [[ -d $here/programs ]] || {
    echo "error: $here holds no programs; make a folder with: gpu-check.sh prepare FOLDER" >&2
    exit 1
  }
  shift
  exec python3 -B "$here/gpu-check/check.py" "$here" "$@"
  ;;
*) usage ;;
esac
