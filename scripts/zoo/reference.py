"""What PyTorch makes of a network: losses, first gradients, a step's time."""
import copy
import time

import torch


def call(module, inputs, labels):
    return module(inputs) if labels is None else module(inputs, labels)


def trained(wrapped, inputs, labels, steps, rate, kind=torch.float64):
    """The losses of plain SGD's steps on one batch, and the first step's gradients by name, of f64."""
    module = copy.deepcopy(wrapped).to(kind).train()
    inputs = inputs.to(kind) if inputs.is_floating_point() else inputs
    optimizer = torch.optim.SGD(module.parameters(), lr=rate)
    losses, gradients = [], {}
    for step in range(steps):
        loss = call(module, inputs, labels)
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            gradients = {name: parameter.grad.double() for name, parameter in module.named_parameters()
                         if parameter.grad is not None}
        optimizer.step()
    return losses, gradients


class Stepper:
    """Steps whose times are taken."""

    def __init__(self, wrapped, inputs, labels, rate):
        self.module = copy.deepcopy(wrapped).train()
        self.batch = inputs, labels
        self.optimizer = torch.optim.SGD(self.module.parameters(), lr=rate)

    def seconds(self, steps):
        times = []
        for _ in range(steps):
            start = time.perf_counter()
            loss = call(self.module, *self.batch)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            loss.item()
            times.append(time.perf_counter() - start)
        return times
