#!/usr/bin/python3
"""Times PyTorch's own training steps of GPT-2, for slow/gpt2-speed.sh. OMP_NUM_THREADS sets the
threads. The step is the one that autopar-model's gpt2 has: AdamW with decay, and clipping.
"""

import argparse
import json
import time

import torch

import gpt2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in {"batch": 1, "seq": 256, "vocab": 50257, "positions": 1024, "layers": 12,
                          "width": 768, "heads": 12}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    for name, default in {"lr": 3e-4, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8,
                          "weight-decay": 0.1, "clip": 1.0}.items():
        parser.add_argument(f"--{name}", type=float, default=default)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--log", required=True, help="JSON lines: step, loss, tokens_per_second")
    args = parser.parse_args()

    network = gpt2.Gpt2(args.vocab, args.positions, args.layers, args.width, args.heads)
    for parameter in network.parameters():
        if parameter.dim() >= 2:
            torch.nn.init.normal_(parameter, 0, 0.02)
    optimizer = gpt2.adamw(network, args)
    text = torch.randint(args.vocab, (args.batch, args.seq + 1))
    with open(args.log, "w") as log:
        for step in range(1, args.steps + 1):
            begin = time.perf_counter()
            optimizer.zero_grad()
            loss = network(text[:, :-1], text[:, 1:])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), args.clip)
            optimizer.step()
            took = time.perf_counter() - begin
            print(json.dumps({"step": step, "loss": loss.item(),
                              "tokens_per_second": args.batch * args.seq / took}), file=log)


if __name__ == "__main__":
    main()
