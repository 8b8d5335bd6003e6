"""Trains a network by PyTorch and writes what a correct program must find: four files in DIR.

    init.safetensors      every variable before training (f32)
    batch.safetensors     the inputs of K batches, [K, ...] each; step s uses batch s mod K
    expected.safetensors  in f64: "loss" [steps], "gradient/NAME" that the first step's update read,
                          and every variable and slot after the last step
    float32.safetensors   the same, computed by PyTorch in single precision (f32): its distance
                          from expected tells what rounding alone costs

The last two carry the options of the run as metadata, which compare.py reads.
"""

import os

import numpy
import torch

import safetensors


def variables(network):
    """{name: tensor} of parameters and running statistics, without the count of batches seen."""
    return {name: value.detach() for name, value in network.state_dict().items()
            if not name.endswith("num_batches_tracked")}


def train(network, steps, optimizer, loss_of, slots, clip=0.0):
    """Trains in the network's own precision; returns the tensors of expected.safetensors.

    loss_of(step) is the loss before step's update, and slots = {suffix: PyTorch's name of it}.
    Gradients are recorded as the update reads them: clipped, before weight decay.
    """
    found, losses = {}, []
    for step in range(steps):
        optimizer.zero_grad()
        loss = loss_of(step)
        loss.backward()
        losses.append(loss.item())
        if clip:
            torch.nn.utils.clip_grad_norm_(network.parameters(), clip)
        if step == 0:
            found |= {f"gradient/{name}": parameter.grad.clone()
                      for name, parameter in network.named_parameters()}
        optimizer.step()
    found |= variables(network)
    found |= {f"{name}.{suffix}": optimizer.state[parameter][key]
              for name, parameter in network.named_parameters() for suffix, key in slots.items()}
    return {"loss": numpy.array(losses)} | {name: value.numpy() for name, value in found.items()}


def record(folder, network, extra, batch, train_it, options):
    """Writes the four files. `extra` goes into init beside the network's variables, `batch` is
    {name: array}, train_it(network) trains one copy and returns train()'s tensors."""
    os.makedirs(folder, exist_ok=True)
    init = {name: value.float().numpy() for name, value in variables(network).items()}
    safetensors.save(f"{folder}/init.safetensors", init | extra)
    safetensors.save(f"{folder}/batch.safetensors", batch)
    described = {name: str(value) for name, value in vars(options).items() if name != "out"}
    start = {name: value.clone() for name, value in network.state_dict().items()}
    for file, dtype in ("float32", torch.float32), ("expected", torch.float64):
        network.load_state_dict(start)
        safetensors.save(f"{folder}/{file}.safetensors", train_it(network.to(dtype)), described)
