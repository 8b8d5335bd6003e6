#!/bin/bash
# A GPT-2 of 3 million parameters, trained by four ranks on Python's standard library byte by byte,
# has to reach a validation loss below 2.0 nats a byte: see docs/GPT2.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
out=$(mktemp -d build/gpt2-text.XXXXXX)
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMP_WAIT_POLICY=passive

library=$(/usr/bin/python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
scripts/make-tokens.py "$library"/*.py -o "$out/text"
build/bin/autopar-model gpt2 --layers 4 --width 256 --heads 4 --vocab 256 --batch 16 --seq 128 \
  --positions 128 -o "$out/model.mlir"
build/bin/autopar-compile "$out/model.mlir" --mesh 2x2 --target cpu --quiet -o "$out/program"
mpirun --oversubscribe --bind-to none -n 4 "$out/program/train_rank" --data "$out/text" --steps 400 \
  --lr 2e-3 --warmup 20 --schedule cosine --eval-every 50 --log "$out/log.jsonl" < /dev/null

/usr/bin/python3 - "$out/log.jsonl" << 'PYTHON'
import json, sys
losses = [line["test_nats_per_byte"] for line in map(json.loads, open(sys.argv[1])) if "test_nats_per_byte" in line]
print(f"validation loss {losses[-1]:.3f} nats a byte, wanted below 2")
sys.exit(losses[-1] >= 2)
PYTHON
rm -rf "$out"
