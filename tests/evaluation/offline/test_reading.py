import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.evaluation.offline.answers import answers
from copycar.evaluation.offline.frames import choose_frames
from copycar.evaluation.offline.reading import true_things
from copycar.testing.tub import donkey_extras, make_tub
from copycar.tubs.formats.autcar_commands import CLASSES
from copycar.tubs.tub import Tub

SIZE = (24, 32)


def metadata(**inputs):
    return PolicyMetadata(network="reading", image_size=SIZE, seed=0, inputs=inputs)


def extras(step, action):
    """Every fourth frame lacks its sensor."""
    return {key: value for key, value in donkey_extras(step, action).items() if step % 4 or key != "imu/acl_x"}


@pytest.fixture(scope="module")
def tub(tmp_path_factory):
    return make_tub(tmp_path_factory.mktemp("tub") / "tub", n_frames=80, image_size=SIZE, extras=extras)


BEHAVIOR = {"keys": ["behavior/label"], "names": ["Left_Lane", "Right_Lane"]}
GYRO = {"keys": ["imu/gyr_x", "imu/gyr_z"], "width": 2}
SENSOR = {"keys": ["imu/acl_x"], "width": 1}


class Noting:
    """A policy that notes what it is given."""

    image_size = SIZE

    def __init__(self, metadata):
        self.metadata, self.given = metadata, []

    def reset(self):
        pass

    def infer(self, observation):
        self.given.append({name: value for name, value in observation.items() if name != "image"})
        return {"steering": np.zeros(1, np.float32), "throttle": np.zeros(1, np.float32)}


def test_sensors_come_as_numbers_and_behaviours_one_hot(tub):
    policy = Noting(metadata(behavior=BEHAVIOR, imu=GYRO))
    frames = choose_frames([tub], [policy.metadata])
    answers(policy, frames)
    for given, record in zip(policy.given, frames.records, strict=True):
        is_right = record.values["behavior/label"] == "Right_Lane"
        assert given["behavior"].tolist() == [not is_right, is_right]
        assert given["imu"].tolist() == pytest.approx([record.values["imu/gyr_x"], record.values["imu/gyr_z"]])


def test_frames_without_a_sensor_are_left_out(tub):
    assert len(choose_frames([tub], [metadata(imu=SENSOR)])) == 60
    with pytest.raises(CopycarError, match="no frame of these tubs has"):
        choose_frames([tub], [metadata(imu={"keys": ["imu/unheard_of"], "width": 1})])


def test_policies_that_call_different_sensors_alike_each_get_their_own(tub):
    first, second = Noting(metadata(imu=GYRO)), Noting(metadata(imu=SENSOR))
    frames = choose_frames([tub], [first.metadata, second.metadata])
    answers(first, frames, 0)
    answers(second, frames, 1)
    assert {len(given["imu"]) for given in first.given} == {2}
    assert {len(given["imu"]) for given in second.given} == {1}


def test_the_true_thing_is_what_the_record_says_and_unknown_where_it_says_nothing(tub):
    records = Tub.open(tub).records[:3]
    labels = [["Left_Lane", "Right_Lane"].index(record.values["behavior/label"]) for record in records]
    assert true_things(records, "behavior", BEHAVIOR).tolist() == labels
    assert true_things(records, "sign", {"keys": ["sign"], "names": ["stop sign", "no sign"]}).tolist() == [-1, -1, -1]


def test_a_frame_without_a_command_counts_as_the_nearest(tub):
    actual = true_things(Tub.open(tub).records, "command", {"keys": ["autcar/command"], "names": list(CLASSES)})
    steering = np.array([record.action.steering for record in Tub.open(tub).records])
    sides = np.array([CLASSES[place].split("_")[0] for place in actual])
    assert (sides[steering < -0.5] == "left").all()
    assert (sides[steering > 0.5] == "right").all()


def test_commands_that_a_policy_does_not_know_are_unknown(tub):
    described = {"keys": ["autcar/command"], "names": ["left_light_forward", "stop"]}
    found = true_things(Tub.open(tub).records, "command", described)
    assert set(found.tolist()) <= {-1, 0, 1}
    assert (found == -1).any()


def test_a_frame_without_a_place_counts_as_where_it_is_on_the_lap(tmp_path):
    progress = (0.0, 0.26, 0.5, 0.99, 1.0)  # it is full at the line
    tub = make_tub(tmp_path / "tub", n_frames=5, extras=lambda step, action: {"track/progress": progress[step]})
    places = {"keys": ["localizer/location"], "names": ["0", "1", "2", "3"]}
    assert true_things(Tub.open(tub).records, "location", places).tolist() == [0, 1, 2, 3, 3]
    assert true_things(Tub.open(tub).records, "sign", places).tolist() == [-1] * 5
