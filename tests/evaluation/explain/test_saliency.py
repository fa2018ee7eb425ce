"""Saliency lies where a network looks, for every network and every way to find it."""

import pytest
import torch
from torch import nn

from copycar.core.errors import CopycarError
from copycar.evaluation.explain.saliency import METHODS, in_camera_pixels, saliency
from copycar.learning.cost import build_example
from copycar.learning.operations.region import Crop
from copycar.learning.pipeline import Normalise, Pipeline, Resize, read_steps
from copycar.learning.policies.network import NETWORKS, DrivingNetwork, Given
from copycar.learning.rate import example_batch

CPU = torch.device("cpu")


class LooksLeft(DrivingNetwork):
    """Steers by the brightness of the left half of the picture."""

    def __init__(self, given):
        super().__init__(given, [Normalise()])
        self.convolution = nn.Conv2d(3, 2, 3, padding=1)
        nn.init.constant_(self.convolution.weight, 0.1)
        nn.init.zeros_(self.convolution.bias)

    def forward(self, inputs):
        maps = torch.relu(self.convolution(self.pipeline(inputs["image"])))
        left = torch.zeros_like(maps)
        left[..., : maps.shape[-1] // 2] = 1.0
        brightness = (maps * left).mean(dim=(1, 2, 3))
        return torch.stack([brightness, brightness], dim=1)


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_every_network_can_be_looked_into(name):
    torch.manual_seed(0)
    network = build_example(name, (97, 131)).eval()
    for parameter in network.parameters():
        parameter.data.add_(0.03 * torch.randn_like(parameter))  # fresh heads, and ends of blocks, are nearly zero
    inputs = example_batch(network, 2, CPU).inputs
    for method in METHODS:
        mask = saliency(network, inputs, method)
        assert mask.shape == (2, 97, 131)
        assert float(mask.min()) >= 0
        assert float(mask.max()) <= 1
        assert float(mask.flatten(1).max(dim=1).values.min()) > 0.5, method


@pytest.mark.parametrize("method", ["integrated", "gradcam"])
def test_gradients_show_the_part_that_decides(method):
    network = LooksLeft(Given((32, 64))).eval()
    image = torch.full((1, 32, 64, 3), 30, dtype=torch.uint8)
    image[:, 10:20, 10:20] = 250
    image[:, 10:20, 44:54] = 250
    mask = saliency(network, {"image": image}, method)[0]
    assert mask[12:18, 12:18].mean() > 0.8
    if method == "integrated":  # Grad-CAM weighs whole channels
        assert mask[:, 34:].max() < 0.01


def test_what_convolutions_respond_to_glows():
    network = LooksLeft(Given((32, 64))).eval()
    image = torch.zeros((1, 32, 64, 3), dtype=torch.uint8)
    image[:, 10:20, 10:20] = 250
    mask = saliency(network, {"image": image}, "visualbackprop")[0]
    assert mask[12:18, 12:18].min() > 0.8
    assert mask[:, 30:].max() < 0.01


def test_what_is_cut_off_gets_nothing_and_the_rest_its_place():
    pipeline = Pipeline((40, 60), [Crop(op="crop", top=20), Resize(height=10, width=30), Normalise()])
    mask = torch.zeros(1, 10, 30)
    mask[:, 5:, 15:] = 1.0
    found = in_camera_pixels(pipeline, mask)[0]
    assert found.shape == (40, 60)
    assert found[:20].max() == 0
    assert found[32:, 32:].min() > 0.95
    assert found[20:28, :28].max() < 0.05


@pytest.mark.parametrize(
    "operation", [{"op": "canny"}, {"op": "colour", "convert": "rgb_to_hsv"}, {"op": "blur"}, {"op": "grey"}]
)
def test_operations_that_move_nothing_leave_it_where_it_is(operation):
    steps = read_steps([operation])
    mask = torch.zeros(1, 40, 60)
    mask[:, 10:30, 10:30] = 1.0
    found = in_camera_pixels(Pipeline((40, 60), steps), mask)
    assert found[:, 15:25, 15:25].min() > 0.9
    assert found[:, :, 45:].max() < 0.1


def test_a_network_without_convolutions_says_what_is_left():
    class Flat(DrivingNetwork):
        def __init__(self, given):
            super().__init__(given, [Normalise()])
            self.head = nn.Linear(32 * 64 * 3, 2)

        def forward(self, inputs):
            return self.head(self.pipeline(inputs["image"]).flatten(1))

    network = Flat(Given((32, 64))).eval()
    inputs = {"image": torch.randint(256, (2, 32, 64, 3), dtype=torch.uint8)}
    with pytest.raises(CopycarError, match="no convolutions"):
        saliency(network, inputs, "visualbackprop")
    assert saliency(network, inputs, "integrated").max() == 1
