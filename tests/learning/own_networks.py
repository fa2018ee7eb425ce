"""Networks as other people write them, knowing nothing of copycar; imported by their path."""

import torch
from torch import nn


class Two(nn.Module):
    """Steering and throttle from a picture of any size."""

    def __init__(self):
        super().__init__()
        self.look = nn.Sequential(nn.Conv2d(3, 4, 5, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.AdaptiveAvgPool2d(4))
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(64, 2))

    def forward(self, pictures):
        return self.head(self.look(pictures))


class AsDonkeycar(Two):
    """Two tensors of one number each."""

    def forward(self, pictures):
        return list(super().forward(pictures).split(1, dim=1))


class Last(Two):
    """Takes height x width x channels."""

    def forward(self, pictures):
        return super().forward(pictures.permute(0, 3, 1, 2))


class OfOneSize(nn.Module):
    """Takes 24x32 and nothing else, and does not say so."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(3, 4, 5, 3), nn.Flatten(), nn.Linear(280, 2))

    def forward(self, pictures):
        return self.layers(pictures)


class Declared(OfOneSize):
    """Says it."""

    image_size = (24, 32)


class Wants(nn.Module):
    """Needs an argument."""

    def __init__(self, width):
        super().__init__()
        self.width = width


def answers(n, *more, channels=3):
    return nn.Sequential(nn.Conv2d(channels, 4, 5, 3), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(64, n), *more)


def steering():
    return answers(1)


def grey():
    return answers(2, channels=1)


def twelve():
    return answers(12)


def twelve_probabilities():
    return answers(12, nn.Softmax(dim=1))


def three():
    return answers(3)


def seven():
    return answers(7)


def flat():
    """Takes pictures in any order."""
    return nn.Sequential(nn.Flatten(), nn.LazyLinear(2))


def a_dict():
    class Dict(Two):
        def forward(self, pictures):
            return {"steering": super().forward(pictures)}

    return Dict()


def number():
    return torch.ones(1)


text = "no network"
