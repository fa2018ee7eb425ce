import json

import pytest

from copycar.core.errors import CopycarError
from copycar.testing.tub import make_tub
from copycar.tubs.fingerprint import fingerprint
from copycar.tubs.info import describe
from copycar.tubs.tub import Tub


def test_real_drive_is_described(shared_data):
    told = describe(shared_data / "tub-rc-car")
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
    told = json.loads(json.dumps(describe(tub.path), allow_nan=False))
    assert (told["frames"], told["deleted"], told["episodes"]) == (18, 1, 2)
    assert "1 frames with an unusable picture" in told["repaired"][0]


def test_what_cannot_be_told_is_none(tmp_path):
    tub = Tub.open(make_tub(tmp_path, n_frames=2, image_size=(24, 32)))
    tub.delete([0, 1])
    told = describe(tub.path)
    assert (told["frames"], told["rate_hz"], told["duration_s"], told["steering"]) == (0, None, None, None)


def test_a_description_agrees_with_the_opened_tub(tmp_path):
    tub = Tub.open(make_tub(tmp_path, n_frames=60, n_episodes=3, image_size=(24, 32), max_len=7))
    tub.delete([5, 6, 30])
    with (tmp_path / "catalog_2.catalog").open("ab") as file:
        file.write(b'{"_index": 3}\nno line\n{"_index')
    tub = Tub.open(tmp_path)
    told = describe(tmp_path)
    assert (told["frames"], told["deleted"]) == (len(tub), len(tub.deleted))
    assert (told["episodes"], told["gaps"]) == (len(tub.episodes), len(tub.gaps))
    assert told["sessions"] == [episode.id for episode in tub.episodes]
    assert told["repaired"] == tub.repairs
    assert told["fingerprint"] == fingerprint(tub)
    assert (told["image_size"]["height_px"], told["image_size"]["width_px"]) == tub.image_size


def test_the_size_of_a_tub_is_not_that_of_its_deleted_frames(tmp_path):
    tub = Tub.open(make_tub(tmp_path, n_frames=30, image_size=(24, 32)))
    small = Tub.open(make_tub(tmp_path / "small", n_frames=1, image_size=(8, 8))).records[0].image_path.read_bytes()
    for record in tub.records[:20]:
        record.image_path.write_bytes(small)
    tub.delete(range(20))
    assert (describe(tmp_path)["frames"], describe(tmp_path)["image_size"]["width_px"]) == (10, 32)


def test_a_tub_whose_every_picture_is_broken_is_an_error_that_names_one(tmp_path):
    tub = Tub.open(make_tub(tmp_path, n_frames=3, image_size=(24, 32)))
    for record in tub.records:
        record.image_path.write_bytes(b"no picture")
    with pytest.raises(CopycarError, match="not one of 3 pictures"):
        describe(tmp_path)
