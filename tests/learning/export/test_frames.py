import json

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.learning.export.frames import find_frames
from copycar.testing.tub import make_tub

CARD = PolicyMetadata("copycar", (24, 32))


def run_beside(policy, tubs):
    (policy.parent / "run.json").write_text(json.dumps({"tubs": [str(tub) for tub in tubs]}))


def test_the_runs_own_tubs_are_taken_and_shared_out(tmp_path):
    policy = tmp_path / "policy.onnx"
    run_beside(policy, [make_tub(tmp_path / "tub", n_frames=30, image_size=(24, 32))])
    frames = find_frames(policy, CARD, None)
    assert (len(frames.calibrate), len(frames.compare), frames.are_real) == (15, 15, True)
    seen = {seen["image"].tobytes() for seen in frames.calibrate}
    assert not seen & {other["image"].tobytes() for other in frames.compare}


def test_the_tub_that_was_named_comes_first(tmp_path):
    policy = tmp_path / "policy.onnx"
    run_beside(policy, [make_tub(tmp_path / "old", n_frames=8, image_size=(24, 32))])
    named = make_tub(tmp_path / "new", n_frames=8, image_size=(24, 32))
    assert find_frames(policy, CARD, named).origin == str(named)


def test_without_recordings_pictures_are_made_up_and_it_says_so(tmp_path):
    policy = tmp_path / "policy.onnx"
    run_beside(policy, [tmp_path / "gone"])
    card = PolicyMetadata("imu", (24, 32), inputs={"imu": {"keys": ["a", "b"], "width": 2}})
    frames = find_frames(policy, card, None)
    assert (frames.are_real, frames.origin) == (False, "made-up pictures")
    assert frames.compare[0]["image"].shape == (24, 32, 3)
    assert frames.compare[0]["imu"].shape == (2,)
    assert np.std(frames.compare[0]["image"]) > 20


def test_choices_take_turns(tmp_path):
    card = PolicyMetadata("behavior", (24, 32), inputs={"behavior": {"keys": ["b"], "names": ["left", "right"]}})
    frames = find_frames(tmp_path / "policy.onnx", card, None)
    for share in (frames.calibrate, frames.compare):
        assert {tuple(seen["behavior"]) for seen in share} == {(1.0, 0.0), (0.0, 1.0)}


def test_frames_of_another_camera_are_refused(tmp_path):
    other = make_tub(tmp_path / "tub", n_frames=4, image_size=(48, 64))
    with pytest.raises(CopycarError, match=r"are 64x48\nwhy: the policy takes 32x24"):
        find_frames(tmp_path / "policy.onnx", CARD, other)
