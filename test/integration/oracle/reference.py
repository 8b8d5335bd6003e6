#!/usr/bin/python3
"""Trains a torchvision network in double precision and writes what a correct program must find.

    reference.py resnet18 --batch 8 --image 64 --classes 10 -o DIR

leaves in DIR what record.py lists; a batch is "images" [K, N, H, W, C] f32 and "labels" [K, N] i32.

The defaults keep 20 steps predictable: there PyTorch's single precision stays within 1e-4 of its
double precision for ResNet-18 and 50. Larger rates, or a last stage of one pixel (--image 32
without --cifar), normalize or step so wildly that rounding alone soon decides where training goes.
"""

import argparse

import numpy
import torch

import models
import record

# Rounding moves an activation by 1e-7 of its size at the stem, where the pool is, and by up to
# 1e-5 behind a hundred layers: nothing this far from a kink crosses it. A ReLU's bias is fitted,
# a pool's ties are not, so images are drawn until none is near.
RELU_MARGIN, POOL_MARGIN, DRAWS = 1e-4, 1e-6, 50


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="a network of torchvision.models, such as resnet50")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--image", type=int, default=64, help="height and width in pixels")
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--cifar", action="store_true", help="3x3 stem, no max pool")
    parser.add_argument("--batches", type=int, default=4, help="batches used in turn")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--nesterov", action="store_true")
    parser.add_argument("--label-smoothing", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--out", required=True, help="the folder to write")
    return parser.parse_args()


def starting_point(args):
    """A network (f64, of values that f32 holds) and its batches, clear of kinks in the first."""
    generator = torch.Generator().manual_seed(args.seed)
    torch.manual_seed(args.seed)
    network = models.build(args.model, args.classes, args.cifar)
    models.randomize_norms(network, generator)
    network.double()
    statistics = {name: value.clone() for name, value in record.variables(network).items()
                  if "running_" in name}
    for draw in range(1, DRAWS + 1):
        images = torch.randn(args.batches, args.batch, 3, args.image, args.image,
                             generator=generator)
        relu, pool = models.keep_clear_of_kinks(network, images[0].double())
        if relu >= RELU_MARGIN and pool >= POOL_MARGIN:
            break
    else:
        raise SystemExit(f"after {DRAWS} draws of the images a ReLU still lies {relu:.1e} and a max "
                         f"pool {pool:.1e} from a kink (wanted {RELU_MARGIN}, {POOL_MARGIN}), where "
                         "gradients depend on rounding; take a smaller --batch or --image")
    print(f"{args.model}: images drawn {draw} times; no ReLU within {relu:.1e} of zero, "
          f"no max pool within {pool:.1e} of a tie")
    network.load_state_dict(statistics, strict=False)
    labels = torch.randint(args.classes, (args.batches, args.batch), generator=generator)
    return network, images, labels


def train(args, network, images, labels):
    """record.train's tensors of one run in the network's own precision."""
    network.train()
    optimizer = torch.optim.SGD(network.parameters(), args.lr, args.momentum, nesterov=args.nesterov,
                                weight_decay=args.weight_decay)
    loss_of = torch.nn.CrossEntropyLoss(label_smoothing=args.label_smoothing)
    dtype = next(network.parameters()).dtype

    def loss(step):
        batch = step % args.batches
        return loss_of(network(images[batch].to(dtype)), labels[batch])

    slots = {"momentum": "momentum_buffer"} if args.momentum else {}
    return record.train(network, args.steps, optimizer, loss, slots)


def main():
    args = options()
    network, images, labels = starting_point(args)
    slots = {f"{name}.momentum": numpy.zeros(parameter.shape, numpy.float32)
             for name, parameter in network.named_parameters() if args.momentum}
    record.record(args.out, network, slots,
                  {"images": images.permute(0, 1, 3, 4, 2).numpy(),
                   "labels": labels.to(torch.int32).numpy()},
                  lambda network: train(args, network, images, labels), args)


if __name__ == "__main__":
    main()
