#!/bin/bash
# ResNet-18, trained by four ranks on the digits, classifies at least 95 % of the test images.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
out=$(mktemp -d build/digits-accuracy.XXXXXX)

/usr/bin/python3 scripts/make-digits.py "$out/digits"
build/bin/autopar-model resnet18 --cifar --batch 64 --image 32 --classes 10 -o "$out/resnet18.mlir"
build/bin/autopar-compile "$out/resnet18.mlir" --mesh 2x2 --target cpu -o "$out/program"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
mpirun --oversubscribe --bind-to none -n 4 "$out/program/train_rank" --data "$out/digits" \
  --epochs 5 --lr 0.02 --warmup 10 --schedule cosine --log "$out/log.jsonl"

/usr/bin/python3 - "$out/log.jsonl" << 'PYTHON'
import json, sys
accuracy = [line["test_accuracy"] for line in map(json.loads, open(sys.argv[1])) if "test_accuracy" in line]
print(f"test accuracy {accuracy[-1]:.3f}, wanted 0.950")
sys.exit(accuracy[-1] < 0.95)
PYTHON
rm -rf "$out"
