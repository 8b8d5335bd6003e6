#!/bin/bash
# All examples as programs of the CUDA target, through nvcc without a warning; three of them are
# in every run of the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
export PATH=$PWD/build/bin:$PATH
out=$(mktemp -d build/cuda-examples.XXXXXX)
for example in examples/*.mlir; do
  example=$(basename "$example" .mlir)
  echo "$example"
  test/compiler/cuda-examples/build.sh "$example" "$out/$example"
done
rm -r "$out"
