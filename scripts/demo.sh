#!/bin/bash
# From a fresh Debian 12 to four ranks that train ResNet-50: installs what is missing, builds,
# compiles the network for a 2x2 mesh and trains it on scikit-learn's digits (32x32, in CIFAR-10's
# format) for a few minutes. Every command is printed, to be typed again with other options;
# DATA=DIR takes CIFAR-10 or other images in its format instead.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

run() {
  printf '\n$'
  printf ' %q' "$@"
  printf '\n'
  "$@"
}

# The tools and the runtime that programs link; scripts/setup.sh builds the tests as well.
run scripts/setup.sh autopar-model autopar-compile

data=${DATA:-data/digits}
if [[ -z ${DATA:-} ]]; then
  run /usr/bin/python3 scripts/make-digits.py "$data"
fi

run mkdir -p out
run build/bin/autopar-model resnet50 --cifar --batch 32 --image 32 --classes 10 -o out/resnet50-cifar.mlir
run build/bin/autopar-compile out/resnet50-cifar.mlir --mesh 2x2 --mem-budget 8GB --target cpu -o out/resnet50-cifar

# Open MPI refuses root, and more ranks than cores, unless told; four ranks on two cores are meant.
((EUID)) || run export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
run mpirun --oversubscribe --bind-to none -n 4 out/resnet50-cifar/train_rank \
  --data "$data" --steps 200 --lr 0.003 --warmup 10 --schedule cosine --eval-every 100
