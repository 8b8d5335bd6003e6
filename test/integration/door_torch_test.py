"""The Python package with a torch of PyPI's: modules compiled, trained beside PyTorch, loaded back.

    door_torch_test.py

The tools are taken from PATH.
"""
import copy
import os
import sys

import torch
import torch.nn.functional as F
import torchvision

SOURCE = os.path.normpath(f"{os.path.dirname(os.path.abspath(__file__))}/../..")
sys.path[:0] = [f"{SOURCE}/compiler/python", f"{SOURCE}/scripts/zoo"]
# Open MPI refuses root unless told.
os.environ |= {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
import autopar  # noqa: E402
import networks  # noqa: E402

STEPS, RATE = 4, 1e-4


def resnet():
    model = torchvision.models.resnet18(weights=None, num_classes=10)
    return model, torch.randn(8, 3, 64, 64), torch.randint(0, 10, (8,)), "cross_entropy"


def nanogpt():
    """Weights are tied, the loss is its own."""
    return networks.NanoGpt(dropout=0.0), *networks.tokens(), None


def check(make):
    torch.manual_seed(0)
    module, inputs, labels, loss = make()
    module.eval()
    theirs = copy.deepcopy(module).double().train()
    optimizer = torch.optim.SGD(theirs.parameters(), lr=RATE, momentum=0.9)
    exact = inputs.double() if inputs.is_floating_point() else inputs
    wanted = []
    for _ in range(STEPS):
        value = theirs(exact, labels) if loss is None else F.cross_entropy(theirs(exact), labels)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        wanted.append(value.item())
    before = copy.deepcopy(module.state_dict())
    step = autopar.compile(module, loss, (inputs, labels), mesh="2x2", mem_budget="2GB",
                           optimizer=f"sgd lr={RATE} momentum=0.9")
    assert not any(part.training for part in module.modules()), "the module was changed"
    assert all(torch.equal(tensor, before[name]) for name, tensor in module.state_dict().items())
    found = step.train(1, (inputs, labels), show=False)
    found += step.train(STEPS - 1, (inputs, labels), show=False)
    assert all(abs(a - b) < 2e-5 * abs(b) for a, b in zip(found, wanted, strict=True)), (found, wanted)
    # Into another module of the same kind, in which what is tied stays so.
    torch.manual_seed(1)
    other = make()[0]
    step.load_into(other)
    for name, tensor in other.state_dict().items():
        if tensor.is_floating_point():
            moved = (theirs.state_dict()[name] - before[name]).abs().max().item()
            torch.testing.assert_close(tensor.double(), theirs.state_dict()[name], rtol=0, atol=0.01 * moved + 1e-6)
    if loss is None:
        assert other.lm_head.weight is other.wte.weight
    print(f"{make.__name__}: losses of {STEPS} steps are PyTorch's, and so are the weights that come back")


def main():
    for make in (resnet, nanogpt):
        check(make)
    module, inputs, labels, _ = resnet()
    try:
        autopar.compile(torch.nn.Sequential(module, torch.nn.Hardshrink()), "cross_entropy", (inputs, labels))
    except autopar.Error as fault:
        assert "operations that have no equivalent" in str(fault) and "aten.hardshrink" in str(fault), fault
    else:
        raise AssertionError("nothing was said of Hardshrink")


if __name__ == "__main__":
    main()
