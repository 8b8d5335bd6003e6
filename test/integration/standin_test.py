"""Emitted CUDA programs on the stand-in device (test/standin): the same losses as the CPU
target's, with and without CUDA graphs, whatever order the device does unordered work in.

    standin_test.py SOURCE BUILD

The tools are taken from PATH. One model is compiled for two ranks and both targets.
"""

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

    def expect_same(self, seed, *options):
        log = f"{self.folder}/cuda.log"
        run(f"{SOURCE}/scripts/standin-run.sh", f"{self.folder}/cuda", "-n", str(RANKS), "--seed",
            str(seed), "--libraries", f"{BUILD}/test/standin/autopar-standin.cmake", "--",
            *self.options(log), *options, env=ENVIRONMENT, timeout=600)
        losses = losses_in(log)
        self.assertEqual(len(losses), STEPS)
        for ours, expected in zip(losses, self.expected):
            self.assertAlmostEqual(ours, expected, delta=1e-5)

    def test_losses_call_by_call(self):
        self.expect_same(1, "--no-graph")

    def test_losses_of_graphs(self):
        for seed in (1, 2, 3):
            with self.subTest(seed=seed):
                self.expect_same(seed)

    def test_losses_over_mpi(self):
        self.expect_same(4, "--comm", "mpi")


unittest.main()
