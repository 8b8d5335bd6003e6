"""Tensors as a program is fed them."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Tuple

if TYPE_CHECKING:
    import torch


def as_fed(inputs: "torch.Tensor", labels: "Optional[torch.Tensor]" = None,
           stacked: bool = False) -> "dict[str, torch.Tensor]":
    """By the names of a program's inputs.

    `inputs` are images [N, C, H, W], which are fed channels-last, rows [N, F] or sequences of rows
    [N, T, F], each f32, or tokens [N, T]; `labels`, where there are any, classes [N] or [N, T], or targets
    in f32 of any shape. `stacked` says that one more dimension, of several batches, stands in front of all.
    """
    import torch

    fed = {}
    if inputs.is_floating_point():
        dims = inputs.dim() - stacked
        if dims == 2:
            inputs = inputs[..., None, None, :]
        elif dims == 3:
            inputs = inputs.unsqueeze(-2)
        elif dims == 4:
            inputs = inputs.movedim(-3, -1)
        else:
            raise ValueError(f"inputs have {dims} dimensions; images have 4, rows 2, sequences of rows 3")
        fed["images"] = inputs.detach().float().contiguous()
    else:
        fed["tokens"] = inputs.to(torch.int32).contiguous()
    if labels is not None and labels.is_floating_point():
        fed["labels"] = labels.detach().float().contiguous()
    elif labels is not None:
        # What is below 0 is left out; all programs know -1. Labels that a module shifts itself go by a
        # name of their own. A program takes what it reads.
        fed["labels"] = labels.clamp(min=-1).to(torch.int32).contiguous()
        fed["token_labels"] = fed["labels"].clone()
    return fed


def inputs_and_labels(data: Any) -> "Tuple[torch.Tensor, Optional[torch.Tensor]]":
    """A tensor, or one or two of them."""
    tensors = tuple(data) if isinstance(data, (tuple, list)) else (data,)
    if not 1 <= len(tensors) <= 2:
        raise ValueError(f"{len(tensors)} tensors are given; a step takes inputs and labels, or inputs alone")
    return tensors[0], tensors[1] if len(tensors) == 2 else None
