#!/usr/bin/env python3
"""Text as token files for a language model: DIR/train.bin and DIR/val.bin.

    make-tokens.py TEXT... -o DIR                                  # a token is a byte: vocabulary 256
    make-tokens.py TEXT... -o DIR --encoder encoder.json --vocab vocab.bpe       # GPT-2's vocabulary

The format is llm.c's: 256 32-bit words, the first three of which are the magic 20240520,
version 1 and the number of tokens; then the tokens as 16-bit words; all little-endian. Of
all texts, one behind the other, the last part (--val, a tenth) is for validation. With
GPT-2's vocabulary each text begins with <|endoftext|>, as in GPT-2's own training data.
"""

import argparse
import array
import functools
import json
import os
import re
import sys
import unicodedata

MAGIC, VERSION, HEADER_WORDS = 20240520, 1, 256
END_OF_TEXT = "<|endoftext|>"


def write(path, tokens):
    """One token file, in one rename."""
    header = array.array("i", [MAGIC, VERSION, len(tokens)] + [0] * (HEADER_WORDS - 3))
    body = array.array("H", tokens)
    if sys.byteorder == "big":
        header.byteswap()
        body.byteswap()
    with open(f"{path}.part", "wb") as file:
        header.tofile(file)
        body.tofile(file)
    os.replace(f"{path}.part", path)


def byte_characters():
    """The printable character that stands for each byte in GPT-2's files: itself where it is
    printable, else the next of those from U+0100 on."""
    kept = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    characters, free = {byte: chr(byte) for byte in kept}, 0x100
    for byte in range(256):
        if byte not in characters:
            characters[byte] = chr(free)
            free += 1
    return characters


def words(text):
    """Splits as GPT-2's pattern does, which Python's re cannot write (it has no \\p{L}):
    's|'t|'re|'ve|'m|'ll|'d| ?letters| ?numbers| ?others|spaces but the last one|spaces"""

    def kind(character):
        category = unicodedata.category(character)[0]
        return category if category in "LN" else "S" if character.isspace() else "O"

    position = 0
    while position < len(text):
        suffix = re.compile("'(?:s|t|re|ve|m|ll|d)").match(text, position)
        begin, end = position, suffix.end() if suffix else position
        if not suffix:
            first = position + (text[position] == " ")
            if first < len(text) and kind(text[first]) != "S":
                end = first
                while end < len(text) and kind(text[end]) == kind(text[first]):
                    end += 1
            else:
                while end < len(text) and kind(text[end]) == "S":
                    end += 1
                if end < len(text) and end - position > 1:
                    end -= 1  # the last space goes with the word behind it
        yield text[begin:end]
        position = end


class Bpe:
    """GPT-2's byte-pair encoding: the pair that was merged first is merged first."""

    def __init__(self, encoder, merges):
        """`encoder` maps a token's characters to its number; `merges` lists pairs in order."""
        self.encoder = encoder
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        self.characters = byte_characters()
        missing = [self.characters[byte] for byte in range(256)
                   if self.characters[byte] not in encoder]
        if missing:
            raise ValueError(f"the vocabulary lacks {len(missing)} of 256 bytes, the first is "
                             f"{missing[0]!r}: not every text could be written")

    @functools.lru_cache(maxsize=1 << 20)
    def encode_word(self, word):
        parts = [self.characters[byte] for byte in word.encode()]
        while len(parts) > 1:
            best = min(zip(parts, parts[1:]), key=lambda pair: self.ranks.get(pair, float("inf")))
            if best not in self.ranks:
                break
            merged, i = [], 0
            while i < len(parts):
                if tuple(parts[i:i + 2]) == best:
                    merged.append(parts[i] + parts[i + 1])
                    i += 2
                else:
                    merged.append(parts[i])
                    i += 1
            parts = merged
        unknown = [part for part in parts if part not in self.encoder]
        if unknown:
            raise ValueError(f"vocab.bpe makes {unknown[0]!r}, which encoder.json lacks; "
                             "are they of one vocabulary?")
        return [self.encoder[part] for part in parts]

    def encode(self, text):
        return [token for word in words(text) for token in self.encode_word(word)]


def load_bpe(encoder_path, vocab_path):
    with open(encoder_path, encoding="utf-8") as file:
        encoder = json.load(file)
    with open(vocab_path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    merges = [tuple(line.split(" ")) for line in lines if line and not line.startswith("#version")]
    broken = [pair for pair in merges if len(pair) != 2]
    if broken:
        raise ValueError(f"{vocab_path}: {' '.join(broken[0])!r} is not a pair of tokens")
    largest = max(encoder.values())
    if largest >= 1 << 16:
        raise ValueError(f"{encoder_path}: token {largest} does not fit the format's 16 bits")
    return Bpe(encoder, merges)


def tokens_of(paths, bpe):
    tokens = array.array("H")
    for path in paths:
        with open(path, "rb") as file:
            content = file.read()
        if bpe:
            if END_OF_TEXT in bpe.encoder:
                tokens.append(bpe.encoder[END_OF_TEXT])
            tokens.extend(bpe.encode(content.decode(errors="replace")))
        else:
            tokens.extend(content)
    return tokens


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", metavar="TEXT")
    parser.add_argument("-o", "--out", required=True, metavar="DIR")
    parser.add_argument("--val", type=float, default=0.1, help="share of validation (0.1)")
    parser.add_argument("--encoder", help="GPT-2's encoder.json")
    parser.add_argument("--vocab", help="GPT-2's vocab.bpe")
    args = parser.parse_args()
    if bool(args.encoder) != bool(args.vocab):
        parser.error("--encoder and --vocab belong together; give both, or neither for bytes")
    if not 0 < args.val < 1:
        parser.error(f"--val {args.val} is no share between 0 and 1")
    try:
        tokens = tokens_of(args.texts, load_bpe(args.encoder, args.vocab) if args.encoder else None)
        split = len(tokens) - int(len(tokens) * args.val)
        if split == len(tokens):
            raise ValueError(f"{len(tokens)} tokens are too few to keep {args.val} of them for "
                             "validation")
        os.makedirs(args.out, exist_ok=True)
        for name, part in (("train", tokens[:split]), ("val", tokens[split:])):
            write(os.path.join(args.out, f"{name}.bin"), part)
            print(f"{args.out}/{name}.bin: {len(part)} tokens")
    except (OSError, ValueError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
