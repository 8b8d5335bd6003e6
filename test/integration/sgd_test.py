"""SGD's options against torch.optim.SGD, over several steps, in one run and in two.

    sgd_test.py

A linear classifier whose weight is padded from 10 rows to 12. The tools are taken from PATH.
"""

import os
import sys
import tempfile

import numpy
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"))
import safetensors  # noqa: E402
from commands import ENVIRONMENT, run  # noqa: E402

MODEL = """
module @linear attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, OPTIONS>} {
  func.func @model(%images: tensor<8x2x2x3xf32> {graph.input = "images"},
                   %labels: tensor<8xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %w = graph.variable parameter "w" : tensor<12x12xf32> = #graph.normal<0.1>
       {stored = array<i64: 10, 12>}
    %x = graph.flatten %images : (tensor<8x2x2x3xf32>) -> tensor<8x12xf32>
    %y = graph.linear %x, %w : (tensor<8x12xf32>, tensor<12x12xf32>) -> tensor<8x12xf32>
    %z = graph.slice %y {dim = 1 : i64, begin = 0 : i64, length = 10 : i64}
       : (tensor<8x12xf32>) -> tensor<8x10xf32>
    %loss = graph.softmax_cross_entropy %z, %labels {count = 8 : i64}
          : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }
}
"""
STEPS = 5
CASES = {
    "dampened": {"momentum": 0.5, "dampening": 0.5},
    "decayed": {"momentum": 0.9, "dampening": 0.25, "weight_decay": 0.1},
    "whole": {"momentum": 0.9, "dampening": 1.0},
    "nesterov": {"momentum": 0.9, "weight_decay": 0.1, "nesterov": True},
    "plain": {"dampening": 0.5, "weight_decay": 0.1},  # without momentum nothing is dampened
}


def by_torch(options, images, labels, weight, steps, buffer=None):
    """The weight and its momentum after so many steps, in f64."""
    weight = torch.tensor(weight, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1, **options)
    if buffer is not None:
        optimizer.state[weight]["momentum_buffer"] = torch.tensor(buffer, dtype=torch.float64)
    for step in range(steps):
        optimizer.zero_grad()
        logits = torch.tensor(images[step % len(images)]).double().flatten(1) @ weight.T
        torch.nn.functional.cross_entropy(
            logits, torch.tensor(labels[step % len(labels)]).long()).backward()
        optimizer.step()
    return weight.detach().numpy(), optimizer.state[weight].get("momentum_buffer")


def main():
    random = numpy.random.default_rng(0)
    images = random.standard_normal((4, 8, 2, 2, 3)).astype(numpy.float32)
    labels = random.integers(10, size=(4, 8)).astype(numpy.int32)
    weight = random.standard_normal((10, 12)).astype(numpy.float32)
    with tempfile.TemporaryDirectory() as folder:
        safetensors.save(f"{folder}/batch", {"images": images, "labels": labels})
        safetensors.save(f"{folder}/start", {"w": weight})

        def build(name, options, *flags):
            text = ", ".join(f"{key} = {str(value).lower()}" for key, value in options.items())
            with open(f"{folder}/{name}.mlir", "w") as file:
                file.write(MODEL.replace("OPTIONS", text))
            run("autopar-compile", f"{name}.mlir", "--target", "cpu", "--quiet", "-o", name, *flags,
                cwd=folder)

        def train(name, start, steps, save, option="--init"):
            run(f"{name}/train_rank", "--fixed-batch", "batch", option, start, "--steps", str(steps),
                "--save", save, cwd=folder, env=ENVIRONMENT)
            return safetensors.load(f"{folder}/{save}")[0]

        def check(saved, wanted):
            numpy.testing.assert_allclose(saved["w"], wanted[0], rtol=2e-5, atol=2e-6)
            if wanted[1] is not None:
                numpy.testing.assert_allclose(saved["w.momentum"], wanted[1], rtol=2e-5, atol=2e-6)

        for name, options in CASES.items():
            build(name, options)
            wanted = by_torch(options, images, labels, weight, STEPS)
            check(train(name, "start", STEPS, name + ".whole"), wanted)
            # A velocity that goes on takes no whole gradient again.
            train(name, "start", 2, name + ".first")
            check(train(name, name + ".first", STEPS, name + ".then", "--resume"), wanted)

        # Momentum that begins with another run's weights begins as a new optimizer's does; and one that
        # had no dampening goes on.
        begun = by_torch(CASES["plain"], images, labels, weight, 2)[0]
        check(train("dampened", "plain.first", 3, "anew"),
              by_torch(CASES["dampened"], images, labels, begun, 3))
        later = [numpy.roll(values, -2, axis=0) for values in (images, labels)]
        begun, buffer = by_torch(CASES["nesterov"], images, labels, weight, 2)
        check(train("decayed", "nesterov.first", 5, "dampened-now", "--resume"),
              by_torch(CASES["decayed"], *later, begun, 3, buffer))

        # Skipped steps are none: torch.cuda.amp.GradScaler does not call the optimizer for them.
        build("scaled", CASES["decayed"], "--loss-scale", str(2.0**127))
        saved = train("scaled", "start", 20, "scaled.saved")
        skipped = int(saved["loss_scale.skipped_steps"])
        assert 0 <= skipped < 15 and saved["sgd.steps"] == 20 - skipped, saved
        later = [numpy.roll(values, -skipped, axis=0) for values in (images, labels)]
        check(saved, by_torch(CASES["decayed"], *later, weight, 20 - skipped))


if __name__ == "__main__":
    main()
