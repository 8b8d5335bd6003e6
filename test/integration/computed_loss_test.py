"""A loss that is computed of others trains and is evaluated as the one that is an operation.

    computed_loss_test.py

A classifier on two ranks, with the mean over the batch and with the mean over the labels that are
kept, which of these images are all: losses and test losses agree, the last batch of the test, which is
not full, included. And an autoencoder, which is given no labels: it learns, and is tested on whole
batches. The tools are taken from PATH.
"""

import json
import tempfile

from commands import ENVIRONMENT, run

BATCH, CLASSES, PIXELS = 12, 10, 8 * 8 * 3  # 12 does not divide the 512 test images
HEAD = f"""
module @net attributes {{graph.optimizer = #graph.sgd<learning_rate = 0.1>}} {{
  func.func @model(%images: tensor<{BATCH}x8x8x3xf32> {{graph.input = "images"}}%s)
      -> (tensor<f32> {{graph.output = "loss"}}) {{
    %%x = graph.flatten %%images : (tensor<{BATCH}x8x8x3xf32>) -> tensor<{BATCH}x{PIXELS}xf32> loc("x")"""
LABELS = f', %labels: tensor<{BATCH}xi32> {{graph.input = "labels"}}'
CLASSIFIER = f"""
    %w = graph.variable parameter "w" : tensor<{CLASSES}x{PIXELS}xf32> = #graph.normal<0.01>
    %y = graph.linear %x, %w : (tensor<{BATCH}x{PIXELS}xf32>, tensor<{CLASSES}x{PIXELS}xf32>)
       -> tensor<{BATCH}x{CLASSES}xf32> loc("y")
    %c = graph.softmax_cross_entropy %y, %labels {{count = %COUNT% : i64}}
       : (tensor<{BATCH}x{CLASSES}xf32>, tensor<{BATCH}xi32>) -> tensor<f32> loc("c")"""
KEPT = f"""
    %n = graph.count_kept %labels : (tensor<{BATCH}xi32>) -> tensor<f32> loc("n")
    %m = graph.div %c, %n : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("m")
    %l = graph.loss %m : (tensor<f32>) -> tensor<f32> loc("l")"""
AUTOENCODER = f"""
    %w = graph.variable parameter "w" : tensor<4x{PIXELS}xf32> = #graph.normal<0.05>
    %v = graph.variable parameter "v" : tensor<{PIXELS}x4xf32> = #graph.normal<0.05>
    %h = graph.linear %x, %w : (tensor<{BATCH}x{PIXELS}xf32>, tensor<4x{PIXELS}xf32>) -> tensor<{BATCH}x4xf32> loc("h")
    %y = graph.linear %h, %v : (tensor<{BATCH}x4xf32>, tensor<{PIXELS}x4xf32>) -> tensor<{BATCH}x{PIXELS}xf32> loc("y")
    %d = graph.sub %y, %x : (tensor<{BATCH}x{PIXELS}xf32>, tensor<{BATCH}x{PIXELS}xf32>) -> tensor<{BATCH}x{PIXELS}xf32> loc("d")
    %q = graph.mul %d, %d : (tensor<{BATCH}x{PIXELS}xf32>, tensor<{BATCH}x{PIXELS}xf32>) -> tensor<{BATCH}x{PIXELS}xf32> loc("q")
    %s = graph.sum %q {{dims = array<i64: 0, 1>}} : (tensor<{BATCH}x{PIXELS}xf32>) -> tensor<1x1xf32> loc("s")
    %r = graph.reshape %s : (tensor<1x1xf32>) -> tensor<f32> loc("r")
    %m = graph.scale %r {{factor = {1 / (BATCH * PIXELS)!r}}} : (tensor<f32>) -> tensor<f32> loc("m")
    %l = graph.loss %m : (tensor<f32>) -> tensor<f32> loc("l")"""


def trained(folder, name, inputs, body, loss, steps=8):
    """The log's lines of steps and of evaluations."""
    with open(f"{folder}/{name}.mlir", "w") as file:
        file.write(HEAD.replace("%s", inputs, 1).replace("%%", "%") + body + f"""
    return %{loss} : tensor<f32>
  }}
}}
""")
    run("autopar-compile", f"{name}.mlir", "--mesh", "2", "--target", "cpu", "--quiet", "-o", name,
        cwd=folder)
    run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", "2", f"{name}/train_rank", "--data",
        "synthetic", "--steps", str(steps), "--log", f"{name}.jsonl", "--verify", cwd=folder, env=ENVIRONMENT)
    with open(f"{folder}/{name}.jsonl") as log:
        lines = [json.loads(line) for line in log]
    return [line["loss"] for line in lines if "loss" in line], [line for line in lines
                                                                if "test_loss" in line]


def main():
    with tempfile.TemporaryDirectory() as folder:
        fixed, tested = trained(folder, "fixed", LABELS,
                                CLASSIFIER.replace("%COUNT%", str(BATCH)), "c")
        kept, again = trained(folder, "kept", LABELS, CLASSIFIER.replace("%COUNT%", "1") + KEPT, "l")
        assert len(fixed) == len(kept) == 8 and len(tested) == len(again) == 1
        for one, other in zip(fixed, kept):
            assert abs(one - other) < 1e-6, (fixed, kept)
        assert abs(tested[0]["test_loss"] - again[0]["test_loss"]) < 1e-6, (tested, again)
        for key in ("test_correct", "test_samples"):
            assert tested[0][key] == again[0][key], (tested, again)
        assert again[0]["test_samples"] == 512, again

        losses, evaluations = trained(folder, "auto", "", AUTOENCODER, "l", steps=200)
        first, last = sum(losses[:20]), sum(losses[-20:])  # batches differ
        assert last < 0.99 * first, (first, last)
        assert evaluations[0]["test_samples"] == 512 - 512 % BATCH, evaluations
        assert abs(evaluations[0]["test_loss"] / losses[-1] - 1) < 0.2, (evaluations, losses)
        assert "test_correct" not in evaluations[0], evaluations
        print(f"test loss {tested[0]['test_loss']:.6f}, of the computed one {again[0]['test_loss']:.6f}; "
              f"autoencoder {losses[0]:.3f} to {losses[-1]:.3f}")


if __name__ == "__main__":
    main()
