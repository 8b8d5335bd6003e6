"""The networks of the .pt2 files beside this one, and PyTorch's numbers for them.

    python3 -m venv v && v/bin/pip install torch && v/bin/python networks.py

writes NAME.pt2, and NAME.safetensors with three batches, the losses of three steps of SGD, the
first step's gradients and what the variables are after the third, all in double precision. It
needs torch 2.9 or newer; the tests do not.
"""
import copy
import importlib.util
import os
import sys

import numpy
import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, *[".."] * 4))
sys.path.insert(0, f"{ROOT}/test/integration/oracle")
import safetensors  # noqa: E402

STEPS = 3
SGD = {"lr": 0.1, "momentum": 0.9, "weight_decay": 1e-3}


class Mlp(nn.Module):
    """Plain rows of numbers."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(12, 16)
        self.norm = nn.LayerNorm(16)
        self.out = nn.Linear(16, 8, bias=False)

    def forward(self, x):
        x = self.norm(F.relu(self.hidden(x)))
        return self.out(0.5 * x + F.gelu(x))


class Cnn(nn.Sequential):
    """What is not in a ResNet: biases, groups, a flattened image, two kinds of pools, SiLU."""

    def __init__(self):
        super().__init__(
            nn.Conv2d(3, 8, 3, padding="same"), nn.SiLU(inplace=True), nn.MaxPool2d(2),
            nn.Conv2d(8, 12, 3, padding=1, groups=4, bias=False), nn.BatchNorm2d(12, momentum=0.2),
            nn.GELU(), nn.AvgPool2d(2), nn.AdaptiveAvgPool2d((2, 2)), nn.Flatten(),
            nn.Linear(48, 16), nn.ReLU(), nn.Linear(16, 8), nn.LogSoftmax(dim=1))


class Block(nn.Module):
    """torchvision's BasicBlock."""

    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = None
        if stride != 1:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, channels, 1, stride, bias=False),
                                            nn.BatchNorm2d(channels))

    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += self.downsample(x) if self.downsample else x
        return self.relu(out)


class ResNet(nn.Module):
    """torchvision's, with fewer blocks and channels."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = nn.Sequential(Block(8, 8, 1))
        self.layer2 = nn.Sequential(Block(8, 16, 2))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(16, 8)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.avgpool(self.layer2(self.layer1(x)))
        return self.fc(torch.flatten(x, 1))


class Patches(nn.Module):
    """As timm's transformers of images begin; what it has of the images is not trained."""

    def __init__(self, width=16, heads=2):
        super().__init__()
        self.embed = nn.Conv2d(3, width, 4, 4).requires_grad_(False)
        self.positions = nn.Parameter(0.1 * torch.randn(1, 4, width))
        self.batch = nn.BatchNorm1d(width)
        self.norm = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.act = nn.ReLU()
        self.act_1 = nn.SiLU()
        self.unused = nn.Linear(2, 3)
        self.out = nn.Linear(width, 8)
        self.heads = heads

    def forward(self, x):
        x = self.batch(self.embed(x).flatten(2)).transpose(1, 2) + self.positions
        B, T, C = x.shape
        qkv = self.qkv(self.norm(x)).reshape(B, T, 3, self.heads, C // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(B, T, C)
        x = self.act(self.act_1(self.act(x - self.proj(y) / 2)))
        return self.out(x.transpose(1, 2).unflatten(2, (2, 2)).mean((2, 3)))


class Attention(nn.Module):
    def __init__(self, width, heads, fused):
        super().__init__()
        self.c_attn = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)
        self.heads, self.fused = heads, fused
        self.register_buffer("bias", torch.tril(torch.ones(16, 16)).view(1, 1, 16, 16))

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = (part.view(B, T, self.heads, C // self.heads).transpose(1, 2)
                   for part in self.c_attn(x).split(C, dim=2))
        if self.fused:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = (q @ k.transpose(-2, -1)) * (1.0 / k.size(-1) ** 0.5)
            scores = scores.masked_fill(self.bias[:, :, :T, :T] == 0, float("-inf"))
            y = F.softmax(scores, dim=-1) @ v
        return self.c_proj(y.transpose(1, 2).contiguous().view(B, T, C))


class Layer(nn.Module):
    def __init__(self, width, heads, fused):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads, fused)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(approximate="tanh"),
                                 nn.Linear(4 * width, width))

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class NanoGpt(nn.Module):
    """As people write it: the loss is its own, the head tied, one layer's attention written out."""

    def __init__(self, vocabulary=48, width=16, heads=2, positions=16):
        super().__init__()
        self.wte = nn.Embedding(vocabulary, width)
        self.wpe = nn.Embedding(positions, width)
        self.h = nn.ModuleList([Layer(width, heads, True), Layer(width, heads, False)])
        self.ln_f = nn.LayerNorm(width)
        self.lm_head = nn.Linear(width, vocabulary, bias=False)
        self.wte.weight = self.lm_head.weight

    def logits(self, tokens):
        positions = torch.arange(0, tokens.size(1), dtype=torch.long, device=tokens.device)
        x = self.wte(tokens) + self.wpe(positions)
        for layer in self.h:
            x = layer(x)
        return self.lm_head(self.ln_f(x))

    def forward(self, tokens, labels):
        logits = self.logits(tokens)
        return F.cross_entropy(logits.view(-1, logits.size(-1)), labels.view(-1),
                               ignore_index=-1)


class Squeeze(nn.Module):
    """A MobileNetV3's block: hard activations, squeeze and excite."""

    def __init__(self):
        super().__init__()
        self.expand = nn.Conv2d(3, 12, 1, bias=False)
        self.norm = nn.BatchNorm2d(12)
        self.depthwise = nn.Conv2d(12, 12, 3, 2, 1, groups=12, bias=False)
        self.fc1 = nn.Conv2d(12, 4, 1)
        self.fc2 = nn.Conv2d(4, 12, 1)
        self.project = nn.Conv2d(12, 8, 1)
        self.out = nn.Linear(8, 8)

    def forward(self, x):
        x = F.relu6(self.depthwise(F.hardswish(self.norm(self.expand(x)), inplace=True)))
        scale = F.adaptive_avg_pool2d(x, 1)
        scale = F.hardsigmoid(self.fc2(F.relu(self.fc1(scale))), inplace=True)
        x = F.leaky_relu(self.project(scale * x), 0.1)
        return self.out(x.amax((2, 3)) + x.mean((2, 3)))


class GatedMlp(nn.Module):
    """A Llama's: RMS norm, SwiGLU; and a head that compares directions, as CLIP's."""

    def __init__(self, width=12):
        super().__init__()
        self.weight = nn.Parameter(1 + 0.1 * torch.randn(width))
        self.gate = nn.Linear(width, 20, bias=False)
        self.up = nn.Linear(width, 20, bias=False)
        self.down = nn.Linear(20, width, bias=False)
        self.classes = nn.Parameter(torch.randn(8, width))
        self.logit_scale = nn.Parameter(torch.tensor(1.5))

    def forward(self, x):
        variance = x.pow(2).mean(-1, keepdim=True)
        normed = self.weight * (x * torch.rsqrt(variance + 1e-6))
        x = x + self.down(F.silu(self.gate(normed)) * self.up(normed))
        pooled = torch.tanh(x).sum(1) / x.shape[1]
        pooled = pooled / pooled.norm(dim=-1, keepdim=True)
        classes = self.classes / self.classes.norm(dim=-1, keepdim=True)
        return self.logit_scale.exp() * (pooled @ classes.t())


class ConvNext(nn.Module):
    """Layer scale, as torchvision has it, its response norm, and moments written out."""

    def __init__(self, width=8):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 2, 2)
        self.depthwise = nn.Conv2d(width, width, 3, padding=1, groups=width)
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, 2 * width)
        self.gamma = nn.Parameter(0.1 * torch.randn(1, 1, 1, 2 * width))
        self.beta = nn.Parameter(0.1 * torch.randn(1, 1, 1, 2 * width))
        self.down = nn.Linear(2 * width, width)
        self.layer_scale = nn.Parameter(torch.full((width, 1, 1), 0.5))
        self.out = nn.Linear(width, 8)

    def forward(self, x):
        x = self.stem(x)
        y = F.gelu(self.up(self.norm(self.depthwise(x).permute(0, 2, 3, 1))))
        response = torch.linalg.vector_norm(y, dim=(1, 2), keepdim=True)
        response = response / (response.mean(-1, keepdim=True) + 1e-6)
        y = torch.addcmul(self.beta, self.gamma, y * response) + y
        x = x + self.layer_scale * self.down(y).permute(0, 3, 1, 2)
        variance, mean = torch.var_mean(x, dim=(2, 3), keepdim=True, correction=0)
        x = (x - mean) / torch.sqrt(variance + 1e-2)
        x = torch.maximum(F.softplus(x), F.elu(-x)) - torch.sigmoid(x).clamp(0.2, 0.7)
        return self.out(x.flatten(2).std(2))


class Depth(nn.Module):
    """Stochastic depth: as torchvision writes it, and as timm does where survivors keep their scale."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 1)
        self.out = nn.Linear(8, 8)

    def forward(self, x):
        x = self.conv(x)
        noise = torch.empty([x.shape[0], 1, 1, 1], dtype=x.dtype, device=x.device)
        noise = noise.bernoulli_(0.75)
        noise.div_(0.75)
        x = x + noise * x
        x = x + x.abs() * x.new_empty((x.shape[0], 1, 1, 1)).bernoulli_(0.5)
        return self.out(x.mean((2, 3)))


class Causal(NanoGpt):
    """As Hugging Face's models: labels are the tokens themselves, and the loss shifts them."""

    def forward(self, tokens, labels):
        logits = self.logits(tokens)
        shifted = F.pad(labels, (0, 1), value=-100)[..., 1:].contiguous()
        return F.cross_entropy(logits.view(-1, logits.size(-1)).float(), shifted.view(-1),
                               ignore_index=-100, reduction="mean")


class Alone(NanoGpt):
    """Given tokens alone; the shift as it was written before, by slices."""

    def forward(self, tokens):
        logits, labels = self.logits(tokens)[..., :-1, :], tokens[..., 1:]
        return F.cross_entropy(logits.reshape(-1, logits.size(-1)), labels.reshape(-1))


class Autoencoder(nn.Module):
    """Transposed convolutions: strided, grouped, dilated, with a padded output."""

    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.SiLU(), nn.Conv2d(8, 16, 3, 2, 1))
        self.up = nn.Sequential(nn.ConvTranspose2d(16, 8, 3, 2, 1, output_padding=1), nn.SiLU(),
                                nn.ConvTranspose2d(8, 8, 2, 2, groups=2, bias=False), nn.SiLU(),
                                nn.ConvTranspose2d(8, 3, 3, padding=2, dilation=2))

    def forward(self, x):
        return self.up(self.down(x))


class Auxiliary(nn.Module):
    """Two heads, as Inception has them, and a convolution over sequences; some labels left out."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(6, 8, 3, padding=1)
        self.second = nn.Conv1d(8, 8, 3, stride=2, groups=2)
        self.aux = nn.Linear(8 * 8, 4)
        self.out = nn.Linear(8 * 3, 4)

    def forward(self, x, labels):
        x = F.relu(self.first(x.transpose(1, 2)))
        main = self.out(F.relu(self.second(x)).flatten(1))
        return F.cross_entropy(main, labels) + 0.4 * F.cross_entropy(
            self.aux(x.flatten(1)), labels, label_smoothing=0.1)


class Distances(nn.Module):
    """Every loss of two values, of numbers that are given as labels."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(12, 16)
        self.out = nn.Linear(16, 6)

    def forward(self, x, labels):
        y = self.out(F.relu(self.hidden(x)))
        answers = labels.relu().clamp(max=1)
        return (F.mse_loss(y, labels) + F.l1_loss(y, labels, reduction="sum") / 50
                + F.smooth_l1_loss(y, labels, beta=0.7) + F.huber_loss(y, labels, delta=0.8)
                + F.binary_cross_entropy_with_logits(y, answers)
                + F.binary_cross_entropy(y.sigmoid(), answers)
                + F.kl_div(y, answers, reduction="batchmean"))


class Windows(nn.Module):
    """A Swin's: windows that are rolled, a mask and a table of relative positions, merged patches."""

    def __init__(self, width=8, heads=2, window=2):
        super().__init__()
        self.embed = nn.Conv2d(3, width, 2, 2)
        self.norm = nn.LayerNorm([width], elementwise_affine=False)
        self.qkv = nn.Linear(width, 3 * width)
        self.table = nn.Parameter(0.1 * torch.randn((2 * window - 1) ** 2, heads))
        self.proj = nn.Linear(width, width)
        self.reduction = nn.Linear(4 * width, 2 * width, bias=False)
        self.out = nn.Linear(2 * width, 8)
        self.heads, self.window = heads, window
        places = torch.stack(torch.meshgrid(torch.arange(window), torch.arange(window),
                                            indexing="ij")).flatten(1)
        relative = (places[:, :, None] - places[:, None, :]).permute(1, 2, 0) + window - 1
        self.register_buffer("index", (relative[:, :, 0] * (2 * window - 1) + relative[:, :, 1])
                             .flatten())

    def windows(self, x):
        B, H, W, C = x.shape
        w = self.window
        x = x.view(B, H // w, w, W // w, w, C).permute(0, 1, 3, 2, 4, 5)
        return x.reshape(-1, w * w, C)

    def forward(self, x):
        x = self.embed(x).permute(0, 2, 3, 1)
        x = F.pad(x, (0, 0, 0, 1, 0, 1))
        B, H, W, C = x.shape
        w, shift = self.window, self.window // 2
        parts = self.windows(torch.roll(self.norm(x), (-shift, -shift), (1, 2)))
        n = parts.shape[0] // B
        q, k, v = (self.qkv(parts).reshape(B * n, w * w, 3, self.heads, C // self.heads)
                   .permute(2, 0, 3, 1, 4).unbind(0))
        scores = (q * (C // self.heads) ** -0.5).matmul(k.transpose(-2, -1))
        scores = scores + self.table[self.index].view(w * w, w * w, -1).permute(2, 0, 1)
        regions = x.new_zeros((H, W))
        count = 0
        for rows in ((0, -w), (-w, -shift), (-shift, None)):
            for columns in ((0, -w), (-w, -shift), (-shift, None)):
                regions[rows[0]:rows[1], columns[0]:columns[1]] = count
                count += 1
        regions = regions.view(H // w, w, W // w, w).permute(0, 2, 1, 3).reshape(n, w * w)
        mask = regions.unsqueeze(1) - regions.unsqueeze(2)
        mask = mask.masked_fill(mask != 0, -100.0).masked_fill(mask == 0, 0.0)
        scores = scores.view(B, n, self.heads, w * w, w * w) + mask[:, None]
        y = F.softmax(scores.view(-1, self.heads, w * w, w * w), dim=-1).matmul(v)
        y = self.proj(y.transpose(1, 2).reshape(B * n, w * w, C))
        y = y.view(B, H // w, W // w, w, w, C).permute(0, 1, 3, 2, 4, 5).reshape(B, H, W, C)
        x = x + torch.roll(y, (shift, shift), (1, 2))
        x = torch.cat([x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]], -1)
        return self.out(self.reduction(x).flatten(1, 2)[:, [2, 0, 3, 8]].mean(1))


class UNet(nn.Module):
    """Sizes that do not divide: windows that leave the image, other sizes by any factor; groups."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, padding=1)
        self.groups = nn.GroupNorm(2, 8)
        self.deep = nn.Conv2d(8, 16, 1)
        self.instances = nn.InstanceNorm2d(16, affine=True)
        self.up = nn.Conv2d(8 + 4, 8, 3, padding=1)
        self.out = nn.Linear(2 * 8 * 9, 8)

    def forward(self, x):
        x = F.silu(self.groups(self.down(x)))
        y = F.max_pool2d(x, 3, 2, ceil_mode=True)
        y = F.relu(self.instances(self.deep(y)))
        y = F.pixel_shuffle(y, 2)
        y = F.interpolate(y, size=x.shape[2:], mode="bilinear", align_corners=False)
        x = F.relu(self.up(torch.cat([x, y], 1)))
        x = torch.stack([F.interpolate(F.avg_pool2d(x, 2, ceil_mode=True), scale_factor=2),
                         F.interpolate(F.pad(x, (1, 0, 0, 1)), size=(8, 8), mode="bilinear",
                                       align_corners=True)], 1)
        x = F.adaptive_avg_pool2d(x.flatten(1, 2), (3, 3))
        return self.out(x.flatten(1).flip(1))


class Rotary(nn.Module):
    """A Llama's attention: rotated queries and keys, of which several share one; BERT's and T5's:
    masks of numbers, other positions to attend to, rows of a table that are not trained."""

    def __init__(self, vocabulary=32, width=16, heads=4, shared=2):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width, padding_idx=3)
        self.kinds = nn.Embedding(2, width)
        self.distances = nn.Embedding(8, heads)
        self.q = nn.Linear(width, width, bias=False)
        self.k = nn.Linear(width, width // shared, bias=False)
        self.v = nn.Linear(width, width // shared, bias=False)
        self.norm = nn.RMSNorm(width)
        self.o = nn.Linear(width, width)
        self.head = nn.Linear(width, vocabulary, bias=False)
        self.heads, self.shared, self.size = heads, shared, width // heads
        frequencies = 100.0 ** -(torch.arange(0, self.size, 2).float() / self.size)
        self.register_buffer("frequencies", frequencies, persistent=False)

    def rotated(self, x, cos, sin):
        half = torch.cat((-x[..., self.size // 2:], x[..., :self.size // 2]), -1)
        return x * cos + half * sin

    def forward(self, tokens, labels):
        B, T = tokens.shape
        positions = torch.arange(T).unsqueeze(0).expand(B, -1)
        x = self.embed(tokens) + self.kinds(torch.zeros_like(tokens))
        angles = (self.frequencies[None, :, None].expand(B, -1, 1).float()
                  @ positions[:, None, :].float()).transpose(1, 2)
        angles = torch.cat((angles, angles), -1)
        cos, sin = angles.cos().unsqueeze(1).to(x.dtype), angles.sin().unsqueeze(1).to(x.dtype)

        def heads(y):
            return y.view(B, y.shape[1], -1, self.size).transpose(1, 2)
        y = self.norm(x)
        q, k, v = heads(self.q(y)), heads(self.k(y)), heads(self.v(y))
        q, k = self.rotated(q, cos, sin), self.rotated(k, cos, sin)
        seen = positions[:, None, :, None] >= positions[:, None, None, :]
        x = x + self.o(F.scaled_dot_product_attention(q, k, v, attn_mask=seen, enable_gqa=True)
                       .transpose(1, 2).reshape(B, T, -1))
        # A window of two positions, in numbers, and by a table of distances.
        distance = torch.arange(T)[:, None] - torch.arange(T)[None, :]
        banded = torch.where((distance >= 0) & (distance < 2), 0.0,
                             torch.finfo(torch.float32).min).to(x.dtype)
        bias = self.distances(distance.abs().clamp(max=7)).permute(2, 0, 1).unsqueeze(0)
        keys = k.repeat_interleave(self.shared, 1)
        scores = torch.einsum("bhtd,bhsd->bhts", q, keys) + bias
        scores = scores.masked_fill(distance > 5, -1.5) + banded
        x = x + torch.matmul(F.softmax(scores, -1), v.repeat_interleave(self.shared, 1)) \
            .transpose(1, 2).flatten(2)
        few = x[:, ::3]
        y = F.scaled_dot_product_attention(heads(x), heads(few), heads(few),
                                           attn_mask=self.distances.weight[:4, :1].view(1, 4, 1, 1)
                                           .expand(B, 4, T, few.shape[1]))
        x = x + y.transpose(1, 2).flatten(2).tril()
        logits = self.head(x)
        return F.cross_entropy(logits.flatten(0, 1), labels.flatten())


class Gates(nn.Module):
    """Functions that are several of the graph's, and pools of sequences."""

    def __init__(self):
        super().__init__()
        self.both = nn.Linear(12, 16)
        self.slope = nn.PReLU(8)
        self.out = nn.Linear(8, 8)

    def forward(self, x):
        x = self.slope(F.mish(F.glu(self.both(x), -1)).transpose(1, 2))
        x = F.max_pool1d(x, 2, 1) + F.avg_pool1d(x, 3, 1, padding=1)[..., :5]
        x = F.adaptive_max_pool1d(F.pad(x, (0, 1)), 3) + F.adaptive_avg_pool1d(x, 3)
        x = F.softsign(x) + F.logsigmoid(x) + F.tanhshrink(x) + F.celu(x, 0.7)
        p, q = F.log_softmax(x, 2), F.log_softmax(x, 1)
        y = (p.exp() * q).sum(2) + x.logsumexp(2) + torch.log1p(x.abs()).mean(2)
        return self.out(y + torch.expm1(-x.abs()).mean(2))


def some_left_out(labels, ignored=-100, share=0.3):
    return torch.where(torch.rand(labels.shape) < share, ignored, labels)


def classify(shape, count=8):
    return torch.randn(STEPS, *shape), torch.randint(0, count, (STEPS, shape[0]))


NETWORKS = {  # the module, its batches, its loss
    "mlp": lambda: (Mlp(), *classify((8, 12)), F.cross_entropy),
    "cnn": lambda: (Cnn(), *classify((8, 3, 8, 8)), F.nll_loss),
    "resnet": lambda: (ResNet(), *classify((8, 3, 16, 16)),
                       nn.CrossEntropyLoss(label_smoothing=0.1)),
    "patches": lambda: (Patches(), *classify((8, 3, 8, 8)), F.cross_entropy),
    "squeeze": lambda: (Squeeze(), *classify((8, 3, 8, 8)), F.cross_entropy),
    "gated": lambda: (GatedMlp(), *classify((8, 6, 12)), F.cross_entropy),
    "convnext": lambda: (ConvNext(), *classify((8, 3, 8, 8)), F.cross_entropy),
    "nanogpt": lambda: (NanoGpt(), *torch.randint(0, 48, (2, STEPS, 4, 12)), None),
    "windows": lambda: (Windows(), *classify((4, 3, 10, 10)), F.cross_entropy),
    "unet": lambda: (UNet(), *classify((4, 3, 7, 7)), F.cross_entropy),
    "gates": lambda: (Gates(), *classify((8, 6, 12)), F.cross_entropy),
    "rotary": lambda: (Rotary(), *torch.randint(0, 32, (2, STEPS, 4, 8)), None),
    "depth": lambda: (Depth(), *classify((8, 3, 4, 4)), F.cross_entropy),
    "causal": lambda: (Causal(), tokens := torch.randint(0, 48, (STEPS, 4, 12)),
                       some_left_out(tokens), None),
    "alone": lambda: (Alone(), torch.randint(0, 48, (STEPS, 4, 12)), None, None),
    "autoencoder": lambda: (Autoencoder(), torch.randn(STEPS, 4, 3, 8, 8), None, F.mse_loss),
    "auxiliary": lambda: (Auxiliary(), torch.randn(STEPS, 8, 8, 6),
                          some_left_out(torch.randint(0, 4, (STEPS, 8))), None),
    "distances": lambda: (Distances(), torch.randn(STEPS, 8, 12), torch.randn(STEPS, 8, 6), None),
}
RANDOM = {"depth"}  # draws numbers of PyTorch's own: there are none to compare with
LABELS = {"causal": "token_labels"}  # what the program calls them, where not "labels"


def as_fed(inputs):
    """As the program is fed them: images channels-last, rows as images of one pixel or a column."""
    if not inputs.is_floating_point():
        return {"tokens": inputs.numpy().astype(numpy.int32)}
    images = {3: lambda: inputs[:, :, None, None], 4: lambda: inputs[:, :, :, None],
              5: lambda: inputs.permute(0, 1, 3, 4, 2)}[inputs.dim()]()
    """As the program is fed them: images channels-last, rows as images of one pixel, sequences as
    images of one column."""
    if not inputs.is_floating_point():
        return {"tokens": inputs.numpy().astype(numpy.int32)}
    images = (inputs[:, :, None, None] if inputs.dim() == 3 else
              inputs[:, :, :, None] if inputs.dim() == 4 else inputs.permute(0, 1, 3, 4, 2))
    return {"images": images.numpy()}


def labels_as_fed(name, labels):
    if labels is None:
        return {}
    return {LABELS.get(name, "labels"):
            labels.numpy() if labels.is_floating_point() else labels.numpy().astype(numpy.int32)}


def trained(module, inputs, labels, loss):
    """PyTorch's numbers, in double precision."""
    module = copy.deepcopy(module).double().train()
    optimizer = torch.optim.SGD(module.parameters(), **SGD)
    found = {"losses": []}
    for step in range(STEPS):
        given = [batches[step].double() if batches.is_floating_point() else batches[step]
                 for batches in (inputs, labels) if batches is not None]
        value = loss(module(given[0]), given[-1]) if loss else module(*given)
        optimizer.zero_grad()
        value.backward()
        found["losses"].append(value.item())
        if step == 0:
            found |= {f"gradient.{name}": parameter.grad.float().numpy()
                      for name, parameter in module.named_parameters() if parameter.grad is not None}
        optimizer.step()
    found["losses"] = numpy.array(found["losses"])
    names = [*dict(module.named_parameters()), *dict(module.named_buffers())]
    return found | {f"after.{name}": value.float().numpy() for name, value in module.state_dict().items()
                    if name in names and value.is_floating_point()}


def main():
    spec = importlib.util.spec_from_file_location("export_torch", f"{ROOT}/scripts/export-torch.py")
    export_torch = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(export_torch)
    for name in sys.argv[1:] or NETWORKS:
        torch.manual_seed(7)
        module, inputs, labels, loss = NETWORKS[name]()
        exported = export_torch.export(module, inputs[0], labels if labels is None else labels[0],
                                       loss)
        torch.export.save(exported, f"{HERE}/{name}.pt2")
        if name not in RANDOM:
            safetensors.save(f"{HERE}/{name}.safetensors",
                             as_fed(inputs) | labels_as_fed(name, labels)
                             | trained(module, inputs, labels, loss))


if __name__ == "__main__":
    main()
