#!/bin/bash
# Tokens a second of GPT-2 small, batch 1, 256 tokens, on one rank with every core: the compiled
# program beside PyTorch with as many threads. The goal is to be ahead. They take turns, so that a
# machine that slows down slows both. Both train on one batch that is in memory, and evaluate nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
batch=1 seq=256 steps=${STEPS:-8}
out=$(mktemp -d build/gpt2-speed.XXXXXX)
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-$(nproc)}

build/bin/autopar-model gpt2 --batch $batch --seq $seq -o "$out/model.mlir"
build/bin/autopar-compile "$out/model.mlir" --mesh 1x1 --target cpu --quiet -o "$out/program"
/usr/bin/python3 - "$out/batch.safetensors" $batch $seq << 'PYTHON'
import sys
sys.path.append("test/integration/oracle")
import numpy, safetensors
text = numpy.random.RandomState(0).randint(0, 50257, (int(sys.argv[2]), int(sys.argv[3]) + 1)).astype(numpy.int32)
safetensors.save(sys.argv[1], {"tokens": text[:, :-1], "labels": text[:, 1:]})
PYTHON
for turn in 1 2 3; do
  "$out/program/train_rank" --fixed-batch "$out/batch.safetensors" --steps $steps --log "$out/autopar-$turn.jsonl" > /dev/null
  /usr/bin/python3 test/integration/oracle/speed_gpt2.py --batch $batch --seq $seq --steps $steps --log "$out/pytorch-$turn.jsonl"
done
/usr/bin/python3 - "$out" << 'PYTHON'
import glob, json, statistics, sys
def tokens_per_second(who):
    """The median of all turns' steps, less each turn's first two."""
    return statistics.median(line["tokens_per_second"] for path in glob.glob(f"{sys.argv[1]}/{who}-*")
                             for line in map(json.loads, open(path))
                             if "loss" in line and line["step"] > 2)
autopar, pytorch = tokens_per_second("autopar"), tokens_per_second("pytorch")
print(f"autopar {autopar:.1f} tokens/s, PyTorch {pytorch:.1f} tokens/s: {autopar / pytorch:.2f} times")
sys.exit(autopar < pytorch)
PYTHON
rm -rf "$out"
