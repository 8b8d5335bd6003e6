"""Emitted programs under a tight budget and built by hand: the same losses, no more memory.

    programs_test.py

The tools are taken from PATH. One model is compiled three times; its batches are random.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"))
import safetensors  # noqa: E402

BATCH, IMAGE, CLASSES, STEPS, MESH, RANKS = 8, 16, 10, 3, "2x1", 2
ENVIRONMENT = os.environ | {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


def run(*command, **options):
    """Runs to success and returns standard output; else the error shows what it said."""
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          timeout=600, **options)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}: exit code {done.returncode}\n"
                             f"{done.stdout}{done.stderr}")
    return done.stdout


class Programs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        run("autopar-model", "resnet18", "--cifar", f"--batch={BATCH}", f"--image={IMAGE}",
            "-o", f"{cls.folder}/model.mlir")
        generator = numpy.random.default_rng(1)
        images = generator.standard_normal((BATCH, IMAGE, IMAGE, 3)).astype(numpy.float32)
        labels = generator.integers(CLASSES, size=BATCH).astype(numpy.int32)
        safetensors.save(f"{cls.folder}/batch.safetensors", {"images": images, "labels": labels})
        cls.free = cls.compile("free")
        cls.free_losses, cls.free_end = cls.train("free/train_rank")

    @classmethod
    def compile(cls, name, *options):
        """Compiles to the folder `name`; returns the report."""
        run("autopar-compile", "model.mlir", "--mesh", MESH, "--target", "cpu", "--time-limit", "5",
            "--bucket", "1MB", "--report", f"{name}.json", "-o", name, *options, cwd=cls.folder)
        with open(f"{cls.folder}/{name}.json") as file:
            return json.load(file)

    @classmethod
    def train(cls, binary):
        """Trains on the batch; returns the losses and the log's last line."""
        run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(RANKS), f"./{binary}",
            "--fixed-batch", "batch.safetensors", "--steps", str(STEPS), "--lr", "0.01",
            "--verify", "--log", "log.jsonl", cwd=cls.folder, env=ENVIRONMENT)
        with open(f"{cls.folder}/log.jsonl") as file:
            *steps, end = [json.loads(line) for line in file]
        return [step["loss"] for step in steps], end

    def assertSameLosses(self, losses):
        self.assertEqual(len(losses), STEPS)
        numpy.testing.assert_allclose(losses, self.free_losses, rtol=1e-4)

    def test_a_tight_budget_is_kept_and_changes_no_loss(self):
        free = self.free["memory"]["arena_bytes"]
        budget = int(free * 0.97)
        tight = self.compile("tight", "--mem-budget", f"{budget}B")
        arena = tight["memory"]["arena_bytes"]
        self.assertLessEqual(arena, budget)
        self.assertLess(arena, free)
        self.assertGreaterEqual(tight["step_seconds"]["total"], self.free["step_seconds"]["total"])
        losses, end = self.train("tight/train_rank")
        self.assertSameLosses(losses)
        self.assertEqual(end["predicted_peak_bytes"], arena)
        self.assertEqual(end["measured_peak_bytes"], arena)

    def test_without_a_budget_too_the_peak_is_the_predicted_one(self):
        self.assertEqual(self.free_end["measured_peak_bytes"], self.free["memory"]["arena_bytes"])

    def test_a_plan_of_split_channels_changes_no_loss(self):
        plan = run("/usr/bin/python3", f"{os.path.dirname(os.path.abspath(__file__))}/plans.py",
                   "model.mlir", MESH, "both", cwd=self.folder)
        with open(f"{self.folder}/plan.json", "w") as file:
            file.write(plan)
        self.compile("split", "--plan-in", "plan.json")
        losses, end = self.train("split/train_rank")
        self.assertSameLosses(losses)
        self.assertEqual(end["measured_peak_bytes"], end["predicted_peak_bytes"])

    def test_the_folder_builds_alone(self):
        bare = {name: value for name, value in ENVIRONMENT.items()
                if not name.startswith(("CMAKE_", "LLVM_", "MLIR_", "AUTOPAR_"))}
        # Without optimization the runtime's sources compile in half the time.
        build = f"{self.folder}/alone"
        run("cmake", "-S", f"{self.folder}/free", "-B", build, "-DCMAKE_PREFIX_PATH=",
            "-DCMAKE_BUILD_TYPE=Debug", env=bare)
        with open(f"{build}/CMakeCache.txt") as file:
            self.assertNotRegex(file.read(), "(?i)llvm|mlir", "the folder's build looks for LLVM")
        run("cmake", "--build", build, "-j2", "--target", "train_rank", env=bare)
        losses, _ = self.train("alone/train_rank")
        self.assertSameLosses(losses)


if __name__ == "__main__":
    unittest.main()
