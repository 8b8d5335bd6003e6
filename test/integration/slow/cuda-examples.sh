#!/bin/bash
# All examples as programs of the CUDA target, for three meshes, through nvcc without a warning;
# three of these programs are in every run of the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
export PATH=$PWD/build/bin:$PATH
out=$(mktemp -d build/cuda-examples.XXXXXX)
for example in examples/*.mlir; do
  example=$(basename "$example" .mlir)
  echo "$example"
  test/compiler/cuda-examples/build.sh "$example" "$out/$example" 1x1:fp16 2x2:bf16 2x4:f32
done
rm -r "$out"
