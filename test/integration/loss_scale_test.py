"""A loss that is scaled by a power of two trains to the same bits, and a step that overflows is skipped
and not counted, as torch.cuda.amp.GradScaler does it.

    loss_scale_test.py

A small convolutional network by SGD, and a small GPT-2 by AdamW with clipping, on one rank and on four,
in whole steps and in micro-batches. The tools are taken from PATH.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"))
import safetensors  # noqa: E402
from commands import ENVIRONMENT, losses_in, run  # noqa: E402

SMALL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs", "small.mlir")


def losses(folder, model, mesh, scale, micro_batches=1, steps=6, data=("--data", "synthetic")):
    """Of a run's steps; SCALE as --loss-scale takes it, or None."""
    program = f"{os.path.basename(model)}-{mesh}-{scale}-{micro_batches}"
    run("autopar-compile", model, "--mesh", mesh, "--target", "cpu", "--quiet", "--time-limit", "2",
        "--micro-batches", str(micro_batches), "-o", program,
        *([] if scale is None else ["--loss-scale", scale]), cwd=folder)
    run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", "4" if "x" in mesh else "1",
        f"{program}/train_rank", *data, "--steps", str(steps), "--verify",
        "--log", f"{program}.jsonl", cwd=folder, env=ENVIRONMENT)
    return losses_in(f"{folder}/{program}.jsonl")


# Gradients of the largest scales overflow here, for logits are thousands.
STEEP = """
module @steep attributes {graph.optimizer = OPTIMIZER} {
  func.func @model(%images: tensor<8x4x4x3xf32> {graph.input = "images"},
                   %labels: tensor<8xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %w = graph.variable parameter "w" : tensor<10x48xf32> = #graph.normal<1.0>
    %x = graph.flatten %images : (tensor<8x4x4x3xf32>) -> tensor<8x48xf32>
    %y = graph.linear %x, %w : (tensor<8x48xf32>, tensor<10x48xf32>) -> tensor<8x10xf32>
    %logits = graph.scale %y {factor = 1.0e+3} : (tensor<8x10xf32>) -> tensor<8x10xf32>
    %loss = graph.softmax_cross_entropy %logits, %labels {count = 8 : i64}
          : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }
}
"""


# As torch.optim has them, and what makes them of the model's weights.
OPTIMIZERS = {
    "#graph.sgd<learning_rate = 1.0e-6, momentum = 0.9>":
        lambda weights: torch.optim.SGD(weights, lr=1e-6, momentum=0.9),
    "#graph.adamw<learning_rate = 1.0e-3, weight_decay = 0.1>":
        lambda weights: torch.optim.AdamW(weights, lr=1e-3, weight_decay=0.1),
}


def losses_by_torch(optimize, scale, steps, images, labels, weight):
    """Of STEEP, with a loss scaled and steps skipped as GradScaler does it, which needs a GPU itself."""
    weight = torch.tensor(weight, requires_grad=True)
    optimizer = optimize([weight])
    images, labels = torch.tensor(images).flatten(1), torch.tensor(labels).long()
    all_losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(1e3 * images @ weight.T, labels)
        all_losses.append(loss.item())
        (loss * scale).backward()
        if weight.grad.isfinite().all():
            weight.grad /= scale
            optimizer.step()
        else:
            scale /= 2
    return all_losses


def check_overflow(folder, optimizer, optimize):
    """From 2 to the power of 127 down steps are skipped, which leave nothing behind them."""
    with open(f"{folder}/steep.mlir", "w") as file:
        file.write(STEEP.replace("OPTIMIZER", optimizer))
    random = numpy.random.default_rng(0)
    images = random.standard_normal((8, 4, 4, 3)).astype(numpy.float32)
    labels = random.integers(10, size=8).astype(numpy.int32)
    safetensors.save(f"{folder}/batch.safetensors", {"images": images, "labels": labels})
    weight = random.standard_normal((10, 48)).astype(numpy.float32)
    safetensors.save(f"{folder}/start.safetensors", {"w": weight})
    scale, steps = 2.0**127, 20
    options = {"model": f"{folder}/steep.mlir", "mesh": "1",
               "data": ("--fixed-batch", "batch.safetensors", "--init", "start.safetensors")}
    plain = losses(folder, scale=None, steps=steps, **options)
    scaled = losses(folder, scale=str(scale), steps=steps, **options)
    skipped = scaled.count(scaled[0]) - 1
    assert 2 <= skipped <= 15 and scaled[skipped:] == plain[:-skipped], (plain, scaled)
    by_torch = losses_by_torch(optimize, scale, steps, images, labels, weight)
    numpy.testing.assert_allclose(scaled, by_torch, rtol=1e-4)
    # A run that stops behind skipped steps and goes on.
    first = skipped + 3
    options["data"] += ("--save", "middle.safetensors")
    assert losses(folder, scale=str(scale), steps=first, **options) == scaled[:first]
    options["data"] = ("--fixed-batch", "batch.safetensors", "--resume", "middle.safetensors")
    assert losses(folder, scale=str(scale), steps=steps, **options) == scaled  # goes on in the log


def train_scaled(folder, name, scale, images, steps, scales=(), fails=False):
    """The log's lines of a model whose logits are multiplied by all of SCALES, and what is printed."""
    logits = "%y"
    text = STEEP.replace("OPTIMIZER", "#graph.sgd<learning_rate = 0.1>")
    inserted = ""
    for i, factor in enumerate(scales):
        inserted += (f"    %s{i} = graph.scale {logits} {{factor = {factor:e}}} "
                     ": (tensor<8x10xf32>) -> tensor<8x10xf32>\n")
        logits = f"%s{i}"
    head, rest = text.split("    %logits = ")
    with open(f"{folder}/{name}.mlir", "w") as file:
        file.write(head + inserted + rest.split("\n", 1)[1].replace("%logits", logits))
    labels = numpy.arange(8, dtype=numpy.int32)
    safetensors.save(f"{folder}/{name}.batch", {"images": images, "labels": labels})
    run("autopar-compile", f"{name}.mlir", "--target", "cpu", "--quiet", "--loss-scale", str(scale), "-o", name,
        cwd=folder)
    done = subprocess.run([f"{name}/train_rank", "--fixed-batch", f"{name}.batch", "--steps", str(steps),
                           "--log", f"{name}.jsonl"], cwd=folder, env=ENVIRONMENT, capture_output=True,
                          text=True)
    assert bool(done.returncode) == fails, done
    with open(f"{folder}/{name}.jsonl") as file:
        return [json.loads(line) for line in file], done.stdout + done.stderr


def check_small_scales(folder):
    """There is no floor at 1: a scale falls as far as it takes, grows from wherever it is, and skipped
    steps are told."""
    random = numpy.random.default_rng(0)
    images = random.standard_normal((8, 4, 4, 3)).astype(numpy.float32)
    # After 2000 good steps a scale of a half becomes 1.
    lines, said = train_scaled(folder, "half", 0.5, images, 2001)
    scales = [line["loss_scale"] for line in lines if "loss" in line]
    assert scales == [0.5] * 1999 + [1.0] * 2, scales[-5:]
    assert "0 of 2001 steps were skipped" in said, said
    # Gradients that overflow down to a scale far below 1 leave a model that learns.
    lines, said = train_scaled(folder, "steep", 4, images * 1e-38, 30, (1e20, 2e20))
    steps = [line for line in lines if "loss" in line]
    skipped = steps[-1]["skipped_steps"]
    assert 2 < skipped < 25 and steps[-1]["loss_scale"] == 4 / 2**skipped < 1, steps[-1]
    assert [line["skipped_steps"] for line in steps] == [*range(1, skipped + 1), *[skipped] * (30 - skipped)]
    assert steps[0]["loss"] == steps[skipped]["loss"] != steps[-1]["loss"], steps
    assert f"{skipped} of 30 steps were skipped" in said, said
    # Gradients that are finite at no scale, of images that are 0, are told, and end in an error.
    never = {"images": numpy.zeros_like(images), "scales": (1e38, 1e38, 1e38)}
    lines, said = train_scaled(folder, "never", 4, steps=20, **never)
    assert "no parameter has changed: the gradients of all 20 steps were not finite" in said, said
    assert lines[-2]["skipped_steps"] == 20, lines[-2]
    _, said = train_scaled(folder, "fallen", 4, steps=200, fails=True, **never)
    assert "step 129: the loss scale has fallen below 2^-126 after 129 skipped steps" in said, said


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_small_scales(folder)
        run("autopar-model", "gpt2", "--batch", "4", "--seq", "16", "--layers", "1", "--width", "32",
            "--heads", "4", "--vocab", "64", "--clip", "0.5", "-o", "gpt2.mlir", cwd=folder)
        for model in (SMALL, f"{folder}/gpt2.mlir"):
            plain, scaled = (losses(folder, model, "1", scale) for scale in (None, "1024"))
            assert len(set(plain)) > 1 and scaled == plain, (model, plain, scaled)
            # Four ranks wait for all gradients, and add them up in other buckets.
            numpy.testing.assert_allclose(losses(folder, model, "2x2", "1024"), plain, rtol=1e-5)
        plain, scaled = (losses(folder, SMALL, "1", scale, micro_batches=2)
                         for scale in (None, "1024"))
        assert scaled == plain, (plain, scaled)
        for optimizer, optimize in OPTIMIZERS.items():
            check_overflow(folder, optimizer, optimize)


if __name__ == "__main__":
    main()
