#!/bin/bash
# Trains with an emitted CUDA program where there is no GPU: builds the folder against the
# stand-in device (test/standin) and starts its ranks on this machine.
#
#   scripts/standin-run.sh FOLDER [-n RANKS] [--seed N] [--races | --strict] [--build DIR] \
#     -- OPTIONS
#
#   -n RANKS      how many, 1 unless given
#   --seed N      another order of what a GPU does in no order (1): threads of a block, work of
#                 streams, nodes of graphs
#   --races       also finds what nothing orders: streams' work on the same bytes, whatever order
#                 the seed has it done in, and threads of a kernel on the same memory
#   --strict      all checks: races; memory, shared memory too, that is read and that nobody has
#                 written; kernels that touch the host's pageable memory. Either takes its time
#   --build DIR   where it is built, FOLDER-standin unless given; a second run builds nothing anew
#   --libraries FILE
#                 autopar-standin.cmake of autopar's build (build/test/standin), whose libraries
#                 are taken instead of building the folder's own runtime
#   OPTIONS       the program's own: --data DIR --steps 20
#
# The exit code is the program's, or 1 where the stand-in has found a fault, which it prints.
set -euo pipefail

usage() {
  sed -n '5,20s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

folder='' ranks=1 seed=1 build='' libraries='' checks=''
while (($#)) && [[ $1 != -- ]]; do
  case $1 in
  -n) ranks=${2:-} ;;
  --seed) seed=${2:-} ;;
  --build) build=${2:-} ;;
  --libraries) libraries=$(realpath "${2:-}") ;;
  --races | --strict)
    [[ $checks == strict ]] || checks=${1#--}
    shift
    continue
    ;;
  -*) usage ;;
  *)
    [[ -z $folder ]] || usage
    folder=$1
    shift
    continue
    ;;
  esac
  (($# >= 2)) || usage
  shift 2
done
(($#)) && shift
[[ -f $folder/train_rank.cpp && $ranks =~ ^[1-9][0-9]*$ && $seed =~ ^[0-9]+$ ]] || usage
folder=$(cd "$folder" && pwd)
build=${build:-$folder-standin}

standin=$(cd "$(dirname "${BASH_SOURCE[0]}")/../test/standin" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
launcher=()
command -v ccache > /dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
if ! { cmake -S "$standin" -B "$build" -DAUTOPAR_PROGRAM="$folder" \
             -DAUTOPAR_STANDIN_LIBRARIES="$libraries" "${launcher[@]}" &&
       cmake --build "$build" --target train_rank --parallel "$(nproc)"; } > "$log" 2>&1; then
  cat "$log" >&2
  echo "standin-run.sh: $folder cannot be built against the stand-in" >&2
  exit 1
fi

rm -f "$log"
export STANDIN_SEED=$seed STANDIN_CHECKS=$checks
((ranks == 1)) && exec "$build/train_rank" "$@"
((EUID)) || export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
exec mpirun --oversubscribe --bind-to none -n "$ranks" "$build/train_rank" "$@"
