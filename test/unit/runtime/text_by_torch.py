"""PyTorch on what bigram programs store: the loss that it computes from their checkpoint and the
token file, and a checkpoint as transformers would write it.

    text_by_torch.py CHECKPOINT VAL.BIN LOG OUT
"""

import json
import os
import sys

import numpy
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)),
                                "../../integration/oracle"))
import safetensors  # noqa: E402

BATCHES, BATCH, SEQUENCE = 7, 8, 16

checkpoint, val, log, out = sys.argv[1:]
variables, metadata = safetensors.load(checkpoint)
table = torch.nn.Embedding.from_pretrained(torch.from_numpy(variables["wte.weight"].copy()))
text = torch.from_numpy(numpy.fromfile(val, "<u2", offset=1024).astype(numpy.int64))
count = BATCHES * BATCH * SEQUENCE
with torch.no_grad():
    loss = torch.nn.functional.cross_entropy(table(text[:count]), text[1:count + 1]).item()
logged = [line["test_loss"] for line in map(json.loads, open(log)) if "test_loss" in line][-1]
print(f"PyTorch's loss {loss}, the program's {logged}")
assert abs(loss - logged) < 1e-5

weight = table.weight.numpy()
safetensors.save(out, {"transformer.wte.weight": weight, "lm_head.weight": weight,
                       "transformer.h.0.attn.bias": numpy.ones((1, 1, 4, 4), numpy.uint8)},
                 metadata)  # so that both files' runs go on alike, with the same text
