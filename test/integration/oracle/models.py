"""torchvision's networks as the model generator means them, with weights fit for comparing.

Two implementations in different precision disagree grossly about a gradient where a ReLU's input
rounds to the other side of zero: one flip in a layer of n activations moves its gradient by about
1/sqrt(n), far over the 1e-4 that parity asks for. So the weights are chosen such that nothing lies
near a kink: see keep_clear_of_kinks.
"""

import torch
import torchvision


def build(name, classes, cifar):
    """torchvision's `name`; the CIFAR form has a 3x3 stem of stride 1 and no max pool."""
    make = getattr(torchvision.models, name.replace("-", "_"), None)
    if make is None:
        raise SystemExit(f"torchvision {torchvision.__version__} has no model named {name}")
    network = make(num_classes=classes)
    if cifar:
        network.conv1 = torch.nn.Conv2d(3, 64, 3, stride=1, padding=1, bias=False)
        network.maxpool = torch.nn.Identity()
        torch.nn.init.kaiming_normal_(network.conv1.weight, mode="fan_out", nonlinearity="relu")
    return network


def randomize_norms(network, generator):
    """Moves scales, shifts and running statistics off 1 and 0, where a mistake would not show.

    The scales that end a residual branch are small, as zero_init_residual would have them zero:
    with every branch at full size a deep network's training is chaotic, and rounding alone
    changes the losses by tenths within 20 steps.
    """
    for name, module in network.named_modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            parent = network.get_submodule(name.rpartition(".")[0])
            last = parent.bn3 if hasattr(parent, "bn3") else getattr(parent, "bn2", None)
            low, high = (0.05, 0.15) if module is last else (0.5, 1.0)
            module.weight.data.uniform_(low, high, generator=generator)
            module.bias.data.normal_(0, 0.1, generator=generator)
            module.running_mean.normal_(0, 0.5, generator=generator)
            module.running_var.uniform_(0.5, 2.0, generator=generator)


def keep_clear_of_kinks(network, images):
    """Shifts each batch norm's bias so that `images` drive no ReLU near zero; returns margins.

    For one channel of one ReLU, sort the inputs of the batch: near zero lies some widest gap
    between two neighbours. Moving the channel by the gap's middle puts zero there, by changing the
    bias of the batch norm that ran last (of a residual sum either would do). The channels are
    done in the order of the forward pass, since later ones see what earlier ones became.

    Returns (relu, pool): the least |input| of any ReLU over the root mean square of its channel,
    and the least lead of a max pool's positive winner over its window's second, over that of all.
    """
    last_norm = [None]
    relu_margins, pool_margins = [], [float("inf")]

    def note(module, inputs, output):
        last_norm[0] = module

    def shift(module, inputs):
        (x,) = inputs
        channels = x.transpose(0, 1).flatten(1)
        values = channels.sort(1).values
        spread = values.std(1, keepdim=True)
        middles, widths = (values[:, 1:] + values[:, :-1]) / 2, values.diff(dim=1)
        widths = torch.where(middles.abs() <= spread / 2, widths, torch.zeros_like(widths))
        offset = -middles.gather(1, widths.argmax(1, keepdim=True))
        # The bias has to be a number that f32 holds, and the margin is of that number.
        norm = last_norm[0]
        bias = (norm.bias.data + offset[:, 0]).float().to(x.dtype)
        offset = bias - norm.bias.data
        norm.bias.data.copy_(bias)
        moved = channels + offset[:, None]
        relu_margins.append((moved.abs().amin(1) / moved.pow(2).mean(1).sqrt()).min().item())
        return x + offset[None, :, None, None]

    def lead(pool, inputs):
        (x,) = inputs
        windows = torch.nn.functional.unfold(x.flatten(0, 1)[:, None], pool.kernel_size,
                                             padding=pool.padding, stride=pool.stride)
        first, second = windows.topk(2, dim=1).values.unbind(1)
        pool_margins.append(((first - second)[first > 0].min() / x.pow(2).mean().sqrt()).item())

    hooks = []
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            hooks.append(module.register_forward_hook(note))
        elif isinstance(module, torch.nn.ReLU):
            module.inplace = False
            hooks.append(module.register_forward_pre_hook(shift))
        elif isinstance(module, torch.nn.MaxPool2d):
            hooks.append(module.register_forward_pre_hook(lead))
    with torch.no_grad():
        network.train()(images)
    for hook in hooks:
        hook.remove()
    return min(relu_margins), min(pool_margins)
