"""A step of micro-batches computes what one large batch computes.

    micro_batches_test.py

A small GPT-2 with dropout off, once with batches of 8 and once with 2 micro-batches of 4, on the same
tokens: the losses of six AdamW steps with clipping agree. The tools are taken from PATH.
"""

import os
import sys
import tempfile

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"))
import safetensors  # noqa: E402
from commands import ENVIRONMENT, losses_in, run  # noqa: E402

SEQUENCE, VOCABULARY = 32, 64


def losses(folder, batch, micro_batches, mesh, ranks):
    name = f"{batch}x{micro_batches}-{mesh}"
    run("autopar-model", "gpt2", "--batch", str(batch), "--seq", str(SEQUENCE), "--layers", "2",
        "--width", "32", "--heads", "4", "--vocab", str(VOCABULARY), "-o", f"{name}.mlir", cwd=folder)
    run("autopar-compile", f"{name}.mlir", "--mesh", mesh, "--target", "cpu", "--quiet",
        "--micro-batches", str(micro_batches), "-o", name, cwd=folder)
    run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks), f"{name}/train_rank",
        "--fixed-batch", f"{batch}.safetensors", "--steps", "6", "--lr", "0.01", "--verify",
        "--log", f"{name}.jsonl", cwd=folder, env=ENVIRONMENT)
    return losses_in(f"{folder}/{name}.jsonl")


def main():
    random = numpy.random.default_rng(0)
    tokens = random.integers(VOCABULARY, size=(8, SEQUENCE)).astype(numpy.int32)
    labels = random.integers(VOCABULARY, size=(8, SEQUENCE)).astype(numpy.int32)
    with tempfile.TemporaryDirectory() as folder:
        safetensors.save(f"{folder}/8.safetensors", {"tokens": tokens, "labels": labels})
        safetensors.save(f"{folder}/4.safetensors", {"tokens": tokens.reshape(2, 4, SEQUENCE),
                                                     "labels": labels.reshape(2, 4, SEQUENCE)})
        whole = losses(folder, 8, 1, "1", 1)
        assert len(whole) == 6 and whole[-1] < whole[0], whole
        for mesh, ranks in (("1", 1), ("2x2", 4)):
            numpy.testing.assert_allclose(losses(folder, 4, 2, mesh, ranks), whole, rtol=1e-5)


if __name__ == "__main__":
    main()
