"""graph.language_loss against PyTorch in double precision, with logits up to the largest f32.

    language_loss_test.py

Plain SGD at a learning rate of 1 moves the logits' table by its gradient, so that a saved program
tells it. The tools are taken from PATH.
"""

import json
import os
import sys
import tempfile

import numpy
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"))
import safetensors  # noqa: E402
from commands import ENVIRONMENT, losses_in, run  # noqa: E402

# Row i of the table has the logits of token i. 22 of 24 classes count.
MODEL = """
module @table attributes {graph.optimizer = #graph.sgd<learning_rate = 1.0>} {
  func.func @model(%tokens: tensor<4x4xi32> {graph.input = "tokens"},
                   %labels: tensor<4x4xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %w = graph.variable parameter "w" : tensor<16x24xf32> = #graph.normal<1.0>
    %logits = graph.embedding %tokens, %w
            : (tensor<4x4xi32>, tensor<16x24xf32>) -> tensor<4x4x24xf32> loc("logits")
    %loss = graph.language_loss %logits, %labels {count = 16 : i64, valid = 22 : i64}
          : (tensor<4x4x24xf32>, tensor<4x4xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
}
"""
# The sums of a vocabulary that is split over these axes.
SPLITS = {"1": "", "2": "0", "3": "0", "2x2": "01", "2x3": "1", "2x2x2": "012"}
LARGEST = float(numpy.finfo(numpy.float32).max)


def tables(random):
    """{name: [16, 24]} of logits."""
    normal = random.standard_normal((16, 24))
    found = {str(scale): normal * scale for scale in (1, 1e3, 1e30)}
    found["up"], found["down"] = normal + 5e4, normal - 5e4
    # Every row has its largest logit in other blocks, and equal ones too.
    found["ends"] = numpy.where(random.integers(2, size=(16, 24)), LARGEST, -LARGEST)
    found["least"] = numpy.full((16, 24), -LARGEST)
    masked = normal.copy()
    masked[:, ::3] = -numpy.inf
    found["masked"] = masked
    return {name: values.astype(numpy.float32) for name, values in found.items()}


def by_torch(table, tokens, labels):
    """The loss and its gradient by the table."""
    table = torch.tensor(table).double().requires_grad_()
    logits = table[tokens.reshape(-1).tolist(), :22]
    losses = torch.nn.functional.cross_entropy(logits, torch.tensor(labels.reshape(-1)).long(),
                                               reduction="none")
    loss = losses.sum() / 16
    loss.backward()
    return loss.item(), table.grad.numpy()


def main():
    random = numpy.random.default_rng(0)
    tokens = random.permutation(16).reshape(4, 4).astype(numpy.int32)
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/model.mlir", "w") as file:
            file.write(MODEL)
        for mesh, axes in SPLITS.items():
            split = f"S{axes}" if axes else "R"
            with open(f"{folder}/plan.json", "w") as file:
                json.dump({"mesh": mesh, "functions":
                           {"step": {"loss.sums": f"RR{split} = RR{split} x RR"}}}, file)
            run("autopar-compile", "model.mlir", "--mesh", mesh, "--target", "cpu", "--quiet",
                "--plan-in", "plan.json", "-o", f"on-{mesh}", cwd=folder)
        for name, table in tables(random).items():
            # No loss is infinite that need not be: labels have a logit, of "ends" the largest.
            allowed = table[:, :22] > 0 if name == "ends" else numpy.isfinite(table[:, :22])
            labels = numpy.array([random.choice(numpy.flatnonzero(allowed[token]))
                                  for token in tokens.reshape(-1)], numpy.int32).reshape(4, 4)
            loss, gradient = by_torch(table, tokens, labels)
            safetensors.save(f"{folder}/batch", {"tokens": tokens, "labels": labels})
            safetensors.save(f"{folder}/table", {"w": table})
            for mesh in SPLITS:
                ranks = numpy.prod([int(size) for size in mesh.split("x")])
                run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks),
                    f"on-{mesh}/train_rank", "--fixed-batch", "batch", "--init", "table", "--steps", "1",
                    "--verify", "--log", "log", "--save", "saved", cwd=folder, env=ENVIRONMENT)
                (found,) = losses_in(f"{folder}/log")
                numpy.testing.assert_allclose(found, loss, rtol=1e-6, err_msg=f"{name} on {mesh}")
                # Beside a large logit its gradient is lost: what it is moved by is not.
                saved = safetensors.load(f"{folder}/saved")[0]["w"]
                small = numpy.isfinite(table) & (numpy.abs(table) < 100)
                moved = table.astype(float) - saved
                numpy.testing.assert_allclose(moved[small], gradient[small], atol=1e-6,
                                              err_msg=f"{name} on {mesh}")
                assert numpy.isfinite(saved[numpy.isfinite(table)]).all(), (name, mesh)


if __name__ == "__main__":
    main()
