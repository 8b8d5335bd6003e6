"""The Python package over an export that is there, as PyTorch 1.13 writes none.

    door_test.py SOURCE

The tools are taken from PATH.
"""
import os
import sys
import tempfile

import numpy
import torch

SOURCE = sys.argv[1]
INPUTS = f"{SOURCE}/test/compiler/import/Inputs"
sys.path[:0] = [f"{SOURCE}/compiler/python", f"{SOURCE}/test/integration/oracle"]
import autopar  # noqa: E402
import safetensors  # noqa: E402
from autopar import batches, tools, weights  # noqa: E402


def refused(call, *wanted):
    try:
        call()
    except autopar.Error as fault:
        assert all(text in str(fault) for text in wanted), fault
    else:
        raise AssertionError(f"nothing was said of {wanted}")


def tools_are_found():
    path, home = os.environ["PATH"], os.environ.pop(tools.HOME, None)
    built = tools.find("autopar-import")
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/bin")
        os.symlink(built, f"{folder}/bin/autopar-import")
        os.environ[tools.HOME] = folder  # comes first
        assert tools.find("autopar-import") == f"{folder}/bin/autopar-import"
    os.environ["PATH"], os.environ[tools.HOME] = "/nowhere", "/nowhere"
    refused(lambda: tools.find("autopar-none"), "'autopar-none' is not found", "scripts/setup.sh")
    os.environ["PATH"] = path
    del os.environ[tools.HOME]
    if home:
        os.environ[tools.HOME] = home


def a_folder_trains():
    truth, _ = safetensors.load(f"{INPUTS}/mlp.safetensors")
    with tempfile.TemporaryDirectory() as folder:
        data = f"{folder}/data.safetensors"
        safetensors.save(data, {name: truth[name] for name in ("images", "labels")})
        refused(lambda: autopar.Step(folder), "has no program/train_rank")
        autopar.import_model(f"{INPUTS}/mlp.pt2", folder,
                             optimizer="sgd lr=0.1 momentum=0.9 weight_decay=1e-3")
        step = autopar.build(folder, mesh="2x1", mem_budget="1GB")
        assert step.ranks == 2 and step.plan["memory"]["arena_bytes"] > 0, step.plan["mesh"]
        assert "mesh 2x1 (2 ranks)" in step.report, step.report
        assert step.steps == 0
        refused(step.weights, "nothing has been trained yet")
        losses = step.train(2, data, show=False)
        losses += autopar.Step(folder).train(1, data, show=False)  # goes on
        assert numpy.allclose(losses, truth["losses"], rtol=2e-6), (losses, truth["losses"])
        assert step.steps == 3
        assert numpy.allclose(step.train(1, data, again=True, show=False), truth["losses"][:1], rtol=2e-6)
        refused(lambda: step.train(1, "/nowhere", show=False), "data folder /nowhere does not exist")
        assert step.steps == 1
        assert step.line(launcher="torchrun")[:4] == ["torchrun", "--no-python", "--nproc-per-node", "2"]
        assert step.line(launcher="srun")[:3] == ["srun", "-n", "2"]
        refused(lambda: autopar.build(folder, mesh="2x0"), "autopar-compile: error: ")
        refused(lambda: autopar.import_model(data, folder), "autopar-import: error: ", "safetensors file")


class Tied(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.wte = torch.nn.Embedding(7, 4)
        self.norm = torch.nn.BatchNorm1d(4)
        self.head = torch.nn.Linear(4, 7, bias=False)
        self.head.weight = self.wte.weight
        self.register_buffer("scale", torch.ones(3), persistent=False)


def weights_come_back():
    module = Tied()
    trained = {name: torch.randn(tensor.shape) for name, tensor in module.state_dict().items()
               if tensor.is_floating_point() and name != "wte.weight"}
    trained["head.weight.momentum"] = torch.zeros(7, 4)
    variables = [name for name in trained if not name.endswith("momentum")]
    weights.load(module, trained, variables)
    assert module.head.weight is module.wte.weight
    assert torch.equal(module.wte.weight, trained["head.weight"])
    assert torch.equal(module.norm.running_var, trained["norm.running_var"])
    refused(lambda: weights.load(module, trained, [*variables, "other"]), "'other' is not in the module")
    refused(lambda: weights.load(module, trained, variables[1:]), f"'{variables[0]}' is not in the program")
    short = trained | {"norm.bias": torch.zeros(5)}
    refused(lambda: weights.load(module, short, variables), "'norm.bias' is [4] in the module and [5] in the file")
    # Nothing of a refused file is in the module.
    assert torch.equal(module.norm.bias, trained["norm.bias"])


def batches_are_fed():
    images, labels = torch.randn(5, 3, 8, 6), torch.tensor([1, -100, 2, 3, 4])
    fed = batches.as_fed(images, labels)
    assert fed["images"].shape == (5, 8, 6, 3) and torch.equal(fed["images"][1, 2, 3], images[1, :, 2, 3])
    assert fed["labels"].dtype == torch.int32 and fed["labels"][1] == -1
    assert batches.as_fed(images[None], labels[None], stacked=True)["images"].shape == (1, 5, 8, 6, 3)
    assert batches.as_fed(torch.randn(5, 7))["images"].shape == (5, 1, 1, 7)
    assert batches.as_fed(torch.randn(5, 4, 7))["images"].shape == (5, 4, 1, 7)
    assert batches.as_fed(torch.zeros(5, 4, dtype=torch.long))["tokens"].dtype == torch.int32


if __name__ == "__main__":
    for check in (tools_are_found, a_folder_trains, weights_come_back, batches_are_fed):
        check()
    print("the door opens")
