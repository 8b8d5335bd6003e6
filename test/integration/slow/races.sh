#!/bin/bash
# Emitted CUDA programs under the checks of the stand-in device, on two ranks: a small GPT-2 with
# dropout and ResNet-18 on small images, in f32 and 16 bits, as a graph and call by call. Nothing
# may race, read what nobody has written, or leave the device's memory. Many minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
export PATH=$PWD/build/bin:$PATH OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

autopar-model gpt2 --layers 2 --width 32 --heads 2 --vocab 64 --batch 4 --seq 16 --positions 16 \
  --dropout 0.1 -o "$out/gpt2.mlir"
autopar-model resnet18 --cifar --batch 4 --image 16 --classes 10 -o "$out/resnet18.mlir"

# check NAME MODEL MESH "OPTIONS OF autopar-compile" [OPTIONS OF THE PROGRAM]
check() {
  local name=$1 model=$2 mesh=$3 options=$4 began=$SECONDS
  shift 4
  # shellcheck disable=SC2086
  autopar-compile "$out/$model.mlir" --mesh "$mesh" --target cuda --no-build --quiet $options \
    -o "$out/$name"
  for checks in --races --strict; do
    scripts/standin-run.sh "$out/$name" -n 2 --seed "$RANDOM" $checks \
      --libraries build/test/standin/autopar-standin.cmake -- --data synthetic --steps 3 "$@" \
      > "$out/log" 2>&1 || { cat "$out/log"; echo "$name: $checks has found something"; exit 1; }
  done
  echo "$name: nothing found, $((SECONDS - began)) s"
}

check gpt2-f32 gpt2 2 ""
check gpt2-bf16 gpt2 2 "--precision bf16" --no-graph
check gpt2-fp16 gpt2 2 "--precision fp16"
check resnet18-f32 resnet18 2 ""
check resnet18-fp16 resnet18 2 "--precision fp16"
