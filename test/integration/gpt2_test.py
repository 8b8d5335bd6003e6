"""Compiled GPT-2s and PyTorch's: stored models go both ways, dropout is the same everywhere, and bad
input is refused before anything is written.

    gpt2_test.py

The tools are taken from PATH. The model is as small as one can be that has all of GPT-2's parts.
"""

import os
import struct
import subprocess
import sys
import tempfile
import unittest

import numpy
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "oracle"))
import compare  # noqa: E402
import gpt2  # noqa: E402
import safetensors  # noqa: E402

# 67 tokens are padded to 80, so that a stored table is smaller than the program's.
BATCH, SEQUENCE, POSITIONS, VOCABULARY, LAYERS, WIDTH, HEADS = 4, 16, 24, 67, 2, 32, 4
MODEL = [f"--batch={BATCH}", f"--seq={SEQUENCE}", f"--positions={POSITIONS}",
         f"--vocab={VOCABULARY}", "--padded-vocab=16", f"--layers={LAYERS}", f"--width={WIDTH}",
         f"--heads={HEADS}"]
ENVIRONMENT = os.environ | {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                            "OMP_WAIT_POLICY": "passive"}


def run(*command, cwd, fails=False):
    """Runs to success, or to failure where that is wanted; returns all that was printed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          stdin=subprocess.DEVNULL, timeout=600, env=ENVIRONMENT, cwd=cwd)
    if bool(done.returncode) != fails:
        raise AssertionError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}")
    return done.stdout


class Folder(unittest.TestCase):
    """A folder with programs and a batch of random tokens, gone when the class is done."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        generator = numpy.random.default_rng(1)
        texts = generator.integers(VOCABULARY, size=(BATCH, SEQUENCE + 1)).astype(numpy.int32)
        cls.tokens, cls.labels = texts[:, :-1], texts[:, 1:]
        safetensors.save(f"{cls.folder}/batch.safetensors",
                         {"tokens": cls.tokens, "labels": cls.labels})

    @classmethod
    def compile(cls, name, mesh, *split, dropout="0", fails=False):
        """Compiles the model to the folder `name`, under a plan of plans_gpt2.py where `split`."""
        run("autopar-model", "gpt2", *MODEL, f"--dropout={dropout}", "-o", f"{name}.mlir",
            cwd=cls.folder)
        plan = []
        if split:
            text = run("/usr/bin/python3", f"{HERE}/plans_gpt2.py", f"{name}.mlir", mesh, *split,
                       cwd=cls.folder)
            with open(f"{cls.folder}/{name}.json", "w") as file:
                file.write(text)
            plan = ["--plan-in", f"{name}.json"]
        return run("autopar-compile", f"{name}.mlir", "--mesh", mesh, "--target", "cpu", "--quiet",
                   "--time-limit", "5", "-o", name, *plan, cwd=cls.folder, fails=fails)

    @classmethod
    def start(cls, name, ranks, *options, fails=False):
        return run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks),
                   f"./{name}/train_rank", *options, cwd=cls.folder, fails=fails)

    @classmethod
    def losses(cls, name, ranks, *options):
        """The loss of each step, trained on the batch unless options say otherwise."""
        cls.start(name, ranks, "--fixed-batch", "batch.safetensors", "--verify",
                  "--log", f"{name}.jsonl", *options)
        found = compare.losses(f"{cls.folder}/{name}.jsonl")
        return [float(found[step]) for step in sorted(found)]


class StoredModels(Folder):
    """One program on one rank, one with heads and vocabulary split."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network = gpt2.Gpt2(VOCABULARY, POSITIONS, LAYERS, WIDTH, HEADS)
        gpt2.randomize(cls.network, seed=2)
        cls.compile("whole", "1x1")
        cls.compile("split", "2x2", "heads", "vocabulary")
        cls.programs = [("whole", 1), ("split", 4)]

    def pytorch_loss(self, state):
        network = gpt2.Gpt2(VOCABULARY, POSITIONS, LAYERS, WIDTH, HEADS).double()
        network.load_state_dict({name: torch.tensor(value) for name, value in state.items()})
        return network(torch.tensor(self.tokens).long(), torch.tensor(self.labels).long()).item()

    def state(self):
        return {name: value.detach().numpy().astype(numpy.float32)
                for name, value in self.network.state_dict().items()}

    def test_a_hugging_face_file_begins_with_pytorchs_loss(self):
        state = self.state()
        wanted = self.pytorch_loss(state)
        # As transformers writes them: a prefix, the tied table again, and causal masks.
        stored = {f"transformer.{name}": value for name, value in state.items()}
        stored["lm_head.weight"] = state["wte.weight"]
        for layer in range(LAYERS):
            mask = numpy.tril(numpy.ones((1, 1, POSITIONS, POSITIONS), numpy.uint8))
            stored[f"transformer.h.{layer}.attn.bias"] = mask
            stored[f"transformer.h.{layer}.attn.masked_bias"] = numpy.array(-1e4, numpy.float32)
        for kind, tensors in ("bare", state), ("transformers", stored):
            safetensors.save(f"{self.folder}/{kind}.safetensors", tensors, {"format": "pt"})
            for name, ranks in self.programs:
                with self.subTest(file=kind, program=name):
                    (loss,) = self.losses(name, ranks, "--init", f"{kind}.safetensors",
                                          "--steps", "1")
                    numpy.testing.assert_allclose(loss, wanted, rtol=1e-5)

    def test_pytorch_goes_on_where_a_program_stopped(self):
        safetensors.save(f"{self.folder}/start.safetensors", self.state())
        for name, ranks in self.programs:
            with self.subTest(program=name):
                before = self.losses(name, ranks, "--init", "start.safetensors", "--steps", "3",
                                     "--lr", "1e-2", "--save", "trained.safetensors")
                trained, _ = safetensors.load(f"{self.folder}/trained.safetensors")
                state = {key: value for key, value in trained.items()
                         if not key.endswith(compare.SLOTS)}
                after = self.losses(name, ranks, "--init", "trained.safetensors", "--steps", "1")
                self.assertLess(after[0], before[0])
                numpy.testing.assert_allclose(self.pytorch_loss(state), after[0], rtol=1e-5)

    def test_every_tensor_that_does_not_fit_is_listed(self):
        state = self.state()
        del state["h.1.ln_2.bias"]
        state["h.0.attn.c_attn.weight"] = state["h.0.attn.c_attn.weight"].T
        state["h.2.ln_1.weight"] = state["ln_f.weight"]
        safetensors.save(f"{self.folder}/wrong.safetensors", state)
        said = self.start("split", 4, "--fixed-batch", "batch.safetensors", "--init",
                          "wrong.safetensors", "--steps", "1", "--save", "never.safetensors",
                          fails=True)
        self.assertIn(f"missing: h.1.ln_2.bias F32[{WIDTH}]", said)
        self.assertIn(f"misshapen: h.0.attn.c_attn.weight is F32[{3 * WIDTH}, {WIDTH}] there, "
                      f"F32[{WIDTH}, {3 * WIDTH}] here", said)
        self.assertIn(f"extra: h.2.ln_1.weight F32[{WIDTH}]", said)
        self.assertFalse(os.path.exists(f"{self.folder}/never.safetensors"))

    def test_texts_that_do_not_fit_are_refused(self):
        def refused(header, tokens, *wanted):
            with open(f"{self.folder}/text.bin", "wb") as file:
                file.write(struct.pack("<256i", *header, *[0] * (256 - len(header))))
                file.write(struct.pack(f"<{len(tokens)}H", *tokens))
            said = self.start("split", 4, "--data", "text.bin", "--steps", "1",
                              "--save", "never.safetensors", fails=True)
            for text in wanted:
                self.assertIn(text, said)
            self.assertFalse(os.path.exists(f"{self.folder}/never.safetensors"))

        text = [position % VOCABULARY for position in range(100)]
        refused([20240520, 1, 100], text[:-1] + [VOCABULARY],
                f"token 99 is {VOCABULARY}", f"a vocabulary of {VOCABULARY}")
        refused([20240519, 1, 100], text, "it begins with 20240519, not 20240520")
        refused([20240520, 1, 200], text, "promises 200 tokens", "it was cut short")
        refused([20240520, 1, 8], text[:8], "8 tokens")

    def test_tokens_of_a_batch_that_are_none_are_refused(self):
        tokens = self.tokens.copy()
        tokens[1, 2] = VOCABULARY  # a row of the table that is only padding
        safetensors.save(f"{self.folder}/outside.safetensors",
                         {"tokens": tokens, "labels": self.labels})
        said = self.start("split", 4, "--fixed-batch", "outside.safetensors", "--steps", "1",
                          fails=True)
        self.assertIn(f"token {SEQUENCE + 2} is {VOCABULARY}", said)

    def test_heads_that_no_axis_divides_are_named_with_what_is_possible(self):
        said = self.compile("thirds", "3", "heads", fails=True)
        self.assertRegex(said, r'"h\.0\.attn\.c_attn\.matmul" cannot be RRRS0R = RRR x RRS0R')
        self.assertIn("possible are", said)
        self.assertFalse(os.path.exists(f"{self.folder}/thirds"))


class Dropout(Folder):
    """All programs begin with the same weights, so only masks can make losses differ."""

    def train(self, name, ranks, *options):
        return self.losses(name, ranks, "--init", "start.safetensors", *options)

    def test_drops_the_same_on_every_mesh(self):
        network = gpt2.Gpt2(VOCABULARY, POSITIONS, LAYERS, WIDTH, HEADS)
        gpt2.randomize(network, seed=2)
        safetensors.save(f"{self.folder}/start.safetensors",
                         {name: value.numpy() for name, value in network.state_dict().items()})
        self.compile("one", "1x1", dropout="0.2")
        self.compile("megatron", "2x2", "batch", "heads", dropout="0.2")
        self.compile("sequence", "2x2", "sequence", "vocabulary", dropout="0.2")
        wanted = self.train("one", 1, "--steps", "4", "--seed", "7")
        for name in "megatron", "sequence":
            with self.subTest(program=name):
                losses = self.train(name, 4, "--steps", "4", "--seed", "7")
                numpy.testing.assert_allclose(losses, wanted, rtol=1e-5)
        # A mask that is left out, or is the same in every run, would show here.
        other = self.train("one", 1, "--steps", "1", "--seed", "8")
        self.assertGreater(abs(other[0] / wanted[0] - 1), 1e-4)


if __name__ == "__main__":
    unittest.main()
