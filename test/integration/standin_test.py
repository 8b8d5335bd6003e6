"""Emitted CUDA programs on the stand-in device (test/standin): the same losses as the CPU
target's, with and without CUDA graphs, whatever order the device does unordered work in; and
nothing races.

    standin_test.py SOURCE BUILD

The tools are taken from PATH. One model is compiled for two ranks and both targets.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

from commands import ENVIRONMENT, losses_in, run

STEPS, RANKS = 5, 2
SOURCE, BUILD = sys.argv.pop(1), sys.argv.pop(1)


class StandIn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        for target, options in (("cpu", []), ("cuda", ["--no-build"])):
            run("autopar-compile", f"{SOURCE}/test/integration/Inputs/small.mlir", "--mesh",
                str(RANKS), "--target", target, "--quiet", "-o", f"{cls.folder}/{target}", *options)
        log = f"{cls.folder}/cpu.log"
        run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(RANKS),
            f"{cls.folder}/cpu/train_rank", *cls.options(log), env=ENVIRONMENT, timeout=600)
        cls.expected = losses_in(log)

    @staticmethod
    def options(log):
        return ["--data", "synthetic", "--steps", str(STEPS), "--log", log]

    def command(self, seed, log, *options, checks=()):
        return (f"{SOURCE}/scripts/standin-run.sh", f"{self.folder}/cuda", "-n", str(RANKS),
                "--seed", str(seed), *checks, "--libraries",
                f"{BUILD}/test/standin/autopar-standin.cmake", "--", *self.options(log), *options)

    def expect_same(self, seed, *options, checks=(), **device):
        """Returns what the program has printed to standard error."""
        log = f"{self.folder}/cuda.log"
        done = run(*self.command(seed, log, *options, checks=checks), env=ENVIRONMENT | device,
                   timeout=600)
        losses = losses_in(log)
        self.assertEqual(len(losses), STEPS)
        for ours, expected in zip(losses, self.expected):
            self.assertAlmostEqual(ours, expected, delta=1e-5)
        return done.stderr

    def test_losses_call_by_call(self):
        self.expect_same(1, "--no-graph")

    def test_losses_of_graphs(self):
        for seed in (1, 2, 3):
            with self.subTest(seed=seed):
                self.expect_same(seed)

    def test_nothing_is_found_under_all_checks(self):
        self.expect_same(5, checks=["--strict"])
        self.expect_same(6, "--no-graph", checks=["--races"])

    def test_losses_over_mpi(self):
        self.expect_same(4, "--comm", "mpi")

    # Written while steps run; and the other target goes on from it.
    def test_losses_over_a_checkpoint(self):
        kept, log = f"{self.folder}/kept", f"{self.folder}/cuda.log"
        run(*self.command(7, log, "--checkpoints", kept, "--save-every", "2", "--stop-after", "3",
                          checks=["--strict"]), env=ENVIRONMENT, timeout=600)
        losses = losses_in(log)
        run("autopar-checkpoint", "verify", kept)
        self.assertEqual(sorted(os.listdir(f"{kept}/step-00000003")),
                         ["checkpoint.json", *(f"rank-{rank}.safetensors" for rank in range(RANKS))])
        run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(RANKS),
            f"{self.folder}/cpu/train_rank", *self.options(f"{log}.rest"), "--resume", kept,
            env=ENVIRONMENT, timeout=600)
        losses += losses_in(f"{log}.rest")
        self.assertEqual(len(losses), STEPS)
        for ours, expected in zip(losses, self.expected):
            self.assertAlmostEqual(ours, expected, delta=1e-5)

    # The program is planned for an H100.
    def test_losses_on_another_gpu(self):
        self.assertNotIn("note:", self.expect_same(5, STANDIN_DEVICE="h100-pcie"))

    def test_losses_where_plans_fail(self):
        told = self.expect_same(6, STANDIN_DEVICE="h200", STANDIN_CUDNN_FAILS="1")
        notes = [line for line in told.splitlines() if line.startswith("note: ")]
        self.assertTrue(notes)
        for note in notes:
            self.assertRegex(note, "^note: Conv2d.* do not run on NVIDIA H200: .*takes their place")
        self.assertEqual(len(notes), len(set(notes)), "more than rank 0 has told")

    def test_choices_are_kept(self):
        file = f"{self.folder}/choices.json"
        self.expect_same(7, "--autotune", file)
        with open(file) as choices:
            text = choices.read()
        (device, of_device), = json.loads(text).items()
        self.assertRegex(device, r"^NVIDIA H100 80GB HBM3, cuDNN \d+$")
        self.assertTrue(all(call.startswith("Conv2d") for call in of_device))
        inode = os.stat(file).st_ino
        self.expect_same(8, "--autotune", file)
        self.assertEqual(os.stat(file).st_ino, inode, "what is known was written again")

    def test_a_file_of_no_choices_is_refused(self):
        file = f"{self.folder}/none.json"
        with open(file, "w") as other:
            other.write("[1]")
        done = subprocess.run(self.command(9, f"{self.folder}/log", "--autotune", file),
                              capture_output=True, text=True, env=ENVIRONMENT, timeout=600)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"--autotune {file}: is no file of choices", done.stderr)


unittest.main()
