import re

import numpy as np
import pytest
import torch
from example_networks import USUAL_SIZE, act, frames, inputs_for, labels_for, made

from copycar.core.errors import CopycarError
from copycar.learning.batches import ACTION, IMAGE
from copycar.learning.pipeline import Resize
from copycar.learning.policies.bins import bin_centres, expectation, soft_bins
from copycar.learning.policies.network import NETWORKS, Given, network_options
from copycar.learning.size import parse_size
from copycar.testing.tub import draw_line

NAMES = NETWORKS.names()
REMEMBERING = [name for name in NAMES if made(name).states()]
COUNTS = {
    "behavior": 829_263,
    "categorical": 268_311,
    "conv3d": 950_274 - 4 * 256,  # Keras counts the statistics of two batch norms, 256 wide, among them
    "imu": 820_796,
    "inferred": 816_977 + 2,  # and the two numbers of the throttle curve
    "linear": 817_028,
    "localizer": 817_538,
    "memory": 817_266,
    "pilotnet": 252_219 + 11,  # a second output
    "pilotnet-1164": 1_595_555,
    "rnn": 441_924 + 2 * 4 * 128,  # torch has two bias vectors per LSTM layer
}
"""Parameters of the networks that others made, as their origin counts them."""


def test_every_network_of_the_plan_is_registered():
    assert set(NAMES) >= {*COUNTS, "commands", "copycar", "resnet18"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [USUAL_SIZE, (97, 131)])
def test_raw_frames_of_any_size_become_actions(name, size):
    network = made(name, size).eval()
    with torch.inference_mode():
        action = act(network, frames(2, size))
    assert action.shape == (2, 2)
    assert action.dtype == torch.float32
    assert action.abs().max() <= 1


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_gives_what_each_frame_gives_alone(name):
    network, images = made(name).eval(), frames(3)
    with torch.inference_mode():
        inputs = inputs_for(network, images)
        together = network.action(network(inputs))
        each = ({name: value[i : i + 1] for name, value in inputs.items()} for i in range(len(images)))
        alone = torch.cat([network.action(network(one)) for one in each])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_actions_stay_within_full_steering_however_wild_the_weights(name):
    network = made(name)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(30)
        action = act(network.eval(), frames(4))
    assert action.abs().max() <= 1


@pytest.mark.parametrize("name", NAMES)
def test_broken_weights_give_no_number_rather_than_a_harmless_one(name):
    network = made(name).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.fill_(float("nan"))
        action = act(network, frames(1))
    assert action.isnan().all()


@pytest.mark.parametrize("name", NAMES)
def test_training_steps_lower_the_loss(name):
    network = made(name)
    actions = torch.linspace(-0.8, 0.8, 8)[:, None].repeat(1, 2)
    images = torch.from_numpy(np.stack([draw_line(float(steering), USUAL_SIZE) for steering in actions[:, 0]]))
    inputs, labels = inputs_for(network, images), labels_for(network, actions)
    optimiser = torch.optim.AdamW(network.parameters(), 1e-3)

    def loss():
        with torch.no_grad():
            return network.eval().loss(network(inputs), labels).item()

    before = loss()
    for _ in range(40 if name == "resnet18" else 12):  # the statistics of its batch norms follow slowly
        network.train()
        optimiser.zero_grad()
        network.loss(network(inputs), labels).backward()
        optimiser.step()
    assert loss() < before


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
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


@pytest.mark.parametrize("name", REMEMBERING)
def test_step_by_step_it_answers_as_with_everything_at_once(name):
    network = made(name).eval()
    images = frames(network.reads.n_frames)
    states = network.states()
    with torch.inference_mode():
        for image in images:
            outputs, states = network.step({IMAGE: image[None]}, states)
        at_once = network({IMAGE: images[None]} if len(images) > 1 else {IMAGE: images, **network.states()})
    torch.testing.assert_close(network.action(outputs), network.action(at_once))


def test_before_it_has_seen_enough_the_oldest_picture_stands_for_those_before():
    network = made("rnn").eval()
    first, second = frames(2)
    states = network.states()
    with torch.inference_mode():
        _, states = network.step({IMAGE: first[None]}, states)
        outputs, _ = network.step({IMAGE: second[None]}, states)
        expected = network({IMAGE: torch.stack([first, first, second])[None]})
    torch.testing.assert_close(outputs, expected)


def test_a_memory_holds_the_last_actions_oldest_first():
    network = made("memory").eval()
    states = network.states()
    with torch.inference_mode():
        said = []
        for image in frames(4):
            outputs, states = network.step({IMAGE: image[None]}, states)
            said.append(network.action(outputs))
    torch.testing.assert_close(states["memory"], torch.cat(said[-3:], dim=1))


def test_the_throttle_is_inferred_alike_for_left_and_right():
    network = made("inferred")
    left, right, straight = network.action(torch.tensor([[-0.7], [0.7], [0.0]])).tolist()
    assert left[1] == right[1] < straight[1]


def test_a_command_is_driven_as_it_is_meant():
    network = made("commands")
    names = network.reads.labels["command"].names
    logits = torch.zeros(1, len(names))
    logits[0, names.index("left_medium_forward")] = 5.0
    assert network.action(logits)[0].tolist() == pytest.approx([-0.66, 0.5])
    assert network.more(logits)["command"].sum().item() == pytest.approx(1.0)


def test_the_pad_presses_a_and_b_for_throttle():
    network = made("pilotnet-1164")
    action = network.action(torch.tensor([[0.3, -0.5, 0.9, 0.2, 1.0]]))
    assert action[0].tolist() == pytest.approx([0.3, 0.7])


def test_the_localizer_learns_both_action_and_place():
    network = made("localizer")
    labels = {ACTION: torch.zeros(2, 2), "location": torch.tensor([3, 3])}
    right = (torch.zeros(2, 2), torch.eye(10)[[3, 3]] * 20)
    wrong = (torch.zeros(2, 2), torch.eye(10)[[4, 4]] * 20)
    assert network.loss(right, labels) < network.loss(wrong, labels)


def test_weights_from_elsewhere_are_taken_over(tmp_path):
    torch.save(made("resnet18", seed=1).state_dict(), tmp_path / "weights.pth")
    taken = made("resnet18", seed=2, weights=tmp_path / "weights.pth")
    assert torch.equal(taken.conv1.weight, made("resnet18", seed=1).conv1.weight)
    torch.save(made("linear").state_dict(), tmp_path / "other.pth")
    with pytest.raises(CopycarError, match="does not hold a ResNet-18"):
        made("resnet18", weights=tmp_path / "other.pth")


def test_options_are_checked_all_at_once():
    kind = NETWORKS.get("memory")
    assert network_options(kind, {"length": "5"}, "memory") == {"length": 5, "depth": 0, "dropout": 0.2}
    with pytest.raises(CopycarError, match=r"network memory: 2 fault") as refused:
        network_options(kind, {"lenght": 5, "dropout": 2}, "memory")
    assert "did you mean length" in str(refused.value)


def test_a_resized_network_takes_the_raw_frame_and_costs_less() -> None:
    kind = NETWORKS.get("linear")
    full, small = kind(Given(USUAL_SIZE)), kind(Given(USUAL_SIZE, (Resize(height=66, width=88),)))
    assert act(small, frames(2)).shape == (2, 2)
    assert sum(p.numel() for p in small.parameters()) < sum(p.numel() for p in full.parameters())


def test_a_size_that_is_none_is_refused() -> None:
    with pytest.raises(CopycarError, match="WIDTHxHEIGHT"):
        parse_size("small")
