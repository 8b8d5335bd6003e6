"""A loss that is scaled by a power of two trains to the same bits, and a step that overflows is skipped
and not counted, as torch.cuda.amp.GradScaler does it.

    loss_scale_test.py

A small convolutional network by SGD, and a small GPT-2 by AdamW with clipping, on one rank and on four,
in whole steps and in micro-batches. The tools are taken from PATH.
"""

import os
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
    options["data"] = ("--fixed-batch", "batch.safetensors", "--init", "middle.safetensors")
    assert losses(folder, scale=str(scale), steps=steps - first, **options) == scaled[first:]


def main():
    with tempfile.TemporaryDirectory() as folder:
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
