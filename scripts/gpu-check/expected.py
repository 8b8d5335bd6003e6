#!/usr/bin/python3
"""What a CPU's program of one rank computes, for a GPU's to be held against: writes NAME.batch, the batches
that it trains on, and NAME.json, its first losses and a part of its gradients after 1 and 4 steps.

    expected.py PROGRAM NAME gpt2|resnet BATCH SIZE VOCABULARY    SIZE: tokens, or an image's side
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy

import samples

sys.path.insert(0, f"{os.path.dirname(os.path.abspath(__file__))}/../../test/integration/oracle")
import kinks  # noqa: E402
import safetensors  # noqa: E402

RATE, BATCHES = "0.001", 4


def batches(kind, batch, size, vocabulary):
    random = numpy.random.default_rng(1)
    if kind == "gpt2":
        text = random.integers(vocabulary, size=(BATCHES, batch, size + 1)).astype(numpy.int32)
        return {"tokens": text[:, :, :-1], "labels": text[:, :, 1:]}
    images = random.standard_normal((BATCHES, batch, size, size, 3)).astype(numpy.float32)
    return {"images": images,
            "labels": random.integers(vocabulary, size=(BATCHES, batch)).astype(numpy.int32)}


def main():
    program, name, kind, *sizes = sys.argv[1:]
    safetensors.save(f"{name}.batch", batches(kind, *map(int, sizes)))
    expected = {"rate": RATE}
    with tempfile.TemporaryDirectory() as folder:
        start, saved, log = (f"{folder}/{file}" for file in ("start", "saved", "log"))

        def train(rate, steps, *options):
            subprocess.run([f"{program}/train_rank", "--fixed-batch", f"{name}.batch", "--lr", rate,
                            "--steps", steps, *options], check=True, stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL)

        # As the GPU's program does it, for a start would be too large to be carried; a rate that changes
        # nothing.
        train("1e-30", "1", "--save", start)
        kinks.clear(start)
        for steps in ("1", "4"):
            train(RATE, steps, "--init", start, "--save", saved, "--log", log)
            with open(log) as file:
                losses = [line["loss"] for line in map(json.loads, file) if "loss" in line]
            expected[steps] = {"losses": losses, "slots": samples.read(saved)}
    with open(f"{name}.json", "w") as file:
        json.dump(expected, file)


if __name__ == "__main__":
    main()
