#!/bin/bash
# An example compiles to CUDA for meshes, a precision each, and nvcc takes its programs without a
# warning. No GPU is needed. Usage: build.sh EXAMPLE FOLDER MESH:PRECISION...
set -euo pipefail
root=$(dirname "$(realpath "$0")")/../../..
example=$1 folder=$2
rm -rf "$folder"
for variant in "${@:3}"; do
  mesh=${variant%:*} precision=${variant#*:} program=$folder/${variant%:*}
  autopar-compile "$root/examples/$example.mlir" --target cuda --mesh "$mesh" --precision "$precision" \
    --time-limit 10 --quiet --no-build -o "$program"
  for source in "$program"/*.c*; do
    nvcc -std=c++20 -O0 --extended-lambda --expt-relaxed-constexpr -Werror all-warnings \
      -Xcompiler=-Wall,-Wextra,-Werror -I "$program" -c "$source" -o "$program/object.o"
  done
  echo "$mesh $precision: $(cat "$program"/*.c* | wc -l) lines"
  rm -rf "$program"
done
