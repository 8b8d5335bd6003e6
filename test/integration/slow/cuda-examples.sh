#!/bin/bash
# Every example compiles to CUDA for 1x1, 2x2 and 2x4, and its program is translated by nvcc and linked
# without a warning. No GPU is needed. EXAMPLES names some of the examples, all where it is not set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
command -v nvcc > /dev/null || { echo "nvcc is not here: nothing to build with" >&2; exit 1; }
out=$(mktemp -d build/cuda-examples.XXXXXX)
trap 'rm -rf "$out"' EXIT
examples=(${EXAMPLES:-$(basename -s .mlir -a examples/*.mlir)})
built=0
for example in "${examples[@]}"; do
  for mesh in 1x1 2x2 2x4; do
    program=$out/$example-$mesh
    build/bin/autopar-compile "examples/$example.mlir" --target cuda --mesh $mesh --quiet -o "$program"
    [[ -x $program/train_rank ]]
    nvcc -std=c++20 -O0 -Werror all-warnings -Xcompiler=-Wall,-Wextra,-Werror -I "$program" \
      -c "$program/train_rank.cpp" -o "$program/train_rank.o"
    built=$((built + 1))
    echo "$example on $mesh: $(wc -l < "$program/train_rank.cpp") lines"
    rm -rf "$program"
  done
done
echo "$built programs"
((built == 3 * ${#examples[@]}))
