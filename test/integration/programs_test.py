"""Emitted programs under a tight budget and built by hand: the same losses, no more memory; and
programs that were made to leave their plan, which are caught.

    programs_test.py

The tools are taken from PATH. One model is compiled three times; its batches are random.
"""

import json
import os
import re
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
            "--fixed-batch", "batch.safetensors", "--steps", str(STEPS), "--lr", "0.001",
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
        tight = self.compile("tight", "--arena-budget", f"{budget}B")
        arena = tight["memory"]["arena_bytes"]
        self.assertLessEqual(arena, budget)
        self.assertLess(arena, free)
        self.assertGreaterEqual(tight["step_seconds"]["total"], self.free["step_seconds"]["total"])
        losses, end = self.train("tight/train_rank")
        self.assertSameLosses(losses)
        self.assertKept(tight, end)
        self.assertEqual(end["budget_bytes"], budget + tight["reserve_bytes"])

    def assertKept(self, report, end):
        """What was read back of the arena and what the system counts, against the report."""
        arena = report["memory"]["arena_bytes"]
        self.assertEqual(end["arena_bytes"], arena)
        self.assertEqual((end["budget_bytes"], end["reserve_bytes"]),
                         (report["budget_bytes"], report["reserve_bytes"]))
        self.assertLessEqual(end["touched_end"], arena)
        # Only alignment, and workspaces that a library leaves alone, stay untouched.
        self.assertGreater(end["touched_bytes"], 0.8 * arena)
        self.assertGreater(end["process_peak_bytes"], arena + 2**20)
        self.assertGreaterEqual(end["process_peak_bytes"], end["process_bytes_before_arena"])
        self.assertLessEqual(end["process_peak_bytes"], end["budget_bytes"])
        self.assertLessEqual(end["process_beside_arena_bytes"], end["reserve_bytes"])

    def test_without_a_budget_too_the_plan_is_kept(self):
        self.assertKept(self.free, self.free_end)

    def test_a_plan_of_split_channels_changes_no_loss(self):
        plan = run("/usr/bin/python3", f"{os.path.dirname(os.path.abspath(__file__))}/plans.py",
                   "model.mlir", MESH, "both", cwd=self.folder)
        with open(f"{self.folder}/plan.json", "w") as file:
            file.write(plan)
        self.compile("split", "--plan-in", "plan.json")
        losses, end = self.train("split/train_rank")
        self.assertSameLosses(losses)
        self.assertLessEqual(end["touched_end"], end["arena_bytes"])

    @classmethod
    def build_alone(cls):
        """The folder's own build, of the program as its source is now; without optimization the
        runtime's sources compile in half the time. By the system's compiler: it knows nothing of
        the one that a build of autopar with sanitizers has."""
        bare = {name: value for name, value in ENVIRONMENT.items()
                if not name.startswith(("CMAKE_", "LLVM_", "MLIR_", "AUTOPAR_", "CXX"))}
        build = f"{cls.folder}/alone"
        if not os.path.exists(build):
            run("cmake", "-S", f"{cls.folder}/free", "-B", build, "-DCMAKE_PREFIX_PATH=",
                "-DCMAKE_BUILD_TYPE=Debug", env=bare)
        run("cmake", "--build", build, "-j2", "--target", "train_rank", env=bare)
        return build

    def test_the_folder_builds_alone(self):
        build = self.build_alone()
        with open(f"{build}/CMakeCache.txt") as file:
            self.assertNotRegex(file.read(), "(?i)llvm|mlir", "the folder's build looks for LLVM")
        losses, _ = self.train("alone/train_rank")
        self.assertSameLosses(losses)

    def changed(self, change, *options):
        """What the program, its text changed, says and how it ends; on one rank of two all do."""
        source = f"{self.folder}/free/train_rank.cpp"
        with open(source) as file:
            text = file.read()
        try:
            with open(source, "w") as file:
                file.write(change(text))
            self.build_alone()
        finally:
            with open(source, "w") as file:
                file.write(text)
        return subprocess.run(
            ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(RANKS), "alone/train_rank",
             "--fixed-batch", "batch.safetensors", "--steps", "2", "--lr", "0.01", *options],
            capture_output=True, text=True, timeout=600, cwd=self.folder, env=ENVIRONMENT)

    def assertEndsWith(self, done, pattern):
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertRegex(done.stderr, rf"(?m)^error: rank \d of {RANKS}: {pattern}")

    def test_a_buffer_outside_the_plan_is_caught(self):
        # The first activation goes behind all that is planned, in an arena that has room there.
        arena = self.free["memory"]["arena_bytes"]
        behind = (arena + 63) // 64 * 64

        def change(text):
            text, count = re.subn(rf"\.arenaBytes = {arena},", f".arenaBytes = {2 * arena},", text)
            self.assertEqual(count, 1)
            text, count = re.subn(r"arena\.at<float>\(\d+(, \{[\d, ]+\}\);\s+// activation)",
                                  rf"arena.at<float>({behind}\1", text, count=1)
            self.assertEqual(count, 1)
            return text

        self.assertEndsWith(self.changed(change, "--verify"),
                            r"step 1 has touched byte \d+ of the arena, and its plan ends at byte "
                            rf"{arena}; a call leaves its buffer")

    def test_a_plan_that_promises_less_than_is_touched_is_caught(self):
        def change(text):
            text, count = re.subn(r"(\.step = \{.*\.peakBytes = )(\d+)",
                                  lambda found: found[1] + str(int(found[2]) // 2), text)
            self.assertEqual(count, 1)
            return text

        self.assertEndsWith(self.changed(change, "--verify"), r"step 1 has touched byte \d+ of")

    def test_a_process_over_its_budget_is_told_and_with_verify_an_error(self):
        def change(text):
            text, count = re.subn(r"\.budgetBytes = \d+", ".budgetBytes = 20000000", text)
            self.assertEqual(count, 1)
            return text

        told = "a rank's process has taken [0-9]+ bytes of memory, and its budget is 20000000"
        self.assertEndsWith(self.changed(change, "--verify"), told)
        done = self.changed(change)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stderr, f"(?m)^warning: {told}")
        self.assertRegex(done.stdout, "(?m)^memory of a rank: budget 19.07 MiB; plan ")


if __name__ == "__main__":
    unittest.main()
