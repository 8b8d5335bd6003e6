"""The safetensors format on numpy arrays, because Debian packages no module for it.

A file is an 8-byte little-endian header length, a JSON header
    {"conv1.weight": {"dtype": "F32", "shape": [64, 3, 7, 7], "data_offsets": [0, 37632]}, ...}
and the tensors' bytes, row-major and little-endian, at offsets from the header's end.
"""

import json
import os

import numpy

DTYPES = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4", "U8": "|u1"}
NAMES = {numpy.dtype(code): name for name, code in DTYPES.items()}


def save(path, tensors, metadata=None):
    """Writes {name: array}, and {key: string} as the format's __metadata__, in one rename."""
    header = {"__metadata__": metadata} if metadata else {}
    arrays = {name: numpy.asarray(value, order="C") for name, value in tensors.items()}
    end = 0
    for name, array in arrays.items():
        begin, end = end, end + array.nbytes
        header[name] = {"dtype": NAMES[array.dtype], "shape": list(array.shape),
                        "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # the tensors start aligned
    with open(f"{path}.part", "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for array in arrays.values():
            file.write(array.tobytes())
    os.replace(f"{path}.part", path)


def load(path):
    """Maps ({name: array}, {key: string}); ValueError where the file contradicts itself."""
    data = numpy.memmap(path, numpy.uint8, "r")
    length = int.from_bytes(data[:8].tobytes(), "little")
    if len(data) < 8 or length > len(data) - 8:
        raise ValueError(f"{path}: the header's {length} bytes pass the file's end ({len(data)})")
    header = json.loads(data[8:8 + length].tobytes())
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        dtype = numpy.dtype(DTYPES[entry["dtype"]])
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        count = int(numpy.prod(entry["shape"], dtype=numpy.int64))
        if not 8 + length <= begin <= end <= len(data) or end - begin != count * dtype.itemsize:
            raise ValueError(f"{path}: {name}: bytes {begin} to {end} of {len(data)} "
                             f"do not hold {entry['dtype']} {entry['shape']}")
        tensors[name] = numpy.asarray(data)[begin:end].view(dtype).reshape(entry["shape"])
    return tensors, metadata
