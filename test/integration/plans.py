#!/usr/bin/python3
"""Writes a plan that splits the channels, or the batch, of a model's convolutions and linear layers.

    plans.py resnet18.mlir 2x2 out       output channels over all axes
    plans.py resnet18.mlir 2x2 in        input channels, which leaves partial sums to add
    plans.py resnet18.mlir 2x2 both      input channels over the first axis, output channels over the
                                         others; on one axis in turn, layer by layer
    plans.py resnet18.mlir 2x2 batch     the batch over all axes; of tiny models the solver splits nothing

Such plans are not what the solver would choose for these models, so nothing else would compile
them. A layer is left to the solver where its channels do not divide (the stem has three), and so is
everything else: normalisation, gradients, updates.
"""

import argparse
import json
import math
import re
import sys

LAYER = re.compile(r"%(?P<name>\S+) = graph\.(?:conv2d|linear) .*"
                   r": \(tensor<\S+>, tensor<(?P<out>\d+)x(?P<in>\d+)(?:x\d+)*xf32>\)")


def layers(model):
    """(name, output channels, input channels) of each convolution and linear layer."""
    with open(model) as file:
        found = [LAYER.search(line) for line in file]
    return [(line["name"], int(line["out"]), int(line["in"])) for line in found if line]


def split(axes):
    return "S" + "".join(map(str, axes)) if axes else "R"


def strategy(out_axes, in_axes, batch_axes):
    """y[batch, out] = x[batch, in] w[out, in] as the compiler writes it."""
    batch = split(batch_axes)
    sums = "|U" + "".join(map(str, in_axes)) if in_axes else ""
    return f"{batch}{split(out_axes)}{sums} = {batch}{split(in_axes)} x " \
        f"{split(out_axes)}{split(in_axes)}"


def axes_of(kind, axes, index):
    """(axes of the output channels, axes of the input channels) for layer number `index`."""
    if kind == "both" and len(axes) == 1:
        kind = ("out", "in")[index % 2]
    return {"out": (axes, []), "in": ([], axes), "both": (axes[1:], axes[:1]), "batch": ([], [])}[kind]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("mesh")
    parser.add_argument("kind", choices=("out", "in", "both", "batch"))
    args = parser.parse_args()

    sizes = [int(size) for size in args.mesh.split("x")]
    axes = [axis for axis, size in enumerate(sizes) if size > 1]
    plan = {}
    for index, (name, outputs, inputs) in enumerate(layers(args.model)):
        out_axes, in_axes = axes_of(args.kind, axes, index)
        ways = [math.prod(sizes[axis] for axis in split_axes) for split_axes in (out_axes, in_axes)]
        if outputs % ways[0] == 0 and inputs % ways[1] == 0:
            plan[name] = strategy(out_axes, in_axes, axes if args.kind == "batch" else [])
    if not plan:
        sys.exit(f"plans.py: {args.model} has no layer whose channels mesh {args.mesh} divides")
    json.dump({"mesh": args.mesh, "functions": {"step": plan}}, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
