"""The zoo: networks that people train, each as a function that makes what export-torch.py takes
(module, inputs, labels, and the loss where it is not the cross entropy of the module's result).

They are small, for a laptop: few classes, small images, narrow where that keeps the architecture.
What a network computes and in which order, its kinds of layers and its depth's pattern are the
original's. The batch divides by 1, 2, 3 and 4 ranks.
"""
import functools

import torch
import torch.nn as nn
import torch.nn.functional as F

BATCH, CLASSES = 12, 10
VOCABULARY, TOKENS = 256, 16

NETWORKS = {}


def network(name):
    """Enters a function under its name, `family/name`."""
    def enter(make):
        NETWORKS[name] = make
        return make
    return enter


def images(size):
    return torch.randn(BATCH, 3, size, size), torch.randint(0, CLASSES, (BATCH,))


def tokens():
    """Of padding, ends and beginnings, which models know by small numbers, there is none."""
    return tuple(torch.randint(3, VOCABULARY, (2, BATCH, TOKENS)))


# torchvision

def vision(name, size=64, **options):
    """As torchvision builds it."""
    @network(f"torchvision/{name}")
    def make():
        import torchvision.models
        return torchvision.models.get_model(name, weights=None, num_classes=CLASSES, **options), *images(size)


for name in ["resnet18", "resnet50", "resnext50_32x4d", "mobilenet_v2", "mobilenet_v3_small",
             "mobilenet_v3_large", "efficientnet_b0", "efficientnet_v2_s", "regnet_y_400mf",
             "shufflenet_v2_x1_0", "mnasnet1_0", "squeezenet1_1"]:
    vision(name)


@network("torchvision/densenet121")
def densenet():
    """A quarter of its channels."""
    from torchvision.models import DenseNet
    return DenseNet(growth_rate=8, block_config=(6, 12, 24, 16), num_init_features=16,
                    num_classes=CLASSES), *images(64)


@network("torchvision/vgg16_bn")
def vgg():
    """An eighth of its channels."""
    from torchvision.models import vgg
    layers = [channels if channels == "M" else channels // 8 for channels in vgg.cfgs["D"]]
    model = vgg.VGG(vgg.make_layers(layers, batch_norm=True), num_classes=CLASSES)
    model.classifier[0] = nn.Linear(64 * 7 * 7, 64)
    model.classifier[3] = nn.Linear(64, 64)
    model.classifier[6] = nn.Linear(64, CLASSES)
    return model, *images(224)


@network("torchvision/alexnet")
def alexnet():
    """With a narrow classifier."""
    from torchvision.models import alexnet
    model = alexnet(num_classes=CLASSES)
    model.classifier[1] = nn.Linear(256 * 6 * 6, 128)
    model.classifier[4] = nn.Linear(128, 128)
    model.classifier[6] = nn.Linear(128, CLASSES)
    return model, *images(224)


@network("torchvision/inception_v3")
def inception():
    """An eighth of its channels; two heads, whose losses are added."""
    from torchvision.models import inception as parts

    class Thin(parts.BasicConv2d):
        def __init__(self, inputs, outputs, **options):
            super().__init__(inputs if inputs == 3 else inputs // 8, outputs // 8, **options)

    blocks = [parts.InceptionA, parts.InceptionB, parts.InceptionC, parts.InceptionD,
              parts.InceptionE, parts.InceptionAux]
    model = parts.Inception3(
        num_classes=CLASSES, init_weights=False,
        inception_blocks=[Thin, *(functools.partial(block, conv_block=Thin) for block in blocks)])
    model.fc = nn.Linear(2048 // 8, CLASSES)
    model.AuxLogits.fc = nn.Linear(768 // 8, CLASSES)

    def loss(output, labels):
        return F.cross_entropy(output.logits, labels) + 0.4 * F.cross_entropy(output.aux_logits, labels)
    return model, *images(299), loss


@network("torchvision/convnext_tiny")
def convnext():
    """A quarter of its channels, fewer blocks."""
    from torchvision.models.convnext import CNBlockConfig, ConvNeXt
    blocks = [CNBlockConfig(24, 48, 1), CNBlockConfig(48, 96, 1), CNBlockConfig(96, 192, 3),
              CNBlockConfig(192, None, 1)]
    return ConvNeXt(blocks, stochastic_depth_prob=0.1, num_classes=CLASSES), *images(64)


@network("torchvision/vit_b_16")
def vit():
    from torchvision.models import VisionTransformer
    return VisionTransformer(image_size=64, patch_size=16, num_layers=4, num_heads=4, hidden_dim=64,
                             mlp_dim=256, num_classes=CLASSES), *images(64)


def swin(name, block, merging):
    @network(f"torchvision/{name}")
    def make():
        """Windows of 4 of 32 x 32 patches: as 7 of 56 x 56, they need no padding."""
        from torchvision.models import swin_transformer as parts
        return parts.SwinTransformer(
            patch_size=[4, 4], embed_dim=24, depths=[2, 2, 2, 2], num_heads=[1, 2, 4, 8],
            window_size=[4, 4], stochastic_depth_prob=0.2, num_classes=CLASSES,
            block=getattr(parts, block), downsample_layer=getattr(parts, merging)), *images(128)


swin("swin_t", "SwinTransformerBlock", "PatchMerging")
swin("swin_v2_t", "SwinTransformerBlockV2", "PatchMergingV2")


@network("torchvision/maxvit_t")
def maxvit():
    from torchvision.models import MaxVit
    return MaxVit(input_size=(64, 64), stem_channels=16, partition_size=2,
                  block_channels=[16, 32, 64, 128], block_layers=[1, 1, 2, 1], head_dim=16,
                  stochastic_depth_prob=0.2, num_classes=CLASSES), *images(64)


# timm

def timm_model(name, size=64, **options):
    @network(f"timm/{name}")
    def make():
        import timm
        return timm.create_model(name, pretrained=False, num_classes=CLASSES, **options), *images(size)


timm_model("vit_tiny_patch16_224", img_size=64, depth=4)
timm_model("deit_tiny_patch16_224", img_size=64, depth=4)
timm_model("convnextv2_atto")
timm_model("efficientformer_l1", 224, embed_dims=(16, 32, 48, 64), depths=(1, 1, 2, 2))



MIXER = dict(img_size=64, patch_size=16, num_blocks=4, embed_dim=96, num_classes=CLASSES)


@network("timm/mixer_b16_224")
def mixer():
    from timm.models.mlp_mixer import MlpMixer
    return MlpMixer(**MIXER), *images(64)


@network("timm/resmlp_12_224")
def resmlp():
    from timm.models import mlp_mixer as parts
    return parts.MlpMixer(mlp_ratio=4, block_layer=parts.ResBlock, norm_layer=parts.Affine,
                          **MIXER), *images(64)


# Hugging Face's transformers

def transformer(name, kind, head, attention=None, own_loss=True, **config):
    """`kind`'s configuration and its model with a head. The loss is the model's own, or where
    `own_loss` is false that of export-torch.py, which shifts nothing."""
    @network(f"transformers/{name}")
    def make():
        import transformers
        options = getattr(transformers, f"{kind}Config")(vocab_size=VOCABULARY, **config)
        model = getattr(transformers, f"{kind}{head}")(options)
        if attention:
            model.set_attn_implementation(attention)
        return model, *tokens(), *([None] if own_loss else [])


GPT2 = dict(n_positions=64, n_embd=64, n_layer=2, n_head=4)
HIDDEN = dict(hidden_size=64, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=64)
GATED = HIDDEN | dict(intermediate_size=128, num_key_value_heads=2)
CAUSAL = "ForCausalLM"

transformer("gpt2", "GPT2", "LMHeadModel", **GPT2)
transformer("gpt2-eager", "GPT2", "LMHeadModel", "eager", **GPT2)
transformer("gpt2-other-loss", "GPT2", "LMHeadModel", own_loss=False, **GPT2)
transformer("llama", "Llama", CAUSAL, **GATED)
transformer("llama-eager", "Llama", CAUSAL, "eager", **GATED)
transformer("llama-other-loss", "Llama", CAUSAL, own_loss=False, **GATED)
transformer("qwen2", "Qwen2", CAUSAL, **GATED)
transformer("qwen3", "Qwen3", CAUSAL, head_dim=16, **GATED)
transformer("mistral", "Mistral", CAUSAL, sliding_window=8, **GATED)
transformer("gemma2", "Gemma2", CAUSAL, head_dim=16, sliding_window=8, **GATED)
transformer("gemma2-eager", "Gemma2", CAUSAL, "eager", head_dim=16, sliding_window=8, **GATED)
transformer("phi3", "Phi3", CAUSAL, pad_token_id=0, **GATED)
transformer("mixtral", "Mixtral", CAUSAL, num_local_experts=4, **GATED)
transformer("gpt_neox", "GPTNeoX", CAUSAL, intermediate_size=128, **HIDDEN)
transformer("opt", "OPT", CAUSAL, ffn_dim=128, word_embed_proj_dim=64, **HIDDEN)
transformer("bert-mlm", "Bert", "ForMaskedLM", intermediate_size=128, **HIDDEN)
transformer("distilbert-mlm", "DistilBert", "ForMaskedLM", dim=64, n_layers=2, n_heads=4,
            hidden_dim=128, max_position_embeddings=64)
transformer("t5", "T5", "ForConditionalGeneration", d_model=64, d_kv=16, d_ff=128, num_layers=2,
            num_heads=4, decoder_start_token_id=0)


@network("transformers/gemma3")
def gemma3():
    """Its configuration has a name of its own."""
    import transformers
    options = transformers.Gemma3TextConfig(vocab_size=VOCABULARY, head_dim=16, sliding_window=8, **GATED)
    return transformers.Gemma3ForCausalLM(options), *tokens(), None


# As people write them themselves

class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(30, 20)
        self.out = nn.Linear(20, CLASSES)

    def forward(self, x):
        return self.out(F.relu(self.hidden(x)))


@network("own/mlp")
def mlp():
    return Mlp(), torch.randn(BATCH, 30), torch.randint(0, CLASSES, (BATCH,))


class NanoBlock(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.ln_2 = nn.LayerNorm(width)
        self.attn = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.fc = nn.Linear(width, 4 * width)
        self.fc_proj = nn.Linear(4 * width, width)
        self.drop = nn.Dropout(dropout)
        self.heads = heads

    def forward(self, x):
        batch, length, width = x.size()
        q, k, v = (part.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
                   for part in self.attn(self.ln_1(x)).split(width, dim=2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True,
                                           dropout_p=self.drop.p if self.training else 0)
        x = x + self.drop(self.proj(y.transpose(1, 2).contiguous().view(batch, length, width)))
        return x + self.drop(self.fc_proj(F.gelu(self.fc(self.ln_2(x)))))


class NanoGpt(nn.Module):
    def __init__(self, width=64, heads=4, layers=2, positions=64, dropout=0.1):
        super().__init__()
        self.wte = nn.Embedding(VOCABULARY, width)
        self.wpe = nn.Embedding(positions, width)
        self.h = nn.ModuleList(NanoBlock(width, heads, dropout) for _ in range(layers))
        self.ln_f = nn.LayerNorm(width)
        self.lm_head = nn.Linear(width, VOCABULARY, bias=False)
        self.lm_head.weight = self.wte.weight
        nn.init.normal_(self.wte.weight, std=0.02)

    def forward(self, tokens, labels):
        positions = torch.arange(0, tokens.size(1), dtype=torch.long, device=tokens.device)
        x = self.wte(tokens) + self.wpe(positions)
        for block in self.h:
            x = block(x)
        logits = self.lm_head(self.ln_f(x))
        return F.cross_entropy(logits.view(-1, logits.size(-1)), labels.view(-1), ignore_index=-1)


@network("own/nanogpt")
def nanogpt():
    return NanoGpt(), *tokens(), None


def convolutions(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs),
                         nn.ReLU(inplace=True),
                         nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs),
                         nn.ReLU(inplace=True))


class UNet(nn.Module):
    """A class for each pixel."""

    def __init__(self, width=8):
        super().__init__()
        self.down1 = convolutions(3, width)
        self.down2 = convolutions(width, 2 * width)
        self.middle = convolutions(2 * width, 4 * width)
        self.up2 = nn.ConvTranspose2d(4 * width, 2 * width, 2, stride=2)
        self.conv2 = convolutions(4 * width, 2 * width)
        self.up1 = nn.ConvTranspose2d(2 * width, width, 2, stride=2)
        self.conv1 = convolutions(2 * width, width)
        self.out = nn.Conv2d(width, CLASSES, 1)

    def forward(self, x):
        one = self.down1(x)
        two = self.down2(F.max_pool2d(one, 2))
        x = self.up2(self.middle(F.max_pool2d(two, 2)))
        x = self.up1(self.conv2(torch.cat([x, two], dim=1)))
        return self.out(self.conv1(torch.cat([x, one], dim=1)))


@network("own/unet")
def unet():
    def loss(scores, labels):
        return F.cross_entropy(scores.permute(0, 2, 3, 1).flatten(0, 2), labels.flatten())
    return UNet(), torch.randn(BATCH, 3, 16, 16), torch.randint(0, CLASSES, (BATCH, 16 * 16)), loss


class Autoencoder(nn.Module):
    """Its loss wants no labels."""

    def __init__(self, width=8):
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(3, width, 3, 2, 1), nn.ReLU(),
                                     nn.Conv2d(width, 2 * width, 3, 2, 1), nn.ReLU())
        self.decoder = nn.Sequential(nn.ConvTranspose2d(2 * width, width, 4, 2, 1), nn.ReLU(),
                                     nn.ConvTranspose2d(width, 3, 4, 2, 1), nn.Sigmoid())

    def forward(self, images):
        return F.mse_loss(self.decoder(self.encoder(images)), images)


@network("own/autoencoder")
def autoencoder():
    return Autoencoder(), torch.rand(BATCH, 3, 16, 16), None, None
