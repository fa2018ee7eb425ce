"""ResNet-18 with two outputs: the large one, for those with a GPU or with weights from elsewhere."""

from pathlib import Path

import torch
from torch import Tensor, nn

from copycar.core.errors import CopycarError
from copycar.learning.pipeline import Normalise, Resize
from copycar.learning.policies.network import Count, DrivingNetwork, Given, Inputs
from copycar.learning.weights import load_state

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet, RGB, of 0 … 1


class ResNet18(DrivingNetwork):
    """Eight residual blocks of two 3x3 convolutions each, global mean, two numbers.

    Origin: He et al. 2015, "Deep Residual Learning for Image Recognition", table 1; the layers are named as in
    torchvision, so that its weights file fits. donkeycar trains only the last layer of it and cannot drive it. Frame
    resized to 112x112 (option `size`; 224 as in the paper costs four times as much), ImageNet's mean and deviation;
    512 → 2; 11,177,538 parameters.

    Args:
        given: what it is built for.
        size: pixels of the square that the frame is scaled to.
        weights: a torchvision `resnet18-….pth` to start from; random without it.
    """

    def __init__(self, given: Given, size: Count = 112, weights: Path | None = None) -> None:
        super().__init__(given, [Resize(height=size, width=size), Normalise()])
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1), persistent=False)
        self.conv1 = nn.Conv2d(3, 64, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        self.layer1, self.layer2 = _stage(64, 64, 1), _stage(64, 128, 2)
        self.layer3, self.layer4 = _stage(128, 256, 2), _stage(256, 512, 2)
        self.fc = nn.Linear(512, 2)
        _initialise(self)
        if weights is not None:
            _load(self, weights)

    def forward(self, inputs: Inputs) -> Tensor:
        """Return (B, 2)."""
        x = (self.pipeline(inputs["image"]) - self.mean) / self.std
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))  # type: ignore[no-any-return]


class Block(nn.Module):
    """Two convolutions and a way around them.

    Args:
        inputs: channels.
        outputs: channels.
        stride: of the first convolution.
    """

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        is_same = inputs == outputs and stride == 1
        shortcut = (nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        self.downsample = nn.Identity() if is_same else nn.Sequential(*shortcut)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, outputs, h / stride, w / stride)."""
        inner = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(inner + self.downsample(x))


def _stage(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(Block(inputs, outputs, stride), Block(outputs, outputs, 1))


def _initialise(network: nn.Module) -> None:
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
        if isinstance(layer, Block):
            nn.init.zeros_(layer.bn2.weight)  # every block begins as the identity (Goyal et al. 2017, section 5.1)


def _load(network: nn.Module, weights: Path) -> None:
    state = {name: value for name, value in load_state(weights).items() if not name.startswith("fc.")}
    missing, unexpected = network.load_state_dict(state, strict=False)
    if unexpected or set(missing) - {"fc.weight", "fc.bias"}:
        raise CopycarError(
            f"{weights} does not hold a ResNet-18", f"it lacks {missing[:2]} and has {unexpected[:2]} besides"
        )
