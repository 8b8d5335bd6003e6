#!/usr/bin/python3
"""Writes a plan of GPT-2 that gives each axis of a mesh one thing to split.

    plans_gpt2.py gpt2.mlir 2x2 batch batch          data parallel
    plans_gpt2.py gpt2.mlir 2x2 batch heads          data parallel by Megatron's tensor parallel
    plans_gpt2.py gpt2.mlir 4 heads                  Megatron's: heads, and the MLPs' hidden channels
    plans_gpt2.py gpt2.mlir 2x2 sequence vocabulary  positions of the text; rows of the token table

The matrix products, the embedding and the loss are pinned; everything else (norms, attention,
gradients, updates) is left to the solver.
"""

import argparse
import json
import re
import sys

# Which letters of the products' equations stand for what is split.
LETTERS = {"batch": "b", "sequence": "t", "heads": "hf", "vocabulary": "v"}
PRODUCT = re.compile(r'%(\S+) = graph\.einsum "(\w+),(\w+)->(\w+)"')


def equations(model):
    """{name: (lhs, rhs, result)} of what is pinned, a letter for each dimension."""
    with open(model) as file:
        found = [PRODUCT.search(line) for line in file]
    products = {match[1]: match.groups()[1:] for match in found if match}
    if "lm_head" not in products:
        sys.exit(f"plans_gpt2.py: {model} is no GPT-2; it has no product named lm_head")
    # The rows that a token table's part has, and the sums of the part of the logits.
    return products | {"wte": ("bt", "vc", "btc"), "loss.sums": ("btv", "bt", "btv")}


def strategy(lhs, rhs, result, split):
    """An equation as the compiler writes it, where split = [(axis, letters)]."""

    def axes(letter):
        return "".join(str(axis) for axis, letters in split if letter in letters)

    def spec(dims):
        return "".join("S" + axes(letter) if axes(letter) else "R" for letter in dims)

    summed = "".join(sorted(axes(letter)
                            for letter in dict.fromkeys(lhs + rhs) if letter not in result))
    return f"{spec(result)}{'|U' + summed if summed else ''} = {spec(lhs)} x {spec(rhs)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("mesh")
    parser.add_argument("split", nargs="+", choices=LETTERS, help="one for each axis")
    args = parser.parse_args()
    if len(args.split) != len(args.mesh.split("x")):
        parser.error(f"mesh {args.mesh} has {len(args.mesh.split('x'))} axes, "
                     f"and {len(args.split)} things to split are named")
    split = [(axis, LETTERS[what]) for axis, what in enumerate(args.split)]
    plan = {name: strategy(*terms, split) for name, terms in equations(args.model).items()}
    json.dump({"mesh": args.mesh, "functions": {"step": plan}}, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
