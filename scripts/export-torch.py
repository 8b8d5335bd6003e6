#!/usr/bin/env python3
"""Exports a PyTorch module with its loss, for autopar-import.

    export-torch.py my_file:make -o model.pt2

`make` is a function of my_file.py (or of a module that Python finds) that returns

    module, inputs, labels          the loss is the cross entropy of module(inputs)
    module, inputs, labels, loss    it is loss(module(inputs), labels)
    module, inputs, labels, None    it is what module(inputs, labels) returns, or the `loss` of it

Where `labels` is None, as of an autoencoder, the loss is loss(module(inputs), inputs), or what
module(inputs) returns. `inputs` and `labels` are tensors of the sizes that a step shall have: the
batch over all ranks. Their numbers do not matter. It needs torch 2.9 or newer, and no GPU.
"""
import argparse
import importlib
import inspect
import os
import sys

import torch
import torch.nn.functional as F


def cross_entropy(output, labels):
    """Of a classifier's [N, K], or of a language model's [N, T, K]."""
    logits = getattr(output, "logits", output)
    return F.cross_entropy(logits.flatten(0, -2), labels.flatten())


class WithLoss(torch.nn.Module):
    """autopar-import knows this name, and leaves `model.` out of the variables' names."""

    def __init__(self, model, loss):
        super().__init__()
        self.model = model
        self.loss = loss

    def forward(self, inputs, labels=None):
        if self.loss is not None:
            return self.loss(self.model(inputs), inputs if labels is None else labels)
        if labels is None:
            output = self.model(inputs)
        elif "labels" in inspect.signature(self.model.forward).parameters:
            output = self.model(inputs, labels=labels)  # transformers': it is not the second
        else:
            output = self.model(inputs, labels)
        return getattr(output, "loss", output)


def with_loss(module, inputs, labels, loss=cross_entropy):
    """The module that returns its loss, and what it is called with."""
    if hasattr(module, "config") and getattr(module.config, "use_cache", False):
        module.config.use_cache = False  # of keys and values, which is for generating text
    return WithLoss(module, loss), (inputs,) if labels is None else (inputs, labels)


def export(module, inputs, labels, loss=cross_entropy):
    """The training step's forward pass. `strict=False` traces the module as Python runs it."""
    wrapped, arguments = with_loss(module, inputs, labels, loss)
    return torch.export.export(wrapped.train(), arguments, strict=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", metavar="module:function")
    parser.add_argument("-o", "--output", default="model.pt2", metavar="FILE")
    options = parser.parse_args()
    module, colon, function = options.what.partition(":")
    if not colon:
        parser.error(f"'{options.what}' names no function; write MODULE:FUNCTION")
    sys.path.insert(0, os.getcwd())
    made = getattr(importlib.import_module(module.removesuffix(".py")), function)()
    torch.export.save(export(*made), options.output)


if __name__ == "__main__":
    main()
