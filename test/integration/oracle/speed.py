#!/usr/bin/python3
"""Times PyTorch's own training steps of a torchvision network, for slow/speed.sh.

Takes whichever memory format is faster here, so that the comparison is with PyTorch at its best;
both are tried before the timed steps. OMP_NUM_THREADS sets the threads.
"""

import argparse
import json
import time

import torch

import models


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--image", type=int, required=True)
    parser.add_argument("--classes", type=int, default=1000)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--log", required=True, help="JSON lines: step, loss, images_per_second")
    args = parser.parse_args()

    network = models.build(args.model, args.classes, cifar=False).train()
    optimizer = torch.optim.SGD(network.parameters(), 0.01, momentum=0.9)
    images = torch.randn(args.batch, 3, args.image, args.image)
    labels = torch.randint(args.classes, (args.batch,))

    def step(memory_format):
        """One training step; returns (seconds, loss)."""
        begin = time.perf_counter()
        optimizer.zero_grad()
        output = network(images.contiguous(memory_format=memory_format))
        loss = torch.nn.functional.cross_entropy(output, labels)
        loss.backward()
        optimizer.step()
        return time.perf_counter() - begin, loss.item()

    seconds = {}
    for memory_format in torch.contiguous_format, torch.channels_last:
        network.to(memory_format=memory_format)
        seconds[memory_format] = min(step(memory_format)[0] for _ in range(3))
    best = min(seconds, key=seconds.get)
    network.to(memory_format=best)
    step(best)
    with open(args.log, "w") as log:
        for number in range(1, args.steps + 1):
            took, loss = step(best)
            print(json.dumps({"step": number, "loss": loss, "images_per_second": args.batch / took}),
                  file=log)


if __name__ == "__main__":
    main()
