"""A loss of graph.silu and its gradient against torch.nn.functional.silu in double precision.

    silu_test.py

The logits are y + silu(y) of y = silu(x): the derivative is taken at a parameter and at a result.
Plain SGD at a learning rate of 1 moves x by its gradient. The tools are taken from PATH.
"""

import os
import sys
import tempfile

import numpy
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"))
import safetensors  # noqa: E402
from commands import ENVIRONMENT, losses_in, run  # noqa: E402

ROWS, CLASSES = 8, 40
TYPE = f"tensor<{ROWS}x{CLASSES}xf32>"

MODEL = f"""
module @silu attributes {{graph.optimizer = #graph.sgd<learning_rate = 1.0>}} {{
  func.func @model(%images: tensor<{ROWS}x1x1x1xf32> {{graph.input = "images"}},
                   %labels: tensor<{ROWS}xi32> {{graph.input = "labels"}})
      -> (tensor<f32> {{graph.output = "loss"}}) {{
    %x = graph.variable parameter "x" : {TYPE} = #graph.normal<1.0>
    %y = graph.silu %x : ({TYPE}) -> {TYPE}
    %z = graph.silu %y : ({TYPE}) -> {TYPE}
    %logits = graph.add %y, %z : ({TYPE}, {TYPE}) -> {TYPE}
    %loss = graph.softmax_cross_entropy %logits, %labels {{count = {ROWS} : i64}}
          : ({TYPE}, tensor<{ROWS}xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }}
}}
"""


def main():
    random = numpy.random.default_rng(5)
    x = (4 * random.standard_normal((ROWS, CLASSES))).astype(numpy.float32)
    labels = random.integers(CLASSES, size=ROWS).astype(numpy.int32)

    exact = torch.tensor(x).double().requires_grad_()
    once = torch.nn.functional.silu(exact)
    loss = torch.nn.functional.cross_entropy(once + torch.nn.functional.silu(once),
                                             torch.tensor(labels).long())
    loss.backward()

    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/model.mlir", "w") as file:
            file.write(MODEL)
        safetensors.save(f"{folder}/batch", {
            "images": numpy.zeros((ROWS, 1, 1, 1), numpy.float32), "labels": labels})
        safetensors.save(f"{folder}/parameters", {"x": x})
        for mesh, ranks in ("1", 1), ("2", 2):
            run("autopar-compile", "model.mlir", "--mesh", mesh, "--target", "cpu", "--quiet",
                "-o", f"on-{mesh}", cwd=folder)
            run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks),
                f"on-{mesh}/train_rank", "--fixed-batch", "batch", "--init", "parameters",
                "--steps", "1", "--verify", "--log", "log", "--save", "saved", cwd=folder,
                env=ENVIRONMENT)
            (found,) = losses_in(f"{folder}/log")
            numpy.testing.assert_allclose(found, loss.item(), rtol=1e-5)
            saved, _ = safetensors.load(f"{folder}/saved")
            numpy.testing.assert_allclose(x.astype(float) - saved["x"], exact.grad.numpy(),
                                          rtol=1e-4, atol=2e-6, err_msg=f"on {mesh}")
            print(f"mesh {mesh}: loss {found:.6f}, PyTorch's {loss.item():.6f}")


if __name__ == "__main__":
    main()
