"""Models of torchvision and Hugging Face's transformers go in, train, and come out as those libraries
load them.

    libraries_test.py

A ResNet-18 and a small GPT-2 begin with the library's weights, train on four ranks with checkpoints of
which the last is merged, and are loaded again: torchvision's by load_state_dict(strict=True),
transformers' by from_pretrained. With a rate of next to nothing the weights that come out are those that
went in; after steps they are the ones that PyTorch comes to. Needs torch, torchvision and transformers; the
tools are taken from PATH.
"""

import importlib.util
import os
import tempfile

import numpy
import torch
import torchvision
import transformers

from commands import ENVIRONMENT, losses_in, run

# The oracle's own reader, beside Hugging Face's module of the same name.
ORACLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle", "safetensors.py")
spec = importlib.util.spec_from_file_location("oracle_safetensors", ORACLE)
safetensors = importlib.util.module_from_spec(spec)
spec.loader.exec_module(safetensors)

STEPS = 3
NOTHING = 1e-30  # a rate


def train(folder, name, rate):
    """From NAME.safetensors; returns the losses, and leaves the merged checkpoint as NAME/out.safetensors."""
    run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", "4", f"{name}/train_rank", "--fixed-batch", "batches",
        "--init", f"{name}.safetensors", "--steps", str(STEPS), "--lr", str(rate), "--checkpoints", f"{name}.kept{rate}",
        "--log", "log", cwd=folder, env=ENVIRONMENT)
    run("autopar-checkpoint", "verify", f"{name}.kept{rate}", cwd=folder)
    run("autopar-checkpoint", "merge", f"{name}.kept{rate}", "--weights", "-o", f"{name}.out", cwd=folder)
    return losses_in(f"{folder}/log")


def build(folder, name, *model):
    run("autopar-model", *model, "-o", f"{name}.mlir", cwd=folder)
    run("autopar-compile", f"{name}.mlir", "--mesh", "2x2", "--target", "cpu", "--quiet", "-o", name, cwd=folder)


def compare(what, ours, theirs, bound):
    """The largest deviation relative to the tensor's largest value."""
    assert set(ours) == set(theirs), set(ours) ^ set(theirs)
    worst = max(abs(ours[name] - theirs[name]).max() / max(abs(theirs[name]).max(), 1e-3) for name in theirs)
    print(f"{what}: {len(theirs)} tensors, largest relative deviation {worst:.2g}", flush=True)
    assert worst <= bound, (what, worst)


def resnet(folder):
    batch, size, rate = 16, 64, 0.005
    build(folder, "resnet18", "resnet18", "--batch", str(batch), "--image", str(size))
    torch.manual_seed(1)
    model = torchvision.models.resnet18().train()
    first = {name: value.numpy().copy() for name, value in model.state_dict().items()}
    safetensors.save(f"{folder}/resnet18.safetensors", first)
    images = torch.randn(STEPS, batch, 3, size, size)
    labels = torch.randint(1000, (STEPS, batch))
    safetensors.save(f"{folder}/batches", {"images": images.permute(0, 1, 3, 4, 2).contiguous().numpy(),
                                           "labels": labels.numpy().astype(numpy.int32)})
    train(folder, "resnet18", NOTHING)
    out, _ = safetensors.load(f"{folder}/resnet18.out")
    for name, _ in model.named_parameters():
        assert abs(out[name] - first[name]).max() < 1e-25, name
    losses = train(folder, "resnet18", rate)
    out, _ = safetensors.load(f"{folder}/resnet18.out")
    optimizer = torch.optim.SGD(model.parameters(), rate, momentum=0.9, weight_decay=1e-4)
    expected = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(images[step]), labels[step])
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    numpy.testing.assert_allclose(losses, expected, rtol=1e-3)
    theirs = {name: value.numpy() for name, value in model.state_dict().items() if "num_batches" not in name}
    compare("torchvision's resnet18", {name: numpy.array(value) for name, value in out.items()}, theirs, 0.02)
    loaded = torchvision.models.resnet18()
    loaded.load_state_dict({name: torch.from_numpy(numpy.array(value)) for name, value in out.items()}, strict=True)


def gpt2(folder):
    batch, length, vocabulary = 4, 16, 97
    build(folder, "gpt2", *f"gpt2 --batch {batch} --seq {length} --positions {length} --layers 2 --width 32 --heads 4 "
          f"--vocab {vocabulary} --padded-vocab 8 --clip 0 --weight-decay 0".split())
    torch.manual_seed(1)
    config = transformers.GPT2Config(vocab_size=vocabulary, n_positions=length, n_embd=32, n_layer=2, n_head=4,
                                     resid_pdrop=0, embd_pdrop=0, attn_pdrop=0)
    model = transformers.GPT2LMHeadModel(config).train()
    model.save_pretrained(f"{folder}/theirs", safe_serialization=True)
    os.link(f"{folder}/theirs/model.safetensors", f"{folder}/gpt2.safetensors")
    text = torch.randint(vocabulary, (STEPS, batch, length + 1))
    safetensors.save(f"{folder}/batches", {"tokens": text[:, :, :-1].numpy().astype(numpy.int32),
                                           "labels": text[:, :, 1:].numpy().astype(numpy.int32)})

    def back():
        os.replace(f"{folder}/gpt2.out", f"{folder}/theirs/model.safetensors")
        return transformers.GPT2LMHeadModel.from_pretrained(f"{folder}/theirs")

    def values(of):
        return {name: value.detach().numpy().copy() for name, value in of.named_parameters()}
    first = values(model)
    train(folder, "gpt2", NOTHING)
    again = values(back())
    assert all(abs(again[name] - first[name]).max() < 1e-25 for name in first)
    rate = 1e-3
    losses = train(folder, "gpt2", rate)
    optimizer = torch.optim.AdamW(model.parameters(), rate, betas=(0.9, 0.95), eps=1e-8, weight_decay=0)
    expected = []
    for step in range(STEPS):
        optimizer.zero_grad()
        logits = model(text[step, :, :-1]).logits
        loss = torch.nn.functional.cross_entropy(logits.reshape(-1, vocabulary), text[step, :, 1:].reshape(-1))
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    numpy.testing.assert_allclose(losses, expected, rtol=1e-5)
    # A key's bias has a gradient of rounding alone, which AdamW makes steps of.
    keys = slice(32, 64)

    def without_keys(of):
        for name in of:
            if name.endswith("c_attn.bias"):
                of[name][keys] = 0
        return of
    compare("transformers' GPT-2", without_keys(values(back())), without_keys(values(model)), 1e-3)


def main():
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, transformers {transformers.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        resnet(folder)
        gpt2(folder)


if __name__ == "__main__":
    main()
