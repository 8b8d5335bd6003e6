"""Emitted CUDA programs on the stand-in device, whose batches are brought while steps run, beside the
same programs without room for that, whose batches are written before each step: all bits are the same.

    feed_test.py SOURCE BUILD [TEST…]

The tools are taken from PATH.
"""

import json
import re
import shutil
import sys
import tempfile
import unittest

import numpy

from commands import ENVIRONMENT, run
from narrow import narrow

STEPS, BATCH = 5, 8
SOURCE, BUILD = sys.argv.pop(1), sys.argv.pop(1)
RESNET = f"resnet18 --cifar --batch {BATCH} --image 32"
GPT2 = f"gpt2 --batch {BATCH} --seq 16 --positions 16 --layers 2 --width 32 --heads 4 --vocab 61 " \
    "--padded-vocab 8 --dropout 0.1"


class Feed(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        random = numpy.random.default_rng(1)
        for name in "data_batch_1", "test_batch":
            records = random.integers(256, size=(5 * BATCH, 3073)).astype(numpy.uint8)
            records[:, 0] %= 10
            records.tofile(f"{self.folder}/{name}.bin")

    def compile(self, network, *options):
        text = run("autopar-model", *network.split(), cwd=self.folder).stdout
        with open(f"{self.folder}/model", "w") as file:
            file.write(narrow(text) if network.startswith("resnet") else text)
        run("autopar-compile", "model", "--target", "cuda", "--time-limit", "2", "--quiet",
            "--no-build", "-o", "brought", *options, cwd=self.folder, timeout=300)
        # The same without room for the next batch.
        shutil.copytree(f"{self.folder}/brought", f"{self.folder}/written")
        with open(f"{self.folder}/written/train_rank.cpp", "r+") as file:
            written, ports = re.subn(r",\s+\.next = \d+", "", file.read())
            file.seek(0)
            file.write(written)
            file.truncate()
        return ports

    def train(self, program, *options, seed, ranks=1, checks=()):
        """(what was logged of each step and evaluation but its time, the variables' file)"""
        run(f"{SOURCE}/scripts/standin-run.sh", program, "-n", str(ranks), "--seed", str(seed), *checks,
            "--libraries", f"{BUILD}/test/standin/autopar-standin.cmake", "--", "--log", "log", "--save",
            "end", "--lr", "0.01", "--seed", "3", *options, cwd=self.folder, env=ENVIRONMENT,
            timeout=1200)
        numbers = "step", "loss", "lr", "test_loss", "test_accuracy", "loss_scale", "skipped_steps"
        with open(f"{self.folder}/log") as log:
            lines = [{key: line[key] for key in numbers if key in line} for line in map(json.loads, log)]
        with open(f"{self.folder}/end", "rb") as end:
            return [line for line in lines if "step" in line], end.read()

    def expect_same(self, *options, ranks=1):
        wanted, end = self.train("written", *options, seed=1, ranks=ranks)
        self.assertEqual([line["step"] for line in wanted if "loss" in line],
                         [*range(1, STEPS + 1)])
        for seed, checks in (1, ()), (2, ("--races",)), (3, ("--races",)):
            with self.subTest(seed=seed):
                found, ends = self.train("brought", *options, seed=seed, ranks=ranks, checks=checks)
                self.assertEqual(found, wanted)
                self.assertEqual(ends, end, "the variables differ")

    def test_images_as_bytes(self):
        self.assertEqual(self.compile(RESNET), 1) # Labels are a few bytes.
        self.expect_same("--data", ".", "--augment", "--steps", str(STEPS), "--eval-every", "3")

    def test_images_that_are_resized(self):
        self.compile(RESNET.replace("32", "16"), "--precision", "fp16")
        self.expect_same("--data", ".", "--augment", "--steps", str(STEPS))

    def test_text_of_two_ranks_in_micro_batches(self):
        self.assertEqual(self.compile(GPT2, "--mesh", "2", "--micro-batches", "2"), 2)
        self.expect_same("--data", "synthetic", "--steps", str(STEPS), ranks=2)


unittest.main()
