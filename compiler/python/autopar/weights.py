"""What a program trained, back into the module that it came from."""
from __future__ import annotations

from typing import TYPE_CHECKING, Iterable, Mapping

from .tools import Error

if TYPE_CHECKING:
    import torch


def aliases(module: "torch.nn.Module") -> "dict[str, list[str]]":
    """Of each name in the module's state_dict all names of the same memory: tied weights have several."""
    groups: dict = {}
    state = module.state_dict(keep_vars=True)
    for name, tensor in state.items():
        where = (tensor.data_ptr(), tuple(tensor.shape), tensor.stride()) if tensor.numel() else name
        groups.setdefault(where, []).append(name)
    return {name: group for group in groups.values() for name in group}


def load(module: "torch.nn.Module", saved: "Mapping[str, torch.Tensor]", variables: Iterable[str]) -> None:
    """Puts `saved` into the module, in place: each of its parameters and real buffers, or an `Error`.

    `variables` are the names that the import gave them; beside these a file has the optimizer's slots. Of
    tied weights a program has one, under one of their names. Counts, such as batch norms' of their
    batches, no program has: they stay as they are.
    """
    import torch

    state = module.state_dict()
    same = aliases(module)
    real = {name for name, tensor in state.items() if tensor.is_floating_point()}
    ours = set(variables)
    known = set(same) | {name for name, _ in module.named_buffers()}  # those that are not saved, too
    faults = [f"'{name}' is not in the module" for name in sorted(ours - known)]
    for name in sorted(real):
        names = [other for other in same[name] if other in ours]
        if not names:
            faults.append(f"'{name}' is not in the program")
        elif names[0] not in saved:
            faults.append(f"'{names[0]}' is not in the file")
        elif saved[names[0]].shape != state[name].shape:
            faults.append(f"'{name}' is {list(state[name].shape)} in the module and "
                          f"{list(saved[names[0]].shape)} in the file")
        else:
            state[name] = saved[names[0]].to(state[name])
    if faults:
        raise Error("the module is not the one that was compiled: " + "; ".join(faults))
    with torch.no_grad():
        module.load_state_dict(state, strict=True)
