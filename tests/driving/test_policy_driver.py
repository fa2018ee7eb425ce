import pytest

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.driving.drivers import policy as policy_driver
from copycar.testing.environment import CircleTrack


class FakePolicy:
    image_size = (24, 32)

    def act(self, observation):
        return Action(observation["image"].mean() / 255, 0.5)


def loading(monkeypatch, image_size):
    loaded = FakePolicy()
    loaded.image_size = image_size
    monkeypatch.setattr(policy_driver.Policy, "load", lambda path: loaded)
    return loaded


def test_policy_decides_on_the_observation_alone():
    environment = CircleTrack()
    observation, _ = environment.reset()
    decision = policy_driver.PolicyDriver(FakePolicy()).act(observation, {})
    assert decision.action == decision.label == Action(observation["image"].mean() / 255, 0.5)
    assert decision.source == "policy"


def test_policy_of_another_image_size_is_refused_before_the_car_moves(monkeypatch):
    loading(monkeypatch, (120, 160))
    with pytest.raises(CopycarError, match="takes 160x120 images, but this environment gives 32x24"):
        policy_driver.load("pilot.onnx", CircleTrack())


def test_policy_of_the_right_image_size_drives(monkeypatch):
    loading(monkeypatch, (24, 32))
    environment = CircleTrack()
    observation, info = environment.reset()
    assert policy_driver.load("pilot.onnx", environment).act(observation, info).action.is_finite
