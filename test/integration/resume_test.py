"""Runs that stop and go on from what they saved: rates, data, masks, step numbers and seeds.

    resume_test.py

A linear classifier by SGD with momentum and without, with dropout, whole and in micro-batches, its
loss scaled or not. The tools are taken from PATH.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"))
import safetensors  # noqa: E402
from commands import ENVIRONMENT, run  # noqa: E402

MODEL = """
module @NAME attributes {graph.optimizer = #graph.OPTIMIZER} {
  func.func @model(%images: tensor<8x2x2x3xf32> {graph.input = "images"},
                   %labels: tensor<8xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %w = graph.variable parameter "w" : tensor<10x12xf32> = #graph.normal<0.1>
    %x = graph.flatten %images : (tensor<8x2x2x3xf32>) -> tensor<8x12xf32>
    %d = graph.dropout %x {rate = 0.25} : (tensor<8x12xf32>) -> tensor<8x12xf32>
    %y = graph.linear %d, %w : (tensor<8x12xf32>, tensor<10x12xf32>) -> tensor<8x10xf32>
    %loss = graph.softmax_cross_entropy %y, %labels {count = 8 : i64}
          : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }
}
"""
OPTIMIZERS = {"plain": "sgd<learning_rate = 0.1>", "momentum": "sgd<learning_rate = 0.1, momentum = 0.9>",
              "adamw": "adamw<learning_rate = 0.01>"}
RATES = {"constant": ["--warmup", "3"], "step": ["--schedule", "step", "--step-size", "2"]}


class Programs:
    def __init__(self, folder):
        self.folder = folder
        random = numpy.random.default_rng(0)
        safetensors.save(f"{folder}/batches",
                         {"images": random.standard_normal((16, 8, 2, 2, 3)).astype(numpy.float32),
                          "labels": random.integers(10, size=(16, 8)).astype(numpy.int32)})

    def build(self, name, optimizer, *flags):
        with open(f"{self.folder}/{name}.mlir", "w") as file:
            file.write(MODEL.replace("OPTIMIZER", OPTIMIZERS[optimizer]).replace("NAME", name))
        run("autopar-compile", f"{name}.mlir", "--target", "cpu", "--quiet", "-o", name, *flags,
            cwd=self.folder)

    def train(self, name, steps, *options, data=("--fixed-batch", "batches")):
        """Of each step what the log says that is no measurement; and what is printed."""
        with contextlib.suppress(FileNotFoundError):  # or else a run that is resumed goes on in it
            os.remove(f"{self.folder}/log")
        said = run(f"{name}/train_rank", *data, "--steps", str(steps), "--log", "log", *options,
                   cwd=self.folder, env=ENVIRONMENT).stdout
        with open(f"{self.folder}/log") as file:
            lines = [json.loads(line) for line in file]
        return [(line["step"], line["loss"], line["lr"]) for line in lines if "loss" in line], said

    def refused(self, name, *options):
        done = subprocess.run([f"{name}/train_rank", "--fixed-batch", "batches", "--steps", "1", *options],
                              cwd=self.folder, env=ENVIRONMENT, capture_output=True, text=True)
        assert done.returncode == 1, done
        return done.stderr


def main():
    with tempfile.TemporaryDirectory() as folder:
        programs = Programs(folder)
        train = programs.train
        for name in OPTIMIZERS:
            programs.build(name, name)
            for data in ("--fixed-batch", "batches"), ("--data", "synthetic"):
                for rate in RATES.values():
                    whole, _ = train(name, 6, "--seed", "3", *rate, data=data)
                    assert [step for step, _, _ in whole] == list(range(1, 7)), whole
                    first, _ = train(name, 3, "--seed", "3", "--save", "s", *rate, data=data)
                    then, said = train(name, 6, "--resume", "s", *rate, data=data)
                    assert first + then == whole, (name, data, rate, whole, first, then)
                    assert "s: goes on after step 3\n" in said, said
        # The rate of a cosine falls to the end of the run that goes on.
        train("plain", 2, "--save", "s")
        rates = [rate for _, _, rate in train("plain", 4, "--resume", "s", "--schedule", "cosine")[0]]
        numpy.testing.assert_allclose(rates, [0.05 * (1 + numpy.cos(numpy.pi * step / 4))
                                              for step in (2, 3)])

        # The seed is the file's, unless another is given.
        train("plain", 2, "--seed", "5", "--save", "s")
        kept, said = train("plain", 3, "--resume", "s")
        assert "seed" not in said and train("plain", 3, "--resume", "s", "--seed", "5")[0] == kept
        other, said = train("plain", 3, "--resume", "s", "--seed", "6")
        assert other != kept and "s: had the seed 5, and --seed gives 6\n" in said, said
        # Weights are where a run begins, its own ones and others', which say nothing of steps.
        saved, metadata = safetensors.load(f"{folder}/s")
        assert len(metadata.pop("digests")) == 16
        assert metadata == {"format": "pt", "model": "plain", "steps": "2", "samples": "16", "seed": "5"}
        safetensors.save(f"{folder}/weights", {"w": saved["w"]}, {"format": "pt"})
        anew, said = train("plain", 1, "--init", "weights")
        assert anew[0][0] == 1 and "weights" not in said, (anew, said)
        assert train("plain", 1, "--init", "s")[0] == anew
        assert "weights: does not say after which step it was saved" in \
            programs.refused("plain", "--resume", "weights")
        for key, value in ("steps", "-5"), ("steps", "abc"), ("steps", "1e3"), ("steps", "1" + 20 * "0"), \
                ("samples", ""), ("seed", "-1"):
            safetensors.save(f"{folder}/bad", {"w": saved["w"]}, metadata | {key: value})
            said = programs.refused("plain", "--resume", "bad", "--save", "never")
            assert f'bad: its metadata has "{value}" as {key}' in said, said
        assert not os.path.exists(f"{folder}/never")

        # Other micro-batches, a scaled loss, another optimizer: with one another's checkpoints.
        programs.build("two", "momentum", "--micro-batches", "2")
        programs.build("scaled", "momentum", "--loss-scale", "1024")
        for one, other, missing in (("momentum", "two", "w.total_grad"), ("two", "momentum", ""),
                                    ("momentum", "scaled", "loss_scale"), ("scaled", "momentum", "")):
            before, _ = train(one, 2, "--save", "s")
            after, said = train(other, 3, "--resume", "s", "--save", "t")
            assert after[0][0] == 3, after
            assert f"s: is of the model {one}, and this program's is {other}\n" in said, said
            told = [line for line in said.splitlines() if line.startswith("s: has no ")]
            assert len(told) == bool(missing) and missing in "".join(told), said
            # The data go on where they stopped: a step of two batches has read two.
            batches = {"two": 2}
            samples = 8 * (2 * batches.get(one, 1) + batches.get(other, 1))
            assert safetensors.load(f"{folder}/t")[1]["samples"] == str(samples), (one, other)
        # Another optimizer does not go on with a run; it may begin with the weights.
        for one, other, what in (("plain", "momentum", "s: has no w.momentum, by which"),
                                 ("momentum", "plain", "s: has w.momentum, of another optimizer"),
                                 ("momentum", "adamw", "s: has no w.exp_avg, by which")):
            train(one, 2, "--save", "s")
            assert what in programs.refused(other, "--resume", "s"), (one, other)
            begun, said = train(other, 1, "--init", "s")
            assert begun[0][0] == 1 and "s: " not in said, said
        # A part of the optimizer's slots is a mistake.
        train("adamw", 1, "--save", "s")
        saved, metadata = safetensors.load(f"{folder}/s")
        del metadata["digests"]
        tensors = {name: numpy.array(value) for name, value in saved.items()}
        safetensors.save(f"{folder}/part", {name: value for name, value in tensors.items()
                                            if name != "w.exp_avg_sq"}, metadata)
        assert "missing: w.exp_avg_sq F32[10, 12]" in programs.refused("adamw", "--resume", "part")
        # An optimizer's slots without a count of their own have seen all of the file's steps.
        wanted, _ = train("adamw", 3, "--resume", "s")
        safetensors.save(f"{folder}/counted", {name: value for name, value in tensors.items()
                                               if name != "adamw.steps"}, metadata)
        assert train("adamw", 3, "--resume", "counted")[0] == wanted


if __name__ == "__main__":
    main()
