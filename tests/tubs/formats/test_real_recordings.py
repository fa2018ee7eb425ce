"""Recordings by real people convert, both ways where there are two."""

import numpy as np
import pytest

from copycar.tubs.formats.convert import convert
from copycar.tubs.tub import Tub


def test_mario_kart_there_and_back_is_bit_equal(shared_data, tmp_path):
    source = shared_data / "tensorkart-mk64"
    result = convert(source, tmp_path / "tub")
    assert (result.frames, result.dropped) == (240, 0)
    convert(tmp_path / "tub", tmp_path / "2021-10-11-1", to="tensorkart")
    for path in source.iterdir():
        assert (tmp_path / "2021-10-11-1" / path.name).read_bytes() == path.read_bytes(), path.name
    frame = next(iter(Tub.open(tmp_path / "tub").frames()))
    assert 20 < frame.image.mean() < 235


def test_udacity_with_side_cameras(shared_data, tmp_path):
    source = shared_data / "udacity-sim"
    result = convert(source, tmp_path / "tub", options={"side_cameras": "0.2"})
    assert (result.frames, result.episodes, result.dropped) == (1500, 3, 0)
    tub = Tub.open(tmp_path / "tub")
    originals = {path.read_bytes() for path in (source / "IMG").iterdir()}
    assert all(record.image_path.read_bytes() in originals for record in tub.records)


@pytest.mark.parametrize("name", ["tub-rc-car", "tub-donkeycar-fixture"])
def test_tubs_are_copied_bit_equal(name, shared_data, tmp_path):
    result = convert(shared_data / name, tmp_path / "tub")
    before, after = Tub.open(shared_data / name), Tub.open(tmp_path / "tub")
    assert result.frames == len(before) == len(after)
    for a, b in zip(before.records, after.records, strict=True):
        assert a.image_path.read_bytes() == b.image_path.read_bytes()
        assert (a.action, a.timestamp_ms) == (b.action, b.timestamp_ms)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "to"),
    [
        ("tub-donkeycar-fixture", "lerobot"),
        ("tub-donkeycar-fixture", "tensorkart"),
        ("tub-rc-car", "autcar"),
        ("tub-rc-car", "lerobot"),
    ],
)
def test_tubs_go_to_every_format_and_back_bit_equal(name, to, shared_data, tmp_path):
    convert(shared_data / name, tmp_path / "there", to=to)
    convert(tmp_path / "there", tmp_path / "back")
    before, after = Tub.open(shared_data / name), Tub.open(tmp_path / "back")
    assert len(before) == len(after)
    for a, b in zip(before.records, after.records, strict=True):
        assert a.image_path.read_bytes() == b.image_path.read_bytes()
    if to != "autcar":
        steering = [[record.action.steering for record in tub.records] for tub in (before, after)]
        assert np.abs(np.subtract(*steering)).max() < 1e-7
