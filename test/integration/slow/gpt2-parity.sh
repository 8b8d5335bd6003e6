#!/bin/bash
# GPT-2 on every mesh of up to four ranks, and under each kind of plan, computes what PyTorch does.
# Two of each are among the quick tests (test/integration/parity).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
out=$(mktemp -d build/gpt2-parity.XXXXXX)
export OMP_WAIT_POLICY=passive

for mesh in 2x1 1x2 4x1; do
  test/integration/oracle/parity.sh gpt2 $mesh
done
build/bin/autopar-model gpt2 --layers 4 --width 128 --heads 4 --vocab 256 --batch 8 --seq 64 \
  --positions 64 -o "$out/model.mlir"
for split in batch heads sequence vocabulary "batch batch" "heads heads" "heads vocabulary" "sequence heads"; do
  axes=($split)
  mesh=$([[ ${#axes[@]} == 1 ]] && echo 4 || echo 2x2)
  echo "== split: $split"
  test/integration/plans_gpt2.py "$out/model.mlir" $mesh "${axes[@]}" > "$out/plan.json"
  test/integration/oracle/parity.sh gpt2 $mesh "$out/plan.json"
done
rm -rf "$out"
