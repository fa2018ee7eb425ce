import numpy as np
import onnx
import pytest

from copycar.core.errors import CopycarError
from copycar.driving.drivers.policy import load
from copycar.driving.loop import drive
from copycar.driving.runtime import policy as policy_module
from copycar.driving.runtime.policy import Policy
from copycar.testing.environment import CircleTrack
from copycar.testing.policy import THROTTLE, write_policy
from copycar.testing.tub import draw_line

SIZE = (24, 32)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write_policy(tmp_path_factory.mktemp("policy") / "policy.onnx", SIZE, run="first", seed=7)


def frame(steering=0.0):
    return draw_line(steering, SIZE)


def test_a_frame_becomes_an_action(file):
    action = Policy.load(file).act({"image": frame(0.6)})
    assert (type(action.steering), type(action.throttle)) == (float, float)
    assert action.steering > 0.05
    assert action.throttle == pytest.approx(THROTTLE)
    assert Policy.load(str(file)).act({"image": frame(-0.6)}).steering < -0.05


def test_a_view_of_a_larger_picture_is_read_as_it_looks(file):
    policy = Policy.load(file)
    mirrored = policy.act({"image": frame(0.6)[:, ::-1]})
    assert mirrored.steering == pytest.approx(policy.act({"image": frame(0.6)[:, ::-1].copy()}).steering)


def test_the_file_tells_what_it_is(file):
    card = Policy.load(file).metadata
    assert (card.network, card.run, card.seed) == ("tiny", "first", 7)
    assert Policy.load(file).image_size == SIZE


@pytest.mark.parametrize("image", [frame()[:20], frame()[..., :1], frame()[..., 0], np.zeros((120, 160, 3), np.uint8)])
def test_another_image_size_is_refused_with_both_shapes(file, image):
    with pytest.raises(CopycarError, match="32x24") as caught:
        Policy.load(file).act({"image": image})
    assert str(image.shape) in caught.value.what
    assert "size" in caught.value.why


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_another_number_type_is_refused_by_name(file, dtype):
    with pytest.raises(CopycarError, match=str(np.dtype(dtype))) as caught:
        Policy.load(file).act({"image": frame().astype(dtype)})
    assert "uint8" in str(caught.value)
    assert "size" not in caught.value.why  # it is not the size that is wrong


def test_an_observation_without_a_picture_is_refused(file):
    with pytest.raises(CopycarError, match="'image'"):
        Policy.load(file).act({"state": np.zeros(3)})


def test_latency_is_counted_after_the_first_call_and_stays_in_a_window(file, monkeypatch):
    policy = Policy.load(file, threads=1)
    assert policy.latency_ms() == {"p50": None, "p95": None}
    monkeypatch.setattr(policy_module, "LATENCY_WINDOW", 4)
    for _ in range(11):
        policy.act({"image": frame()})
    latency = policy.latency_ms()
    assert 0 < latency["p50"] <= latency["p95"]
    assert len(policy._latency_ns) <= 4


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CopycarError, match=r"no policy file .*nowhere\.onnx"):
        Policy.load(tmp_path / "nowhere.onnx")


@pytest.mark.parametrize("content", [b"", b"not a network", b"\x08\x01torn"])
def test_a_file_that_is_no_onnx_is_refused(tmp_path, content):
    (tmp_path / "notes.onnx").write_bytes(content)
    with pytest.raises(CopycarError, match=r"notes\.onnx"):
        Policy.load(tmp_path / "notes.onnx")


def test_a_torn_policy_file_is_refused(tmp_path, file):
    (tmp_path / "torn.onnx").write_bytes(file.read_bytes()[:-200])
    with pytest.raises(CopycarError, match=r"torn\.onnx"):
        Policy.load(tmp_path / "torn.onnx")


def without_card(file, path, **properties):
    model = onnx.load(file)
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, properties)
    onnx.save(model, str(path))
    return path


def test_an_onnx_file_of_somebody_else_is_refused(tmp_path, file):
    with pytest.raises(CopycarError, match="not a copycar policy"):
        Policy.load(without_card(file, tmp_path / "foreign.onnx", author="somebody"))


@pytest.mark.parametrize(
    "card", ["", "{", "{}", "[]", '{"network": "tiny", "image_size": [24]}', '{"image_size": "ab"}']
)
def test_a_damaged_card_is_named(tmp_path, file, card):
    with pytest.raises(CopycarError, match="damaged"):
        Policy.load(without_card(file, tmp_path / "damaged.onnx", copycar=card))


def test_a_policy_that_says_no_number_stops_the_car(tmp_path):
    broken = write_policy(tmp_path / "broken.onnx", SIZE, gain=float("nan"))
    environment = CircleTrack(SIZE)
    driver = load(str(broken), environment)
    observation, info = environment.reset()
    assert not driver.act(observation, info).action.is_finite
    with pytest.raises(CopycarError, match="not a number"):
        drive(environment, driver, seconds=1)
    assert environment.actions == []
    assert environment.stops >= 1
