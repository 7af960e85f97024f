"""The peer of ArchitectureAgreement.cs: torchvision's residual networks and vision transformers and a plain All-CNN, with our weights."""
import copy
import json
import sys

import numpy
import torch
from torch import nn
from torch.nn import functional
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet
from torchvision.models.vision_transformer import VisionTransformer

torch.set_num_threads(2)

BLOCKS = {18: (BasicBlock, [2, 2, 2, 2]), 34: (BasicBlock, [3, 4, 6, 3]), 50: (Bottleneck, [3, 4, 6, 3])}
TRANSFORMER_NAMES = [
    ("cls_token", "class_token"),
    ("pos_embed", "encoder.pos_embedding"),
    ("patch_embed.proj", "conv_proj"),
    ("attn.qkv.", "self_attention.in_proj_"),
    ("attn.proj", "self_attention.out_proj"),
    ("norm1", "ln_1"),
    ("norm2", "ln_2"),
    ("mlp.fc1", "mlp.0"),
    ("mlp.fc2", "mlp.3"),
    ("blocks.", "encoder.layers.encoder_layer_"),
    ("head", "heads.head"),
]


def read(path):
    """A safetensors file: the header's length, the header, the bytes of the arrays."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    metadata = header.pop("__metadata__")
    types = {"F32": numpy.float32, "I64": numpy.int64}
    return metadata, {
        name: torch.from_numpy(numpy.frombuffer(data[slice(*entry["data_offsets"])], types[entry["dtype"]]).copy()).reshape(entry["shape"])
        for name, entry in header.items()
    }


def residual_network(sizes):
    block, counts = BLOCKS[sizes["Depth"]]
    network = ResNet(block, counts, num_classes=sizes["ClassCount"])
    if sizes["Stem"] == "Small":
        width = network.inplanes = sizes["Width"]
        network.conv1 = nn.Conv2d(sizes["Channels"], width, 3, 1, 1, bias=False)
        network.bn1 = nn.BatchNorm2d(width)
        network.maxpool = nn.Identity()
        for stage, count in enumerate(counts):
            setattr(network, f"layer{stage + 1}", network._make_layer(block, width << stage, count, stride=2 if stage else 1))
        network.fc = nn.Linear((width << 3) * block.expansion, sizes["ClassCount"])
    return network, lambda name: name


def transformer(sizes):
    network = VisionTransformer(sizes["ImageSize"], sizes["PatchSize"], sizes["Depth"], sizes["Heads"], sizes["Dimension"], sizes["MlpDimension"],
                                num_classes=sizes["ClassCount"])
    network.conv_proj = nn.Conv2d(sizes["Channels"], sizes["Dimension"], sizes["PatchSize"], sizes["PatchSize"])

    def theirs(name):
        if name.startswith("norm."):
            return name.replace("norm.", "encoder.ln.")
        for ours, other in TRANSFORMER_NAMES:
            name = name.replace(ours, other)
        return name

    return network, theirs


class AllCnn(nn.Module):
    """Information Dropout without its noise, but with its price."""

    def __init__(self, sizes):
        super().__init__()
        self.dropout = sizes["Dropout"]
        self.act = functional.softplus if self.dropout["Prior"] == 1 else functional.relu
        widths = [width * sizes["FilterPercentage"] // 100 for width in sizes["Widths"]]
        self.blocks = nn.ModuleList()
        for inputs, width in zip([sizes["Channels"], *widths], widths):
            block = nn.Module()
            block.conv1, block.conv2, block.pool = self.layer(inputs, width, 3), self.layer(width, width, 3), self.layer(width, width, 3, 2)
            block.dropout = nn.Module()
            block.dropout.alpha = nn.Conv2d(width, width, 3, 2, 1)
            if self.dropout["Prior"] == 1:
                block.dropout.prior_mean, block.dropout.prior_log_deviation = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))
            self.blocks.append(block)
        self.conv1, self.conv2 = self.layer(widths[-1], widths[-1], 3), self.layer(widths[-1], widths[-1], 1)
        self.conv3 = self.layer(widths[-1], sizes["ClassCount"], 1)
        self.head = nn.Linear(sizes["ClassCount"], sizes["ClassCount"])

    @staticmethod
    def layer(inputs, outputs, kernel, stride=1):
        layer = nn.Sequential()
        layer.add_module("conv", nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False))
        layer.add_module("norm", nn.BatchNorm2d(outputs, momentum=1.0))
        return layer

    def nats(self, dropout, maps, features):
        alpha = 0.001 + self.dropout["MaxAlpha"] * torch.sigmoid(dropout.alpha(maps))
        if self.dropout["Prior"] == 0:
            units = -torch.log(alpha / (self.dropout["MaxAlpha"] + 0.001))
        else:
            prior = torch.distributions.Normal(dropout.prior_mean, dropout.prior_log_deviation.exp())
            units = torch.distributions.kl_divergence(torch.distributions.Normal(features.clamp(min=1e-4).log(), alpha), prior)
        return units.flatten(1).sum(1).mean()

    def forward(self, maps):
        self.information = 0
        for block in self.blocks:
            maps = self.act(block.conv2(self.act(block.conv1(maps))))
            features = self.act(block.pool(maps))
            self.information = self.information + self.nats(block.dropout, maps, features)
            maps = features
        return self.head(self.conv3(self.act(self.conv2(self.act(self.conv1(maps))))).mean((2, 3)))

    def price(self, training_rows):
        return self.dropout["Beta"] / training_rows * self.information


def all_cnn(sizes):
    return AllCnn(sizes), lambda name: name


def group(arrays, prefix, theirs):
    return {theirs(name[len(prefix):]): array for name, array in arrays.items() if name.startswith(prefix)}


def largest(ours, peers):
    if ours.keys() != peers.keys():
        raise ValueError(f"different arrays: {sorted(ours.keys() ^ peers.keys())}")
    return max((abs(ours[name].double() - peers[name].double()).max().item() for name in ours), default=0.0)


def compare(path):
    metadata, arrays = read(path)
    sizes = json.loads(metadata["configuration"])
    network, theirs = {"noisy-resnet": residual_network, "noisy-vit": transformer, "all-cnn": all_cnn}[metadata["architecture"]](sizes)
    network.load_state_dict(group(arrays, "weights.", theirs))
    # One product and one sum, as ours: the gradients of a deep residual network at random weights magnify a difference in the last bit a million times.
    mean, deviation = (torch.tensor(sizes[key], dtype=torch.float64).reshape(1, -1, 1, 1) for key in ("Mean", "StandardDeviation"))
    images = arrays["pixels"] * (1 / (255 * deviation)).float() + (-mean / deviation).float()

    start = copy.deepcopy(network.state_dict())
    values = run(network, images, arrays["labels"], int(metadata["trainingRows"]))
    sizes_seen = [values["evaluation"][""].std(0).max().item(), values["logits"][""].std(0).max().item(), max(array.abs().max().item() for array in values["gradients"].values())]
    if min(sizes_seen) < 1e-2:
        raise ValueError(f"hardly anything differs between images: an agreement would show nothing ({sizes_seen})")
    # A deep residual network at random weights magnifies a difference in the last bit a million times: what it does to this side itself.
    network.load_state_dict(start)
    shaken = run(network, images * (1 + 1e-7), arrays["labels"], int(metadata["trainingRows"]))
    ours = {
        "evaluation": {"": arrays["evaluation"]},
        "logits": {"": arrays["logits"]},
        "gradients": group(arrays, "gradients.", theirs),
        "buffers": group(arrays, "buffers.", theirs),
    }
    return {name: largest(ours[name], values[name]) for name in values} | {f"{name}-own": largest(shaken[name], values[name]) for name in values}


def run(network, images, labels, training_rows):
    network.zero_grad()
    network.eval()
    with torch.no_grad():
        evaluation = network(images)
    network.train()
    logits = network(images)
    loss = functional.cross_entropy(logits, labels)
    if hasattr(network, "price"):
        loss = loss + network.price(training_rows)
    loss.backward()
    return {
        "evaluation": {"": evaluation},
        "logits": {"": logits.detach()},
        "gradients": {name: parameter.grad.clone() for name, parameter in network.named_parameters()},
        "buffers": {name: buffer.clone() for name, buffer in network.named_buffers()},
    }


print(json.dumps({"ready": torch.__version__}), flush=True)
for line in sys.stdin:
    print(json.dumps(compare(line.strip())), flush=True)
