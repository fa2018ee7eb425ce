import pytest

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.driving.drivers import policy as policy_driver
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.testing.environment import CircleTrack


class FakePolicy:
    image_size = (24, 32)

    def __init__(self, **inputs):
        self.metadata = PolicyMetadata("fake", self.image_size, inputs=inputs)
        self.seen, self.n_resets = [], 0

    def reset(self):
        self.n_resets += 1

    def act(self, observation):
        self.seen.append(observation)
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


def test_a_new_drive_begins_without_memories():
    loaded = FakePolicy()
    policy_driver.PolicyDriver(loaded).reset()
    assert loaded.n_resets == 1


def test_sensors_are_read_under_the_names_they_were_recorded_with():
    loaded = FakePolicy(imu={"keys": ["track/speed_mps", "imu/gyro"], "width": 3})
    environment = CircleTrack()
    observation, info = environment.reset()
    policy_driver.PolicyDriver(loaded).act(observation, {**info, "speed_mps": 1.5, "imu/gyro": [0.1, 0.2]})
    assert loaded.seen[0]["imu"].tolist() == pytest.approx([1.5, 0.1, 0.2])


def test_a_sensor_that_is_not_there_stops_the_drive_in_words():
    driver = policy_driver.PolicyDriver(FakePolicy(imu={"keys": ["imu/acl_x"], "width": 1}))
    observation, info = CircleTrack().reset()
    with pytest.raises(CopycarError, match="needs the sensor imu/acl_x"):
        driver.act(observation, info)
