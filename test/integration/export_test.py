"""A module of torchvision's there and back, with a torch of PyPI's: exported, imported, trained, loaded.

    export_test.py

The tools are taken from PATH.
"""

import os
import re
import subprocess
import sys
import tempfile

import torch
import torchvision
from safetensors.torch import load_file, save_file

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(f"{HERE}/../..")
MAKE = """
import torch, torchvision
def make():
    torch.manual_seed(0)
    model = torchvision.models.resnet18(weights=None, num_classes=10)
    return model, torch.randn(8, 3, 32, 32), torch.randint(0, 10, (8,))
"""


def network(model):
    """A model's text, but for how variables begin and what it is called, and without its loss: ours is
    a mean over all labels, PyTorch's over those that are kept."""
    text = re.sub(r"= #graph\.\w+<[^>]*>( loc)", r"\1", re.sub(r"module @\w+", "module", model))
    return re.sub(r" *%loss.*\n", "", text)


def main():
    with tempfile.TemporaryDirectory() as folder:
        def run(*command):
            environment = os.environ | {"OMPI_ALLOW_RUN_AS_ROOT": "1",
                                        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
            subprocess.run(command, cwd=folder, check=True, env=environment, stdout=subprocess.DEVNULL)

        with open(f"{folder}/mynet.py", "w") as file:
            file.write(MAKE)
        run(sys.executable, f"{ROOT}/scripts/export-torch.py", "mynet:make", "-o", "mynet.pt2")
        run("autopar-import", "mynet.pt2", "-o", "mynet.mlir", "--weights", "init")
        run("autopar-model", "resnet18", "--batch", "8", "--image", "32", "--classes", "10", "-o", "ours.mlir")
        imported, ours = (network(open(f"{folder}/{name}").read())
                          for name in ("mynet.mlir", "ours.mlir"))
        assert imported == ours, "torchvision's ResNet-18 is not what autopar-model writes"
        run("autopar-compile", "mynet.mlir", "--mesh", "2x2", "--target", "cpu", "--quiet", "-o", "mynet")
        inputs, labels = torch.randn(8, 3, 32, 32), torch.randint(0, 10, (8,))
        save_file({"images": inputs.permute(0, 2, 3, 1).contiguous(), "labels": labels.int()}, f"{folder}/batch")

        def train(start, saved):
            run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", "4", "mynet/train_rank", "--fixed-batch",
                "batch", "--init", start, "--steps", "2", "--lr", "0.01", "--save", saved)

        train("init", "trained")
        model = torchvision.models.resnet18(weights=None, num_classes=10)
        saved = load_file(f"{folder}/trained")
        slots = [name for name in saved if name not in model.state_dict()]
        for name in slots:
            del saved[name]
        model.load_state_dict(saved, strict=True)
        # And theirs in ours: what PyTorch saves, counts of batches included.
        save_file(model.state_dict(), f"{folder}/theirs")
        train("theirs", "again")
    print("torchvision's ResNet-18 went there and back; beside its variables were",
          ", ".join(sorted({name.rsplit(".", 1)[-1] for name in slots})) or "none")


if __name__ == "__main__":
    main()
