"""The peer of TrainingStep.cs: the same network and step as one writes them in eager PyTorch."""
import json
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(2)
folder = sys.argv[1]


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(x).reshape(n, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        weights = (q * (d // self.heads) ** -0.5 @ k.transpose(-2, -1)).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(n, t, d))


class Mlp(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.fc2 = nn.Linear(hidden, dim)

    def forward(self, x):
        return self.fc2(functional.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, dim, heads, hidden):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.attn = Attention(dim, heads)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.mlp = Mlp(dim, hidden)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, dim, patch):
        super().__init__()
        self.proj = nn.Conv2d(1, dim, patch, patch)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class ViT(nn.Module):
    def __init__(self, dim=192, depth=6, heads=3, hidden=768, patch=4, size=28, classes=10):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, (size // patch) ** 2 + 1, dim))
        self.patch_embed = PatchEmbed(dim, patch)
        self.blocks = nn.Sequential(*[Block(dim, heads, hidden) for _ in range(depth)])
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.head = nn.Linear(dim, classes)

    def forward(self, x):
        x = self.patch_embed((x / 255 - 0.2860) / 0.3530)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


def read(name, shape, dtype):
    return torch.from_numpy(numpy.fromfile(f"{folder}/{name}", dtype=dtype)).reshape(shape)


network = ViT()
network.load_state_dict({name: read(name, value.shape, numpy.float32) for name, value in network.state_dict().items()})
pixels, labels = read("pixels", (64, 1, 28, 28), numpy.float32), read("labels", (64,), numpy.int64)
named = [(value, value.dim() > 1 and name not in ("cls_token", "pos_embed")) for name, value in network.named_parameters()]
groups = [{"params": [value for value, decays in named if decays]}, {"params": [value for value, decays in named if not decays], "weight_decay": 0}]
optimizer = torch.optim.AdamW(groups, lr=1e-4, weight_decay=0.05)
print(json.dumps({"ready": torch.__version__}), flush=True)

for line in sys.stdin:
    milliseconds, losses = [], []
    for _ in range(int(line)):
        start = time.perf_counter()
        optimizer.zero_grad()
        loss = functional.cross_entropy(network(pixels), labels, label_smoothing=0.1)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        milliseconds.append((time.perf_counter() - start) * 1000)
    print(json.dumps({"milliseconds": milliseconds, "losses": losses}), flush=True)
