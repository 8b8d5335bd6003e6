#!/usr/bin/python3
"""Trains GPT-2 in double precision and writes what a correct program must find: see record.py.

    reference_gpt2.py gpt2 --batch 8 --seq 64 --vocab 256 --layers 4 --width 128 --heads 4 -o DIR

Texts are random tokens, and "labels" the tokens that follow.

AdamW's epsilon is 1e-6 here, not 1e-8. A key's bias adds the same to all scores of a query, which
softmax takes away again: its gradient is zero but for rounding of about 1e-9, and with 1e-8 beneath
it AdamW would make steps of that rounding.
"""

import argparse

import torch

import gpt2
import record


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", choices=["gpt2"])
    for name, default in {"batch": 8, "seq": 64, "positions": 64, "vocab": 256, "padded-vocab": 1,
                          "layers": 4, "width": 128, "heads": 4, "batches": 4, "steps": 20,
                          "seed": 1}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    for name, default in {"lr": 1e-3, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-6,
                          "weight-decay": 0.1, "clip": 1.0}.items():
        parser.add_argument(f"--{name}", type=float, default=default)
    parser.add_argument("-o", "--out", required=True, help="the folder to write")
    return parser.parse_args()


def main():
    args = options()
    network = gpt2.Gpt2(args.vocab, args.positions, args.layers, args.width, args.heads)
    gpt2.randomize(network, args.seed)
    generator = torch.Generator().manual_seed(args.seed)
    texts = torch.randint(args.vocab, (args.batches, args.batch, args.seq + 1), generator=generator)
    tokens, labels = texts[:, :, :-1], texts[:, :, 1:]

    def train(network):
        return record.train(network, args.steps, gpt2.adamw(network, args),
                            lambda step: network(tokens[step % args.batches],
                                                 labels[step % args.batches]),
                            {name: name for name in ("exp_avg", "exp_avg_sq")}, args.clip)

    record.record(args.out, network, {}, {"tokens": tokens.int().numpy(), "labels": labels.int().numpy()},
                  train, args)


if __name__ == "__main__":
    main()
