#!/usr/bin/python3
"""Times PyTorch's training step on a GPU at its best: 16 bits, channels-last, torch.compile where it
works. Says "ready" once it is compiled; then reads a number of seconds a line, trains for as long and
prints its rate. All that is printed for a reader are JSON objects, one a line. ResNets need
torchvision."""

import argparse
import json
import math
import sys
import time

import torch

import gpt2


def attend(self, x):
    """gpt2.Attention.forward by PyTorch's fused kernel, which the plain one is too slow to be."""
    batch, length, width = x.shape
    q, k, v = (part.reshape(batch, length, self.heads, -1).transpose(1, 2)
               for part in self.c_attn(x).chunk(3, dim=2))
    y = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    return self.c_proj(y.transpose(1, 2).reshape(batch, length, width))


def training(args, dtype):
    """Returns (network, step): `step(network)` is one step on data that lies on the device."""
    if args.model.startswith("gpt2"):
        gpt2.Attention.forward = attend
        layers, width, heads = {"gpt2": (12, 768, 12), "gpt2-medium": (24, 1024, 16)}[args.model]
        vocabulary = math.ceil(50257 / args.padded_vocab) * args.padded_vocab
        network = gpt2.Gpt2(vocabulary, 1024, layers, width, heads).cuda()
        for parameter in network.parameters():
            if parameter.dim() >= 2:
                torch.nn.init.normal_(parameter, 0, 0.02)
        optimizer = torch.optim.AdamW(network.parameters(), 3e-4, (0.9, 0.95), fused=True)
        text = torch.randint(50257, (args.batch, args.seq + 1), device="cuda")

        def loss_of(network):
            return network(text[:, :-1], text[:, 1:])
    else:
        import torchvision
        network = getattr(torchvision.models, args.model)().cuda().to(
            memory_format=torch.channels_last)
        optimizer = torch.optim.SGD(network.parameters(), 0.01, momentum=0.9, weight_decay=1e-4)
        images = torch.randn(args.batch, 3, args.image, args.image, device="cuda").to(
            memory_format=torch.channels_last)
        labels = torch.randint(1000, (args.batch,), device="cuda")

        def loss_of(network):
            return torch.nn.functional.cross_entropy(network(images), labels)

    scaler = torch.amp.GradScaler("cuda", enabled=dtype == torch.float16)

    def step(network):
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cuda", dtype=dtype):
            loss = loss_of(network)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        if args.model.startswith("gpt2"):
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        return loss

    return network, step


def steps_of(network, step, seconds):
    """(steps, seconds) of about so long a run, in which the host waits only now and then."""
    torch.cuda.synchronize()
    begin, count = time.perf_counter(), 0
    while time.perf_counter() - begin < seconds:
        for _ in range(10):
            step(network)
        count += 10
        torch.cuda.synchronize()
    return count, time.perf_counter() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--image", type=int, default=224)
    parser.add_argument("--seq", type=int, default=1024)
    parser.add_argument("--padded-vocab", type=int, default=1)
    parser.add_argument("--precision", choices=["bf16", "fp16"], required=True)
    args = parser.parse_args()

    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    dtype = torch.bfloat16 if args.precision == "bf16" else torch.float16
    plain, step = training(args, dtype)
    samples = args.batch * (args.seq if args.model.startswith("gpt2") else 1)
    network, way = torch.compile(plain), "compiled"
    try:
        step(network)
    except Exception as error:  # the comparison is with what works here
        print("not compiled:", str(error)[:200], flush=True)
        network, way = plain, "eager"
    for _ in range(10):
        step(network)
    torch.cuda.synchronize()
    torch.cuda.empty_cache()  # while it waits, others want the memory
    print(json.dumps({"ready": way, "torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        steps_of(network, step, 1)
        count, seconds = steps_of(network, step, float(line))
        torch.cuda.empty_cache()
        print(json.dumps({"way": way, "per_second": samples * count / seconds,
                          "peak_bytes": torch.cuda.max_memory_allocated()}), flush=True)


if __name__ == "__main__":
    main()
