#!/usr/bin/python3
"""A part of a checkpoint's slots, which are gradients, small enough to be carried; and how far another
checkpoint is from it. Python alone, for numpy may be missing where a GPU is.

    samples.py FILE.safetensors > SAMPLES.json
"""

import json
import math
import struct
import sys
import zlib

SLOTS = (".momentum", ".exp_avg")
COUNT = 128  # elements of each tensor
FLOOR = 1e-2  # of the largest tensor's norm: what is less than that may be rounding alone


def places(name, elements):
    """The sampled elements of a tensor: one of each of equal parts, wherever in it."""
    count = min(COUNT, elements)
    bounds = [i * elements // count for i in range(count + 1)]
    return [begin + zlib.crc32(f"{name} {begin}".encode()) % (end - begin)
            for begin, end in zip(bounds, bounds[1:])]


def read(path):
    """{slot: (elements, [sampled values])}"""
    samples = {}
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        for name, entry in header.items():
            if not name.endswith(SLOTS):
                continue
            if entry["dtype"] != "F32":
                raise ValueError(f"{path}: {name} is {entry['dtype']}, not F32")
            begin, end = entry["data_offsets"]
            values = []
            for place in places(name, (end - begin) // 4):
                file.seek(8 + length + begin + 4 * place)
                values += struct.unpack("<f", file.read(4))
            samples[name] = ((end - begin) // 4, values)
    if not samples:
        raise ValueError(f"{path} has no slot that ends in one of {', '.join(SLOTS)}")
    return samples


def norm(values):
    return math.sqrt(sum(value * value for value in values))


def deviation(found, wanted):
    """(of all slots together, of the worst one, its name): norms of differences over norms, as far as
    the samples tell. Infinite for a NaN or for a slot that is missing."""
    def weight(name):  # a sample stands for so many elements
        elements, values = wanted[name]
        return math.sqrt(elements / len(values))

    norms = {name: weight(name) * norm(values) for name, (_, values) in wanted.items()}
    floor = FLOOR * max(norms.values())
    apart = {}
    for name, (elements, values) in wanted.items():
        if name not in found or found[name][0] != elements:
            apart[name] = math.inf
            continue
        difference = weight(name) * norm([a - b for a, b in zip(found[name][1], values)])
        apart[name] = difference if math.isfinite(difference) else math.inf
    worst = max(apart, key=lambda name: apart[name] / max(norms[name], floor))
    return norm(apart.values()) / norm(norms.values()), \
        apart[worst] / max(norms[worst], floor), worst


def main():
    json.dump(read(sys.argv[1]), sys.stdout)


if __name__ == "__main__":
    main()
