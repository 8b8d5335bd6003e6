#!/usr/bin/python3
"""Makes a checkpoint one from which programs of any precision have nearly the same gradients: changes FILE
so that the ReLUs of a ResNet are clear of zero, and its slots are 0.

    kinks.py FILE.safetensors

Rounding to 16 bits moves a normalised activation by some thousandths; where it then lies on the other side
of zero its whole gradient comes or goes, and behind some layers the gradients of a right program have
little in common with another's. So a norm's biases are 4 for the channels with an even number, which a
ReLU then lets through, and -4 for the others, which it stops; where a block ends, and what the bias is
added to is no normal distribution, 4 for all. Python alone, for numpy may be missing where a GPU is.
"""

import json
import re
import struct
import sys

SLOTS = (".momentum", ".exp_avg", ".exp_avg_sq", ".velocity")
BIAS = 4.0


def biases_of(names):
    """{bias: whether all of its channels are let through} of the norms that a ReLU follows."""
    norms = {name.removesuffix(".running_mean") for name in names if name.endswith(".running_mean")}
    found = {}
    for norm in norms:
        block = re.fullmatch(r"(layer\d+\.\d+\.bn)(\d+)", norm)
        if block or norm == "bn1":
            found[f"{norm}.bias"] = bool(block) and f"{block[1]}{int(block[2]) + 1}" not in norms
    return found


def clear(path):
    with open(path, "r+b") as file:
        length, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        biases = biases_of(header)
        for name, entry in header.items():
            if name in biases:
                begin, end = entry["data_offsets"]
                count = (end - begin) // 4
                values = [BIAS if biases[name] or i % 2 == 0 else -BIAS for i in range(count)]
                file.seek(8 + length + begin)
                file.write(struct.pack(f"<{count}f", *values))
            elif name.endswith(SLOTS):
                begin, end = entry["data_offsets"]
                file.seek(8 + length + begin)
                file.write(bytes(end - begin))


if __name__ == "__main__":
    clear(sys.argv[1])
