import re

import numpy as np
import pytest
import torch

from copycar.core.errors import CopycarError
from copycar.learning.policies.bins import bin_centres, expectation, soft_bins
from copycar.learning.policies.network import NETWORKS
from copycar.learning.policies.resized import Resized, parse_size
from copycar.testing.tub import draw_line

NAMES = NETWORKS.names()
USUAL_SIZE = (120, 160)


def made(name, size=USUAL_SIZE, seed=0):
    torch.manual_seed(seed)
    return NETWORKS.get(name)(size)


def frames(n, size=USUAL_SIZE):
    return torch.randint(0, 256, (n, *size, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))


def test_the_four_networks_are_registered():
    assert {"categorical", "copycar", "linear", "pilotnet"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [USUAL_SIZE, (97, 131)])
def test_raw_frames_of_any_size_become_actions(name, size):
    network = made(name, size).eval()
    with torch.inference_mode():
        action = network.action(network(frames(2, size)))
    assert action.shape == (2, 2)
    assert action.dtype == torch.float32
    assert action.abs().max() <= 1


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_gives_what_each_frame_gives_alone(name):
    network, images = made(name).eval(), frames(3)
    with torch.inference_mode():
        together = network.action(network(images))
        alone = torch.cat([network.action(network(image[None])) for image in images])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_actions_stay_within_full_steering_however_wild_the_weights(name):
    network = made(name, (64, 80)) if name not in {"linear", "categorical"} else made(name)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(30)
        action = network.eval().action(network(frames(4, network.pipeline.image_size)))
    assert action.abs().max() <= 1


@pytest.mark.parametrize("name", NAMES)
def test_broken_weights_give_no_number_rather_than_a_harmless_one(name):
    network = made(name).eval()
    with torch.no_grad():
        next(iter(network.parameters())).fill_(float("nan"))
        action = network.action(network(frames(1)))
    assert action.isnan().all()


@pytest.mark.parametrize("name", NAMES)
def test_training_steps_lower_the_loss(name):
    network = made(name)
    labels = torch.linspace(-0.8, 0.8, 8)[:, None].repeat(1, 2)
    images = torch.from_numpy(np.stack([draw_line(float(steering), USUAL_SIZE) for steering in labels[:, 0]]))
    optimiser = torch.optim.AdamW(network.parameters(), 1e-3)

    def loss():
        with torch.no_grad():
            return network.eval().loss(network(images), labels).item()

    before = loss()
    for _ in range(12):
        network.train()
        optimiser.zero_grad()
        network.loss(network(images), labels).backward()
        optimiser.step()
    assert loss() < before


@pytest.mark.parametrize(("name", "count"), [("linear", 817_028), ("categorical", 268_311), ("pilotnet", 252_230)])
def test_a_network_has_as_many_parameters_as_its_origin(name, count):
    assert sum(parameter.numel() for parameter in made(name).parameters()) == count


@pytest.mark.parametrize("name", NAMES)
def test_the_docstring_tells_the_true_count_where_it_tells_one(name):
    told = re.search(r"([\d,]+) parameters", NETWORKS.get(name).__doc__)
    if told:
        assert int(told[1].replace(",", "")) == sum(parameter.numel() for parameter in made(name).parameters())


@pytest.mark.parametrize("name", ["linear", "categorical"])
@pytest.mark.parametrize("size", [(48, 64), (8, 200), (4, 4)])
def test_a_picture_that_is_too_small_is_refused_in_words(name, size):
    with pytest.raises(CopycarError, match=f"{size[1]}x{size[0]}"):
        made(name, size)


def test_a_mistyped_network_gets_the_right_name():
    with pytest.raises(CopycarError, match="did you mean linear"):
        NETWORKS.get("liner")


@pytest.mark.parametrize("value", [-1.0, -0.31, 0.0, 0.08, 1.0])
def test_a_number_comes_back_from_its_bins(value):
    probabilities = soft_bins(torch.tensor([value]), 31)
    assert probabilities.sum().item() == pytest.approx(1.0)
    # at the ends half of the bell is cut off, which pulls the mean inwards by less than half a bin
    assert expectation(probabilities.log()).item() == pytest.approx(value, abs=1 / 30)


def test_bins_reach_from_full_left_to_full_right():
    centres = bin_centres(15, torch.zeros(1))
    assert centres[[0, 7, 14]].tolist() == pytest.approx([-1, 0, 1], abs=1e-6)


def test_a_resized_network_takes_the_raw_frame_and_costs_less() -> None:
    full, small = NETWORKS.get("linear")((120, 160)), Resized((120, 160), NETWORKS.get("linear"), (66, 88))
    frames = torch.zeros(2, 120, 160, 3, dtype=torch.uint8)
    assert small.action(small(frames)).shape == (2, 2)
    assert sum(p.numel() for p in small.parameters()) < sum(p.numel() for p in full.parameters())


def test_a_size_that_is_none_is_refused() -> None:
    with pytest.raises(CopycarError, match="WIDTHxHEIGHT"):
        parse_size("small")
