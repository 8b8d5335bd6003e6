"""scripts/make-tokens.py: the file format, bytes, and byte-pair encoding on a made-up vocabulary."""

import importlib.util
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../scripts/make-tokens.py")
spec = importlib.util.spec_from_file_location("make_tokens", SCRIPT)
make_tokens = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_tokens)


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    magic, version, count = struct.unpack_from("<3i", content)
    assert (magic, version, len(content)) == (20240520, 1, 1024 + 2 * count)
    return list(struct.unpack_from(f"<{count}H", content, 1024))


class MakeTokens(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def run_script(self, *words):
        return subprocess.run([sys.executable, SCRIPT, *words, "-o", f"{self.folder}/out"],
                              capture_output=True, text=True)

    def out(self):
        return read(f"{self.folder}/out/train.bin"), read(f"{self.folder}/out/val.bin")

    def vocabulary(self):
        """All bytes, then what three merges make: "th", "the", " the"."""
        characters = make_tokens.byte_characters()
        encoder = {characters[byte]: byte for byte in range(256)}
        merges = [("t", "h"), ("th", "e"), ("\u0120", "the")]
        for pair in merges:
            encoder["".join(pair)] = len(encoder)
        return encoder, merges

    def test_a_token_is_a_byte_and_the_end_is_for_validation(self):
        a, b = self.write("a", bytes(range(256))), self.write("b", b"more text")
        self.assertEqual(self.run_script(a, b, "--val", "0.04").returncode, 0)
        train, val = self.out()
        self.assertEqual(bytes(train + val), bytes(range(256)) + b"more text")
        self.assertEqual(len(val), 10)

    def test_words_are_split_as_gpt2_splits_them(self):
        for text, expected in [
                ("Hello world", ["Hello", " world"]),
                ("it's we'll", ["it", "'s", " we", "'ll"]),
                ("a  b\n\nc", ["a", " ", " b", "\n", "\n", "c"]),
                ("x=12, y!?", ["x", "=", "12", ",", " y", "!?"]),
                ("end  \n", ["end", "  \n"]),
                ("d\u00e9j\u00e0 2\u00b2", ["d\u00e9j\u00e0", " 2\u00b2"])]:
            self.assertEqual(list(make_tokens.words(text)), expected)
            self.assertEqual("".join(make_tokens.words(text)), text)

    def test_pairs_are_merged_in_their_order(self):
        encoder, merges = self.vocabulary()
        bpe = make_tokens.Bpe(encoder, merges)
        self.assertEqual(bpe.encode("the"), [257])
        self.assertEqual(bpe.encode("then the th"), [257, ord("n"), 258, ord(" "), 256])
        self.assertEqual(bpe.encode("\u00e9"), [0xC3, 0xA9])

    def test_gpt2s_files_are_read(self):
        encoder, merges = self.vocabulary()
        encoder[make_tokens.END_OF_TEXT] = len(encoder)
        lines = ["#version: 0.2"] + [" ".join(pair) for pair in merges] + [""]
        run = self.run_script(self.write("text", b"the the"), "--val", "0.4", "--encoder",
                              self.write("encoder.json", json.dumps(encoder).encode()), "--vocab",
                              self.write("vocab.bpe", "\n".join(lines).encode()))
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(self.out(), ([259, 257], [258]))

    def test_what_is_wrong_is_said_and_nothing_written(self):
        encoder, merges = self.vocabulary()
        del encoder["a"]
        with self.assertRaisesRegex(ValueError, "lacks 1 of 256 bytes, the first is 'a'"):
            make_tokens.Bpe(encoder, merges)
        text = self.write("text", b"abc")
        for words, message in [((text, "--encoder", "e"), "--encoder and --vocab belong together"),
                               ((text, "--val", "1.5"), "--val 1.5 is no share"),
                               ((text, "--val", "0.1"), "3 tokens are too few"),
                               ((f"{self.folder}/none",), "No such file")]:
            run = self.run_script(*words)
            self.assertNotEqual(run.returncode, 0)
            self.assertIn(message, run.stderr)
        self.assertFalse(os.path.exists(f"{self.folder}/out"))


if __name__ == "__main__":
    unittest.main()
