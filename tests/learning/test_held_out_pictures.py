"""What a watcher of a training sees of the held-out frames."""

import base64
import json

import numpy as np
import pytest

from copycar.learning.dataset import load_driving_data
from copycar.learning.held_out_pictures import FILE, N_SAME, N_WORST, write_held_out
from copycar.testing.tub import make_tub
from copycar.tubs.jpeg import decode_jpeg


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    tub = make_tub(tmp_path_factory.mktemp("held-out") / "tub", n_frames=60, image_size=(24, 32))
    return load_driving_data([tub], seed=0, validation_share=0.3)


def written(folder, data, answers):
    write_held_out(folder, 3, data, answers)
    return json.loads((folder / FILE).read_text())


def test_the_worst_frames_are_shown_with_what_the_driver_did(tmp_path, data):
    answers = data.labels[data.validation].copy()
    wrong = [1, 2, 3, 4]  # the first and the last are shown in any case
    assert len(wrong) == N_WORST
    assert len(answers) > 15
    answers[wrong, 0] += 0.5
    told = written(tmp_path, data, answers)
    shown = [frame for frame in told["frames"] if frame["is_worst"]]
    assert told["epoch"] == 3
    assert {frame["frame"] for frame in shown} == {int(data.validation[place]) for place in wrong}
    assert all(abs(frame["policy"][0] - frame["driver"][0]) == pytest.approx(0.5) for frame in shown)


def test_some_frames_are_the_same_in_every_epoch(tmp_path, data):
    answers = np.zeros((len(data.validation), 2), np.float32)
    first, second = (written(tmp_path, data, answers + shift) for shift in (0.0, 0.7))
    same = [[frame["frame"] for frame in told["frames"] if not frame["is_worst"]] for told in (first, second)]
    assert same[0] == same[1]
    assert len(same[0]) == N_SAME


def test_every_frame_has_its_picture(tmp_path, data):
    told = written(tmp_path, data, np.zeros((len(data.validation), 2), np.float32))
    for frame in told["frames"]:
        assert decode_jpeg(base64.b64decode(frame["jpeg"]), (24, 32)).any()
