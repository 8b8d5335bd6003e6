#!/bin/bash
# Images a second of ResNet-50 at 224x224, batch 8, on one rank with every core: the compiled
# program beside PyTorch with as many threads. The goal is to be ahead. They take turns, so that a
# machine that slows down slows both. Both train on one batch that is in memory, and evaluate nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
model=resnet50 batch=8 image=224 steps=${STEPS:-8}
out=$(mktemp -d build/speed.XXXXXX)
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-$(nproc)}

build/bin/autopar-model $model --batch $batch --image $image --classes 1000 --momentum 0.9 -o "$out/model.mlir"
build/bin/autopar-compile "$out/model.mlir" --mesh 1x1 --target cpu -o "$out/program"
/usr/bin/python3 - "$out/batch.safetensors" $batch $image << 'PYTHON'
import sys
sys.path.append("test/integration/oracle")
import numpy, safetensors
batch, image = map(int, sys.argv[2:])
random = numpy.random.RandomState(0)
safetensors.save(sys.argv[1], {
    "images": random.standard_normal((batch, image, image, 3)).astype(numpy.float32),
    "labels": random.randint(0, 1000, batch).astype(numpy.int32)})
PYTHON
for turn in 1 2 3; do
  "$out/program/train_rank" --fixed-batch "$out/batch.safetensors" --lr 0.01 --steps $steps --log "$out/autopar-$turn.jsonl" > /dev/null
  /usr/bin/python3 test/integration/oracle/speed.py $model --batch $batch --image $image \
    --steps $steps --log "$out/pytorch-$turn.jsonl"
done
/usr/bin/python3 - "$out" << 'PYTHON'
import glob, json, statistics, sys
def images_per_second(who):
    """The median of all turns' steps, less each turn's first two."""
    return statistics.median(line["images_per_second"] for path in glob.glob(f"{sys.argv[1]}/{who}-*")
                             for line in map(json.loads, open(path))
                             if "loss" in line and line["step"] > 2)
autopar, pytorch = images_per_second("autopar"), images_per_second("pytorch")
print(f"autopar {autopar:.2f} images/s, PyTorch {pytorch:.2f} images/s: {autopar / pytorch:.2f} times")
sys.exit(autopar < pytorch)
PYTHON
rm -rf "$out"
