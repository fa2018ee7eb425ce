import pytest

from copycar.core.errors import CopycarError
from copycar.driving.drivers.constant import ConstantDriver
from copycar.driving.drivers.expert import ExpertDriver
from copycar.driving.drivers.noisy import NoisyDriver
from copycar.driving.make import DRIVERS, make_driver
from copycar.testing.environment import CircleTrack


def test_names_make_drivers():
    assert DRIVERS.names() == ["constant", "expert", "gamepad", "human", "keyboard"]
    assert isinstance(make_driver("constant", CircleTrack()), ConstantDriver)
    assert isinstance(make_driver("expert", CircleTrack()), ExpertDriver)


def test_noise_wraps_any_driver():
    assert isinstance(make_driver("constant", CircleTrack(), noise=0.2), NoisyDriver)


def test_unknown_name_gets_the_nearest_known_one():
    with pytest.raises(CopycarError, match="did you mean expert"):
        make_driver("exprt", CircleTrack())


def test_missing_policy_file_is_named():
    with pytest.raises(CopycarError, match=r"nowhere\.onnx"):
        make_driver("nowhere.onnx", CircleTrack())


def test_environment_without_expert_says_so():
    class Bare:
        pass

    with pytest.raises(CopycarError, match="no expert"):
        make_driver("expert", Bare())


@pytest.mark.parametrize("noise", [-0.1, 1.1, float("nan")])
def test_noise_out_of_range_is_refused(noise):
    with pytest.raises(CopycarError, match="noise"):
        make_driver("constant", CircleTrack(), noise=noise)
