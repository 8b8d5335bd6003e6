"""The networks' `.pt2` files, in a folder where they are kept for the next time."""
import hashlib
import os
import warnings

import torch

from autopar import export as export_torch
import networks

warnings.filterwarnings("ignore", module="torch")

RANDOM = ("dropout", "drop_path", "drop_prob", "attention_dropout", "stochastic_depth_prob")


def file_name(name):
    return name.replace("/", "-")


def make(name, is_random=True, seed=0):
    """A network with the seed's weights and batch; without dropout and stochastic depth where it is to
    be compared, as two programs do not draw the same."""
    torch.manual_seed(seed)
    made = networks.NETWORKS[name]()
    if not is_random:
        for part in made[0].modules():
            for rate in RANDOM + (("p",) if "Drop" in type(part).__name__ or
                                  "Stochastic" in type(part).__name__ else ()):
                if isinstance(getattr(part, rate, None), float):
                    setattr(part, rate, 0.0)
    return made


def sources():
    """Of what an export is made by: the networks, the page that exports, PyTorch."""
    digest = hashlib.sha256(torch.__version__.encode())
    for part in (export_torch, networks):
        with open(part.__file__, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def exported(name, folder, again=False):
    """The path of the export as people make it, dropout included. It is made where there is none, or
    one of other sources."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, file_name(name) + ".pt2")
    mark = path + ".sources"
    if not again and os.path.exists(path) and os.path.exists(mark):
        with open(mark) as file:
            if file.read() == sources():
                return path
    save(export_torch.export(*make(name)), path)
    with open(mark, "w") as file:
        file.write(sources())
    return path


def save(program, path):
    """Whole, or not at all."""
    torch.export.save(program, path + ".part.pt2")
    os.replace(path + ".part.pt2", path)
