#!/usr/bin/env bash
# Remakes the examples with autopar-model. Usage: generate.sh [DIRECTORY], by default this one;
# AUTOPAR_MODEL names the tool where it is not build/bin/autopar-model.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
directory=${1:-$here}
tool=${AUTOPAR_MODEL:-$here/../build/bin/autopar-model}

mkdir -p "$directory"
for model in resnet18 resnet34 resnet50 resnet101 resnet152; do
  "$tool" $model --batch 256 --image 224 --classes 1000 -o "$directory/$model.mlir"
done
for model in resnet18 resnet50; do
  "$tool" $model --cifar --batch 64 --image 32 --classes 10 -o "$directory/$model-cifar.mlir"
done
for model in gpt2 gpt2-medium; do
  "$tool" $model --batch 8 --seq 1024 -o "$directory/$model.mlir"
done
