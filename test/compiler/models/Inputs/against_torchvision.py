"""Holds a model that autopar-model printed against torchvision's model of the same name.

Usage: autopar-model NAME [--cifar] --batch 2 --image 64 | against_torchvision.py [--cifar]

Compares every value's name and shape, in order, with torch.fx's trace, the variables with
state_dict, the initialisers with weights that PyTorch draws, and counts the parameters.
"""

import math
import re
import sys

import torch
import torchvision
from torch.fx.passes.shape_prop import ShapeProp
from torchvision.models.feature_extraction import NodePathTracer

IMAGES = re.compile(r"%images: tensor<(\w+)>")
VALUE = re.compile(r'^ +%\S+(?:, %\S+)? = graph\.(\w+) .*?-> \(?tensor<(\w+)>.* loc\("(.*)"\)$')
VARIABLE = re.compile(r'^ +%\S+ = graph\.variable (\w+) "(.*?)" : tensor<(\w+)> = '
                      r'#graph\.(\w+)<(.*)> loc\("(.*)"\)$')


def shape_of(text):
    """`8x3xf32` -> (8, 3)."""
    return tuple(int(size) for size in text.split("x")[:-1])


def read(text):
    """The module's name, its images' shape, [(name, shape)] of its values, and its variables as
    {name: (kind, shape, initialiser, number)}."""
    name = re.match(r"module @(\w+)", text).group(1)
    images = shape_of(IMAGES.search(text).group(1))
    values, variables = [], {}
    for line in text.splitlines():
        if found := VARIABLE.match(line):
            kind, key, shape, init, number, location = found.groups()
            assert key == location, f"{key} is at {location}"
            variables[key] = (kind, shape_of(shape), init, float(number))
        elif found := VALUE.match(line):
            values.append((found.group(3), shape_of(found.group(2))))
    return name, images, values, variables


def traced(network, images):
    """[(name, shape)] of torch.fx's nodes, renamed and made channels-last as autopar has them."""
    tracer = NodePathTracer()
    graph = tracer.trace(network)
    module = torch.fx.GraphModule(network, graph)
    ShapeProp(module).propagate(torch.zeros(images).permute(0, 3, 1, 2))
    values = []
    for node in graph.nodes:
        name = tracer.node_to_qualname.get(node)
        if node.op in ("placeholder", "output") or name == "avgpool":
            continue
        if isinstance(getattr(network, node.target, None) if isinstance(node.target, str)
                      else None, torch.nn.Identity):
            continue
        shape = tuple(node.meta["tensor_meta"].shape)
        if len(shape) == 4:
            shape = (shape[0], shape[2], shape[3], shape[1])
        # autopar's avgpool flattens, and its linear layer is a product and a sum.
        if name == "flatten":
            name = "avgpool"
        if name == "fc":
            values.append(("fc.matmul", shape))
        values.append((name, shape))
    return values + [("loss", ())]


def drawn(tensor, init, number):
    """Whether PyTorch's freshly drawn `tensor` looks like autopar's initialiser."""
    if init == "constant":
        return bool((tensor == number).all())
    if init == "uniform":
        # The bound itself is almost reached: with n draws to within bound/n, give or take.
        return tensor.abs().max() <= number and (tensor.numel() < 1000 or
                                                 tensor.abs().max() >= 0.99 * number)
    # The sample deviation of n draws is itself off by 1/sqrt(2n); six of that never happen.
    return abs(tensor.std().item() / number - 1) < 6 / math.sqrt(2 * tensor.numel())


def differences(what, ours, theirs):
    for i in range(max(len(ours), len(theirs))):
        a, b = (ours[i:i + 1] or [None])[0], (theirs[i:i + 1] or [None])[0]
        if a != b:
            return [f"{what} {i}: autopar has {a}, torchvision {b}"]
    return []


def main():
    name, images, values, variables = read(sys.stdin.read())
    classes = values[-2][1][1]
    torch.manual_seed(1)
    network = getattr(torchvision.models, name)(num_classes=classes)
    if "--cifar" in sys.argv[1:]:
        network.conv1 = torch.nn.Conv2d(3, 64, 3, padding=1, bias=False)
        torch.nn.init.kaiming_normal_(network.conv1.weight, mode="fan_out", nonlinearity="relu")
        network.maxpool = torch.nn.Identity()

    # A copy: tracing runs the network, and so moves its running statistics.
    state = {key: value.clone() for key, value in network.state_dict().items()
             if not key.endswith("num_batches_tracked")}
    trained = dict(network.named_parameters())
    problems = differences("value", values, traced(network, images))
    problems += differences(
        "variable",
        [(key, kind, shape) for key, (kind, shape, _, _) in sorted(variables.items())],
        [(key, "parameter" if key in trained else "state", tuple(value.shape))
         for key, value in sorted(state.items())])
    problems += [f"{key} starts as {init}<{number}>, PyTorch draws otherwise"
                 for key, (_, _, init, number) in variables.items()
                 if key in state and not drawn(state[key], init, number)]
    if problems:
        sys.exit("\n".join(problems))
    count = sum(math.prod(shape) for kind, shape, _, _ in variables.values() if kind == "parameter")
    print(f"{name}: {len(values)} values, {len(variables)} variables, {count} parameters")


main()
