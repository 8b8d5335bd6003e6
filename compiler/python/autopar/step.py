"""A training step that was compiled: what was planned, training it, its weights."""
from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Optional, Sequence, Union

from . import weights
from .batches import as_fed, inputs_and_labels
from .tools import Error

if TYPE_CHECKING:
    import torch

LAUNCHERS = ("mpirun", "torchrun", "srun")
KEPT_LINES = 20  # of what a program prints, for the error where it fails

Data = Union[str, "os.PathLike[str]", "torch.Tensor", Sequence["torch.Tensor"]]


class Step:
    """A folder that `compile` has made:

        model.pt2 model.mlir init.safetensors   the module, as exported and as imported
        program/train_rank                      what every rank runs, and its sources
        plan.json report.txt                    what was planned
        log.jsonl trained.safetensors           of the training so far
    """

    def __init__(self, folder: "Union[str, os.PathLike[str]]", keep: Any = None) -> None:
        """Opens a folder that `compile` made earlier. `keep` lives as long as this does."""
        self.folder = os.path.abspath(folder)
        self._keep = keep
        if not os.path.exists(self.path("program", "train_rank")):
            raise Error(f"'{self.folder}' has no program/train_rank; name a folder that "
                        "autopar.compile has made")

    def path(self, *parts: str) -> str:
        """Of a file in the folder."""
        return os.path.join(self.folder, *parts)

    @property
    def report(self) -> str:
        """What autopar-compile said of its plan, for people."""
        with open(self.path("report.txt")) as file:
            return file.read()

    @property
    def plan(self) -> "dict[str, Any]":
        """The plan: `step_seconds` predicted, `memory` in bytes, `operations` with their shardings,
        `calls`, `buffers` and more."""
        with open(self.path("plan.json")) as file:
            return json.load(file)

    @property
    def ranks(self) -> int:
        """How many processes the mesh has."""
        ranks = 1
        for size in self.plan["mesh"].split("x"):
            ranks *= int(size)
        return ranks

    @property
    def steps(self) -> int:
        """How many the weights have been trained for."""
        if not os.path.exists(self.path("trained.safetensors")):
            return 0
        with open(self.path("trained.safetensors"), "rb") as file:
            header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        return int(header["__metadata__"]["steps"])

    def line(self, options: Sequence[str] = (), launcher: str = "mpirun") -> "list[str]":
        """The command that runs the program. By torchrun and srun only programs for GPUs start."""
        program, ranks = self.path("program", "train_rank"), str(self.ranks)
        if launcher == "mpirun":
            start = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", ranks]
        elif launcher == "torchrun":
            start = ["torchrun", "--no-python", "--nproc-per-node", ranks]
        elif launcher == "srun":
            start = ["srun", "-n", ranks]
        else:
            raise ValueError(f"launcher '{launcher}' is not known; there are {', '.join(LAUNCHERS)}")
        if self.ranks == 1:
            start = []
        return [*start, program, *options]

    def train(self, steps: int, data: Data = "synthetic", *, lr: Optional[float] = None,
              options: Sequence[str] = (), again: bool = False, launcher: str = "mpirun",
              show: bool = True) -> "list[float]":
        """Trains for `steps` more steps, and returns their losses.

        `data` is what the program's --data takes: a folder, a text, "synthetic"; or inputs and labels as
        they were given to `compile`, or with one more dimension in front, of several batches, which are
        taken in turn; or the name of a .safetensors file with such, as the program is fed them. `options`
        are others of the program's (`train_rank --help`). With `again` it begins anew, at the weights that
        the module had when it was compiled. What the program prints is shown as it comes.
        """
        if steps < 1:
            raise ValueError(f"steps is {steps}; it must be 1 or more")
        if again:
            for name in ("log.jsonl", "trained.safetensors"):
                if os.path.exists(self.path(name)):
                    os.remove(self.path(name))
        done = self.steps
        # A program does not overwrite what it goes on from.
        words = ["--steps", str(done + steps), "--save", self.path("next.safetensors"),
                 "--log", self.path("log.jsonl")]
        words += ["--resume", self.path("trained.safetensors")] if done else [
            "--init", self.path("init.safetensors")]
        words += self._data(data)
        if lr is not None:
            words += ["--lr", repr(float(lr))]
        self._run(self.line([*words, *options], launcher), show)
        os.replace(self.path("next.safetensors"), self.path("trained.safetensors"))
        return [entry["loss"] for entry in self._log() if entry["step"] > done]

    def weights(self) -> "dict[str, torch.Tensor]":
        """All variables after the last step, the optimizer's slots included."""
        if not os.path.exists(self.path("trained.safetensors")):
            raise Error("nothing has been trained yet; call train first")
        from safetensors.torch import load_file
        return load_file(self.path("trained.safetensors"))

    def load_into(self, module: "torch.nn.Module") -> None:
        """Gives the module the trained weights, strictly: an `Error` names what either lacks."""
        from safetensors import safe_open
        with safe_open(self.path("init.safetensors"), "pt") as file:
            variables = list(file.keys())
        weights.load(module, self.weights(), variables)

    def _log(self) -> "list[dict[str, Any]]":
        """The lines of steps; of a step that was done twice the last."""
        if not os.path.exists(self.path("log.jsonl")):
            return []
        with open(self.path("log.jsonl")) as file:
            entries = {entry["step"]: entry for entry in map(json.loads, file)
                       if "step" in entry and "loss" in entry}
        return [entries[step] for step in sorted(entries)]

    def _data(self, data: Data) -> "list[str]":
        if isinstance(data, (str, os.PathLike)):
            name = os.fspath(data)
            return ["--fixed-batch" if name.endswith(".safetensors") else "--data", name]
        from safetensors.torch import save_file
        inputs, labels = inputs_and_labels(data)
        with open(self.path("sizes.json")) as file:
            dims = json.load(file)["inputs"]
        save_file(as_fed(inputs, labels, stacked=inputs.dim() == dims + 1), self.path("batches.safetensors"))
        return ["--fixed-batch", self.path("batches.safetensors")]

    def _run(self, command: "list[str]", show: bool) -> None:
        if shutil.which(command[0]) is None:
            raise Error(f"'{command[0]}' is not found; install openmpi-bin, or run where it is: "
                        + shlex.join(command))
        # Ranks that outnumber the cores must not spin.
        environment = {"OMP_WAIT_POLICY": "passive", **os.environ}
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              stdin=subprocess.DEVNULL, env=environment) as process:
            lines: "list[str]" = []
            try:
                assert process.stdout
                for line in process.stdout:
                    lines = [*lines[1 - KEPT_LINES:], line]
                    if show:
                        sys.stdout.write(line)
                        sys.stdout.flush()
            except BaseException:  # the caller's interrupt, too, ends the ranks
                process.terminate()
                raise
        if process.returncode:
            told = [line.strip() for line in lines if line.startswith("error: ")]
            raise Error(told[0].removeprefix("error: ") if told else "".join(lines).strip()
                        or f"{shlex.join(command)}: exit code {process.returncode}")
