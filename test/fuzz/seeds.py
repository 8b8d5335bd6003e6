#!/usr/bin/python3
"""Writes what the fuzzed readers begin with: files of the tree, and small ones of each format.

    seeds.py FOLDER        makes FOLDER/NAME/* for every entry NAME
"""

import glob
import io
import json
import os
import struct
import sys
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
folder = sys.argv[1]


def seed(entry, *contents):
    os.makedirs(f"{folder}/{entry}", exist_ok=True)
    for content in contents:
        data = content if isinstance(content, bytes) else content.encode()
        path = f"{folder}/{entry}/{len(os.listdir(f'{folder}/{entry}'))}"
        with open(path, "wb") as file:
            file.write(data)


def tree(pattern):
    for path in sorted(glob.glob(f"{ROOT}/{pattern}", recursive=True)):
        with open(path, encoding="utf-8", errors="replace") as file:
            yield file.read()


def without_sources(value):
    """A device's figures as bare numbers: a text short enough to be changed much."""
    if isinstance(value, dict):
        return value["value"] if "value" in value else {k: without_sources(v) for k, v in value.items()}
    return value


def safetensors(tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, (kind, shape, payload) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape,
                        "data_offsets": [len(data), len(data) + len(payload)]}
        data += payload
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


seed("device", *tree("compiler/device/presets/*.json"),
     *(json.dumps(without_sources(json.loads(text))) for text in tree("compiler/device/presets/*.json")))
seed("plan", '{"mesh": "2x2", "functions": {"step": {"conv1": "S01R", "bn": "R|U01", "fc": "S0R -> RR"}}}')
seed("problem", *tree("test/compiler/solve/Inputs/*.json"),
     '{"problem": {"name": "p", "nodes": {"intervals": [[0, 2], [1, 3]], "costs": [[1, 2], [3]], '
     '"usages": [[4, 5], [6]]}, "edges": {"nodes": [[0, 1]], "costs": [[7, 8]]}, "usage_limit": 20}}')
seed("graph", json.dumps({
    "graph": {"name": "g"},
    "nodes": [{"id": i, "name": name, "backward": i > 2, "cost_cpu": 3 + i, "cost_ram": 10 * i,
               "cost_workspace": i} for i, name in enumerate(("a", "b", "loss", "db", "da"))],
    "links": [{"source": 0, "target": 1}, {"source": 1, "target": 2}, {"source": 2, "target": 3},
              {"source": 1, "target": 3}, {"source": 3, "target": 4}, {"source": 0, "target": 4}]}))
seed("buffers", bytes(range(1, 60)), bytes(8 * i % 251 for i in range(80)))
weight = struct.pack("<6f", *range(6))
seed("checkpoint",
     safetensors({"w": ("F32", [6], weight), "w.momentum": ("F32", [6], weight)}, {"steps": "12"}),
     safetensors({"transformer.w": ("F32", [6], weight)}, {"format": "pt"}),
     safetensors({"images": ("F32", [2, 2, 1, 1, 3], 2 * weight),
                  "labels": ("I32", [2, 2], struct.pack("<4i", 0, 9, -1, 3))}, {}))
blocks = safetensors({"w": ("F32", [2, 3], weight)}, {"steps": "12", "blocks": '{"w": {"in": [4, 3], "begin": [0, 0]}}'})
for shape in [2, 3], [1, 3]:
    index = json.dumps({"version": 1, "files": [{"file": "rank-0.safetensors", "digest": "DIGEST"}],
                        "tensors": [{"name": "w", "dtype": "F32", "shape": shape}]}).encode()
    seed("checkpoint-folder", struct.pack("<H", len(index)) + index + blocks)
index = b'{"version": 2, "checkpoints": [{"name": "rank-0.safetensors", "steps": 3}]}'
seed("checkpoint-folder", struct.pack("<H", len(index)) + index)
seed("tokens", struct.pack("<256i8H", 20240520, 1, 8, *([0] * 253), *range(8)))
seed("images", bytes([3]) + bytes(i % 256 for i in range(3072)))
seed("options", "--data=d\n--steps\n7\n--lr=0.1\n--schedule=step\n--step-size\n3\n--gamma=0.5",
     "--fixed-batch=f\n--warmup\n3\n--std=1,2,3\n--mean=0,0,0\n--seed=5\n--epochs=2\n--verify",
     "--data=d\n--checkpoints=c\n--save-every=10min\n--on-nan=rewind\n--spike\n2.5\n--check-replicas=0")
tensor = {"dtype": 7, "sizes": [{"as_int": 2}], "strides": [{"as_int": 1}], "storage_offset": {"as_int": 0}}
export = {
    "schema_version": {"major": 8, "minor": 20},
    "graph_module": {
        "graph": {
            "tensor_values": {"p_w": tensor, "x": tensor, "add": tensor,
                              "loss": tensor | {"sizes": [], "strides": []}},
            "nodes": [
                {"target": "torch.ops.aten.add.Tensor", "name": "add", "metadata": {},
                 "inputs": [{"name": "self", "arg": {"as_tensor": {"name": "p_w"}}, "kind": 1},
                            {"name": "other", "arg": {"as_tensor": {"name": "x"}}, "kind": 1},
                            {"name": "alpha", "arg": {"as_float": "Infinity"}, "kind": 2}],
                 "outputs": [{"as_tensor": {"name": "add"}}]},
                {"target": "torch.ops.aten.cat.default", "name": "loss", "metadata": {},
                 "inputs": [{"name": "tensors", "arg": {"as_tensors": [{"name": "add"}]}, "kind": 1},
                            {"name": "dim", "arg": {"as_ints": [0, 1]}, "kind": 1}],
                 "outputs": [{"as_tensor": {"name": "loss"}}]}]},
        "signature": {
            "input_specs": [{"parameter": {"arg": {"name": "p_w"}, "parameter_name": "w"}},
                            {"user_input": {"arg": {"as_tensor": {"name": "x"}}}}],
            "output_specs": [{"user_output": {"arg": {"as_tensor": {"name": "loss"}}}}]}}}
packed = io.BytesIO()
with zipfile.ZipFile(packed, "w") as archive:
    archive.writestr("m/models/model.json", json.dumps(export))
    archive.writestr("m/byteorder", "little")
    archive.writestr("m/data/weights/weight_0", bytes(8))
    archive.writestr("m/data/weights/model_weights_config.json",
                     json.dumps({"config": {"w": {"path_name": "weight_0", "tensor_meta": tensor}}}))
seed("export", json.dumps(export), packed.getvalue())
seed("model", *tree("test/integration/Inputs/*.mlir"))
for text in (*tree("test/passes/*.mlir"), *tree("test/dialects/**/*.mlir"),
             *tree("test/integration/Inputs/small.mlir")):
    seed("passes", *text.split("// -----"))
