"""From a module to a program: export, import, compile."""
from __future__ import annotations

import json
import os
import tempfile
from typing import TYPE_CHECKING, Callable, Optional, Sequence, Union

from . import tools
from .batches import inputs_and_labels
from .step import Step

if TYPE_CHECKING:
    import torch

CROSS_ENTROPY = "cross_entropy"


def compile(module: "torch.nn.Module",
            loss: "Union[str, None, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]]",
            args: "Union[torch.Tensor, Sequence[torch.Tensor]]", *, mesh: str = "1",
            mem_budget: Optional[str] = None, optimizer: Optional[str] = None, target: str = "cpu",
            precision: Optional[str] = None, folder: "Union[str, os.PathLike[str], None]" = None,
            options: Sequence[str] = ()) -> Step:
    """Makes a training program of a module, for all ranks of a mesh.

    `loss` is a function of the module's result and the labels, or the inputs where there are no labels,
    that returns one number; or "cross_entropy", of scores [N, K] or [N, T, K]; or None where the module
    returns its own, as transformers' do that are given labels. `args` are
    inputs and labels, or inputs alone, of the sizes that a step shall have: the batch over all ranks. Their
    numbers do not matter. `mesh` is ranks along one to three axes, as in "4" or "2x2"; `mem_budget` what a
    rank's process may take, as in "8GB"; `optimizer` as in "sgd lr=0.1 momentum=0.9" or "adamw lr=3e-4";
    `target` is "cpu" or "cuda"; `precision`, on a GPU, that of activations: "f32", "tf32", "bf16", "fp16".
    `options` are others of autopar-compile's. All files go into `folder`; without one it is a temporary
    one that goes with the result.

    The module stays as it is. An `Error` has the words of the tool that refuses: an operation that has no
    equivalent, a plan that does not fit.
    """
    import torch

    keep = None
    if folder is None:
        keep = tempfile.TemporaryDirectory(prefix="autopar-")
        folder = keep.name
    folder = os.path.abspath(folder)
    os.makedirs(folder, exist_ok=True)
    inputs, labels = inputs_and_labels(args)
    torch.export.save(_exported(module, loss, inputs, labels), os.path.join(folder, "model.pt2"))
    with open(os.path.join(folder, "sizes.json"), "w") as file:
        json.dump({"inputs": inputs.dim()}, file)
    import_model(os.path.join(folder, "model.pt2"), folder, optimizer=optimizer)
    return build(folder, mesh=mesh, mem_budget=mem_budget, target=target, precision=precision,
                 options=options, keep=keep)


def import_model(export: "Union[str, os.PathLike[str]]", folder: str, *, optimizer: Optional[str] = None,
                 wrapper: Optional[str] = None) -> None:
    """Writes FOLDER/model.mlir and FOLDER/init.safetensors of what torch.export.save wrote."""
    tools.run(["autopar-import", os.fspath(export), "-o", os.path.join(folder, "model.mlir"),
               "--weights", os.path.join(folder, "init.safetensors"),
               *(["--optimizer", optimizer] if optimizer else []),
               *(["--wrapper", wrapper] if wrapper else [])])


def build(folder: str, *, mesh: str = "1", mem_budget: Optional[str] = None, target: str = "cpu",
          precision: Optional[str] = None, options: Sequence[str] = (), keep: object = None) -> Step:
    """Plans and builds FOLDER/program of FOLDER/model.mlir."""
    said = tools.run(["autopar-compile", os.path.join(folder, "model.mlir"), "--mesh", mesh,
                      "--target", target, "-o", os.path.join(folder, "program"),
                      "--report", os.path.join(folder, "plan.json"),
                      *(["--mem-budget", mem_budget] if mem_budget else []),
                      *(["--precision", precision] if precision else []), *options])
    with open(os.path.join(folder, "report.txt"), "w") as file:
        file.write(said)
    for name in ("log.jsonl", "trained.safetensors"):  # another program's
        if os.path.exists(os.path.join(folder, name)):
            os.remove(os.path.join(folder, name))
    return Step(folder, keep)


def _exported(module: "torch.nn.Module", loss: object, inputs: "torch.Tensor",
              labels: "Optional[torch.Tensor]") -> "torch.export.ExportedProgram":
    """The export changes the module for a while: the mode of all its parts, and what transformers keep."""
    from . import export

    if isinstance(loss, str):
        if loss != CROSS_ENTROPY:
            raise ValueError(f"loss '{loss}' is not known; it is '{CROSS_ENTROPY}', a function or None")
        loss = export.cross_entropy
    modes = [(part, part.training) for part in module.modules()]
    config = getattr(module, "config", None)
    use_cache = getattr(config, "use_cache", None)
    try:
        return export.export(module, inputs, labels, loss)
    finally:
        for part, training in modes:
            part.training = training
        if use_cache is not None:
            config.use_cache = use_cache
