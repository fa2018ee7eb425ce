import json

import pytest

from copycar.testing.tub import make_tub
from copycar.tubs.info import describe
from copycar.tubs.tub import Tub


def test_real_drive_is_described(shared_data):
    told = describe(Tub.open(shared_data / "tub-rc-car"))
    assert (told["frames"], told["deleted"], told["episodes"], told["gaps"], told["repaired"]) == (5015, 0, 1, 2, [])
    assert told["image_size"] == {"height_px": 120, "width_px": 160}
    assert told["rate_hz"] == pytest.approx(20, rel=0.01)
    assert told["duration_s"] == pytest.approx(252.5, abs=0.5)  # 316 s on the clock, with pauses of 59 s and 4.6 s
    assert told["steering"]["min"] == -1.0
    assert told["sessions"] == ["22-11-29_0"]


def test_description_is_json_and_names_bad_pictures(tmp_path):
    tub = Tub.open(make_tub(tmp_path, n_frames=20, n_episodes=2, image_size=(24, 32)))
    tub.records[3].image_path.write_bytes(b"no picture")
    tub.delete([5])
    told = json.loads(json.dumps(describe(tub), allow_nan=False))
    assert (told["frames"], told["deleted"], told["episodes"]) == (18, 1, 2)
    assert "1 frames with an unusable picture" in told["repaired"][0]


def test_what_cannot_be_told_is_none(tmp_path):
    tub = Tub.open(make_tub(tmp_path, n_frames=2, image_size=(24, 32)))
    tub.delete([0, 1])
    told = describe(tub)
    assert (told["frames"], told["rate_hz"], told["duration_s"], told["steering"]) == (0, None, None, None)
