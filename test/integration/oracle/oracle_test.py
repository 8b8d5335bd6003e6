"""What parity rests on: the file format, weights clear of kinks, a comparison that can fail."""

import os
import subprocess
import sys
import tempfile
import unittest

import numpy
import torch

import compare
import models
import safetensors

HERE = os.path.dirname(os.path.abspath(__file__))


class Safetensors(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = f"{self.folder.name}/x.safetensors"
        self.addCleanup(self.folder.cleanup)

    def test_what_is_saved_is_loaded(self):
        tensors = {"a.weight": numpy.arange(6, dtype=numpy.float32).reshape(2, 3),
                   "scalar": numpy.array(2.5), "labels": numpy.array([1, -1], numpy.int32),
                   "transposed": numpy.arange(6.0).reshape(2, 3).T}
        safetensors.save(self.path, tensors, {"seed": "1"})
        loaded, metadata = safetensors.load(self.path)
        self.assertEqual(metadata, {"seed": "1"})
        self.assertEqual(loaded.keys(), tensors.keys())
        for name, value in tensors.items():
            self.assertEqual(loaded[name].dtype, value.dtype)
            numpy.testing.assert_array_equal(loaded[name], value)

    def test_a_cut_file_is_refused(self):
        safetensors.save(self.path, {"a": numpy.zeros(8)})
        os.truncate(self.path, os.path.getsize(self.path) - 8)
        with self.assertRaisesRegex(ValueError, "a: bytes"):
            safetensors.load(self.path)


class Kinks(unittest.TestCase):
    def test_no_relu_of_the_batch_is_near_zero(self):
        # 256 inputs to a channel: some of a random network's lie within 1e-3 of zero.
        torch.manual_seed(3)
        network = torch.nn.Sequential(torch.nn.Conv2d(3, 32, 3), torch.nn.BatchNorm2d(32),
                                      torch.nn.ReLU()).double()
        images = torch.randn(4, 3, 10, 10).double()
        before = network[:2](images).abs().min().item()
        relu, pool = models.keep_clear_of_kinks(network, images)
        after = network[:2](images).abs().min().item()
        self.assertLess(before, 1e-3)
        self.assertGreater(relu, 1e-3)
        self.assertGreater(after, 1e-3)
        self.assertEqual(pool, float("inf"))


class Comparison(unittest.TestCase):
    """train_rank's files as PyTorch's single precision would write them, then spoilt."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        subprocess.run([sys.executable, f"{HERE}/reference.py", "resnet18", "--batch", "4",
                        "--image", "32", "--cifar", "--steps", "1", "--weight-decay", "0.01",
                        "-o", cls.folder], check=True)

    def compare(self, spoil):
        """Whether compare.py accepts one step of PyTorch in f32 after spoil(losses, saved)."""
        found, _ = safetensors.load(f"{self.folder}/float32.safetensors")
        found = {name: value.copy() for name, value in found.items()}
        losses = found.pop("loss").tolist()
        saved = {name: value.astype(numpy.float32) for name, value in found.items()
                 if not name.startswith("gradient/")}
        spoil(losses, saved)
        safetensors.save(f"{self.folder}/saved.safetensors", saved)
        with open(f"{self.folder}/log.jsonl", "w") as log:
            log.writelines(f'{{"step": {step}, "loss": {loss}}}\n'
                           for step, loss in enumerate(losses, start=1))
        return [subprocess.run([sys.executable, f"{HERE}/compare.py", self.folder,
                                "--log", f"{self.folder}/log.jsonl",
                                kind, f"{self.folder}/saved.safetensors"],
                               stdout=subprocess.DEVNULL).returncode
                for kind in ("--first-step", "--last-step")]

    def test_single_precision_is_accepted(self):
        self.assertEqual(self.compare(lambda losses, saved: None), [0, 0])

    def test_one_wrong_gradient_is_refused(self):
        def spoil(losses, saved):
            saved["layer3.0.bn1.bias.momentum"] *= numpy.float32(1.001)
        self.assertEqual(self.compare(spoil), [1, 0])

    def test_a_loss_off_by_rounding_of_half_precision_is_refused(self):
        def spoil(losses, saved):
            losses[0] *= 1.0005
        self.assertEqual(self.compare(spoil), [1, 0])

    def test_a_skipped_update_is_refused(self):
        init, _ = safetensors.load(f"{self.folder}/init.safetensors")

        def spoil(losses, saved):
            saved["fc.bias"] = init["fc.bias"]
        self.assertEqual(self.compare(spoil), [0, 1])

    def test_running_statistics_not_updated_are_refused(self):
        init, _ = safetensors.load(f"{self.folder}/init.safetensors")

        def spoil(losses, saved):
            saved["bn1.running_var"] = init["bn1.running_var"]
        self.assertEqual(self.compare(spoil), [0, 1])

    def test_what_is_missing_or_not_a_number_is_refused(self):
        def spoil(losses, saved):
            del saved["fc.weight.momentum"]
            saved["conv1.weight"][0] = numpy.nan
        self.assertEqual(self.compare(spoil), [1, 1])


class Distance(unittest.TestCase):
    def test_of_zeros_is_zero_or_infinite(self):
        self.assertEqual(compare.distance(numpy.zeros(3), numpy.zeros(3)), 0)
        self.assertEqual(compare.distance(numpy.ones(3), numpy.zeros(3)), numpy.inf)


if __name__ == "__main__":
    unittest.main()
