#!/bin/bash
# Writes the golden sources that golden-loops.test compares with, to Inputs or to FOLDER:
#   renew-golden.sh [FOLDER]
# The build's tools are taken from PATH.
set -euo pipefail

inputs=${1:-$(dirname "${BASH_SOURCE[0]}")/Inputs}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

renew() { # NAME MODEL-OPTIONS
  local name=$1
  shift
  autopar-model "$name" "$@" -o "$work/$name.mlir"
  autopar-compile "$work/$name.mlir" --target cpu --device cpu --quiet --no-build -o "$work/$name"
  # Paths and the runtime's digest differ from machine to machine.
  sed '/command/d;/digest/d' "$work/$name/train_rank.cpp" > "$inputs/$name.train_rank.cpp"
}

renew gpt2 --layers 3 --width 32 --heads 2 --seq 16 --positions 16 --vocab 100 --batch 4
renew resnet18 --cifar --batch 4
