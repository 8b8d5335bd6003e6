"""What is no export, or none that a program can be made of: one line that says so, exit code 1, and
nothing written.

    invalid_test.py

Files are made of Inputs/mlp.pt2 by one change each. The tools are taken from PATH.
"""

import json
import os
import struct
import subprocess
import tempfile
import warnings
import zipfile

INPUTS = f"{os.path.dirname(os.path.abspath(__file__))}/Inputs"
MODEL, WEIGHTS = "mlp/models/model.json", "mlp/data/weights/model_weights_config.json"
WAY_OUT = "; export the module with scripts/export-torch.py, or by torch.export.save"


def entries():
    with zipfile.ZipFile(f"{INPUTS}/mlp.pt2") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(contents, compression=zipfile.ZIP_STORED):
    warnings.simplefilter("ignore")  # of names that are there twice
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", compression) as archive:
            for name, data in contents.items() if isinstance(contents, dict) else contents:
                archive.writestr(name, data)
        file.seek(0)
        return file.read()


def changed(entry, change):
    """The export with the JSON of an entry changed."""
    contents = entries()
    document = json.loads(contents[entry])
    change(document)
    contents[entry] = json.dumps(document).encode()
    return zipped(contents)


def model(change):
    return changed(MODEL, change)


def graph(change):
    return model(lambda document: change(document["graph_module"]["graph"]))


def signature(change):
    return model(lambda document: change(document["graph_module"]["signature"]))


def weight(change):
    return changed(WEIGHTS, lambda document: change(document["config"]["model.hidden.weight"]))


def node(at, **fields):
    return graph(lambda graph: graph["nodes"][at].update(fields))


def without(entry):
    contents = entries()
    del contents[entry]
    return zipped(contents)


def with_entry(entry, data):
    return zipped(entries() | {entry: data})


def meta(**fields):
    return weight(lambda entry: entry["tensor_meta"].update(fields))


def tensor(name, **fields):
    return graph(lambda graph: graph["tensor_values"][name].update(fields))


def only(name):
    return zipped({f"archive/{name}": b"x"})


def write_in_place(graph):
    """To a parameter, before all."""
    bias = "p_model_hidden_bias"
    graph["tensor_values"]["written"] = graph["tensor_values"][bias]
    graph["nodes"].insert(0, {
        "target": "torch.ops.aten.relu_.default", "name": "written", "metadata": {},
        "inputs": [{"name": "self", "arg": {"as_tensor": {"name": bias}}, "kind": 1}],
        "outputs": [{"as_tensor": {"name": "written"}}]})


WHOLE = open(f"{INPUTS}/mlp.pt2", "rb").read()

CASES = {
    # Files of other kinds.
    "empty": (b"", "is empty"),
    "pickle": (b"\x80\x02}q\x00.", "is a pickle, which can run code and has no graph" + WAY_OUT),
    "onnx": (b"\x08\x07\x12\x07pytorch" + bytes(9), "is an ONNX model, which has no training step" + WAY_OUT),
    "safetensors": (struct.pack("<Q", 2) + b"{}", "is a safetensors file, which has weights and no graph" + WAY_OUT),
    "mlir": (b"module @net {\n}\n", "is text; a model in MLIR goes to autopar-compile as it is"),
    "noise": (b"\x01\x02\x03\x04" * 9, "is no zip archive, as torch.export writes" + WAY_OUT),
    "torchscript": (only("constants.pkl"), "is a TorchScript archive, which has no training graph" + WAY_OUT),
    "saved": (only("data.pkl"), "is what torch.save writes, which has weights and no graph" + WAY_OUT),
    "inductor": (zipped({"m/data/aotinductor/model/cabcdef.wrapper.cpp": b"x"}),
                 "is AOTInductor's package of compiled code, which has no graph" + WAY_OUT),
    "other-zip": (only("readme"), "has no models/model.json: torch 2.9 or newer writes it" + WAY_OUT),
    # Damage.
    "truncated": (WHOLE[:-100], "is no whole zip archive"),
    "bits": (WHOLE.replace(b'"aten": 10', b'"aten": 11'), "entry 'models/model.json' is damaged"),
    "compressed": (zipped(entries(), zipfile.ZIP_DEFLATED), "is compressed, which torch.export never does"),
    "twice": (zipped([*entries().items(), (MODEL, b"{}")]), "twice"),
    "no-weight": (without("mlp/data/weights/weight_0"), "has no entry 'data/weights/weight_0'"),
    "short-weight": (with_entry("mlp/data/weights/weight_0", b"1234"),
                     "has 4 bytes; its tensor's last element, number"),
    "big-endian": (with_entry("mlp/byteorder", b"big"), "was written by a machine of byte order 'big'"),
    "overlap": (meta(strides=[{"as_int": 1}, {"as_int": 1}]), "elements of 'model.hidden.weight' overlap"),
    "far": (meta(strides=[{"as_int": 2**31 - 1}, {"as_int": 1}]), "is beyond"),
    "negative": (meta(sizes=[{"as_int": -1}, {"as_int": 12}]), "is -1"),
    "not-json": (with_entry(MODEL, b"{"), "models/model.json: "),
    "deep": (with_entry(MODEL, b"[" * 100000), "models/model.json: objects and lists stand in each other"),
    "list": (with_entry(MODEL, b"[]"), "models/model.json: is no object"),
    "version": (model(lambda d: d["schema_version"].update(major=9)), "is of schema version 9; 8 is read"),
    "cycle": (graph(lambda g: g["nodes"].reverse()), "the graph has a cycle or a gap"),
    "name-twice": (node(1, outputs=[{"as_tensor": {"name": "linear"}}]), "the graph computes 'linear' twice"),
    "no-type": (graph(lambda g: g["tensor_values"].pop("linear")), "has no type"),
    # What no program can be made of.
    "dynamic": (tensor("inputs", sizes=[{"as_expr": {"expr_str": "s77", "hint": {"as_int": 8}}},
                                        {"as_int": 12}]),
                "size 0 of tensor 'inputs' is dynamic (s77); a program has fixed sizes: export without"),
    "no-loss": (signature(lambda s: s.update(output_specs=[
        {"user_output": {"arg": {"as_tensor": {"name": "linear_1"}}}}])),
        "the module returns 8x8 of float32, not a loss: one number; export a module that returns its loss"),
    "two": (signature(lambda s: s["output_specs"].append(s["output_specs"][0])),
            "the module returns 2 values, not one loss"),
    "decomposed": (signature(lambda s: s["output_specs"].append(
        {"buffer_mutation": {"arg": {"name": "linear"}, "buffer_name": "b"}})),
        "the export has been decomposed or functionalized ('buffer_mutation')"),
    "half": (tensor("inputs", dtype=6), "input 'inputs' is of float16; data are float32 or int64"),
    "wrong-shape": (tensor("relu", sizes=[{"as_int": 8}, {"as_int": 2}], strides=[{"as_int": 2}, {"as_int": 1}]),
                    "aten.relu.default, once, in the module itself: it gives 8x16, where the export says 8x2"),
    "unread": (node(1, target="torch.ops.aten.digamma.default"), "\n  aten.digamma.default, once, in "),
    "in-place": (graph(write_in_place), "aten.relu_.default, once, in the module itself: "
                 "it writes to a parameter or buffer in place"),
    "argument": (graph(lambda g: g["nodes"][1]["inputs"].append(
        {"name": "more", "arg": {"as_int": 1}, "kind": 2})), "its argument 'more' is not read"),
}


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/bad.pt2"

        def refused(*command):
            done = subprocess.run(["autopar-import", *command], capture_output=True, text=True,
                                  cwd=folder, timeout=60)
            assert done.returncode == 1, (command, done.returncode, done.stderr)
            assert not done.stdout, done.stdout
            assert sorted(os.listdir(folder)) in (["bad.pt2"], []), os.listdir(folder)
            return done.stderr

        for name, (data, wanted) in CASES.items():
            with open(path, "wb") as file:
                file.write(data)
            said = refused("bad.pt2", "-o", "model.mlir", "--weights", "init")
            lines = said.rstrip("\n").split("\n")
            assert lines[0].startswith("autopar-import: error: bad.pt2: "), (name, said)
            assert wanted in said, (name, said)
            assert len(lines) == 1 or lines[0].endswith("names those that have):"), (name, said)
        # Every prefix that a broken copy may leave.
        for length in range(1, len(WHOLE), len(WHOLE) // 12):
            with open(path, "wb") as file:
                file.write(WHOLE[:length])
            refused("bad.pt2", "-o", "model.mlir")
        with open(path, "wb") as file:
            file.write(WHOLE)
        for optimizer, wanted in {
                "rmsprop": "optimizer 'rmsprop' is not known; there are sgd and adamw",
                "sgd rate=1": "'rate=1' is no setting of sgd; it has lr, momentum, dampening, "
                              "weight_decay, nesterov, each as NAME=NUMBER",
                "adamw lr=fast": "'lr=fast' gives lr no number",
                "sgd lr=-1": "optimizer 'sgd lr=-1': learning_rate is -1.0; it must be"}.items():
            said = refused("bad.pt2", "--optimizer", optimizer)
            assert said.startswith(f"autopar-import: error: {wanted}"), said
        said = refused("bad.pt2", "-o", "bad.pt2")
        assert "bad.pt2" in said and open(path, "rb").read() == WHOLE
        assert "no model is given" in refused()
        os.remove(path)
        assert refused("none.pt2") == "autopar-import: error: none.pt2: No such file or directory\n"
    print(len(CASES), "files are refused for what they are")


if __name__ == "__main__":
    main()
