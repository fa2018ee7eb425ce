"""Frames of all cameras are of the same moments, and training frames are not next to validation frames."""

import json

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.ground.extract import Choice, choose, extract
from copycar.ground.footage import pictures_in, rate_of
from copycar.ground.pictures import read_picture, write_picture
from copycar.tubs.film import film_writer

RATE = 10.0


def shade(moment):
    return 20 + 4 * moment


def film(path, moments):
    path.parent.mkdir(parents=True, exist_ok=True)
    with film_writer(path, (16, 32), RATE, quality=5, preset="veryfast") as add:
        for moment in moments:
            add(np.full((16, 32, 3), shade(moment), dtype=np.uint8))


@pytest.fixture
def footage(tmp_path):
    """Two cameras see moments 0 … 49; the second one was started 5 frames earlier, and in two films."""
    film(tmp_path / "footage/cam1/all.mp4", range(50))
    film(tmp_path / "footage/cam2/part2.mp4", range(-5, 20))
    film(tmp_path / "footage/cam2/part10.mp4", range(20, 50))
    calibration = tmp_path / "project/0-calibration"
    calibration.mkdir(parents=True)
    (calibration / "first_frame.json").write_text(json.dumps({"cam2": 5}))
    return tmp_path / "footage"


def test_all_cameras_show_the_same_moment(footage, tmp_path):
    taken = extract(tmp_path / "project", footage, Choice(n_train=6, n_val=8, every=2))
    assert (taken.cameras, taken.n_train, taken.n_val, taken.rate_hz) == (("cam1", "cam2"), 6, 8, 5.0)
    annotation = tmp_path / "project/1-annotation"
    for split, count in (("train", 6), ("val", 8)):
        for number in range(count):
            shades = [
                float(read_picture(annotation / split / camera / f"{camera}_{number}.png").mean())
                for camera in ("cam1", "cam2")
            ]
            assert shades[0] == pytest.approx(shades[1], abs=2)
    first = read_picture(annotation / "val/cam1/cam1_0.png").mean()
    assert first == pytest.approx(shade(50 - 16), abs=2)


def test_films_follow_each_other_in_natural_order(footage):
    assert rate_of(footage / "cam2") == RATE
    shades = [float(picture.mean()) for picture in pictures_in(footage / "cam2")]
    assert len(shades) == 55
    assert np.all(np.diff(shades[5:]) > 0)


def test_training_frames_are_a_second_away_from_validation_frames():
    chosen = choose(200, RATE, Choice(n_train=50, n_val=20, val_start_s=8.0), np.zeros(200))
    train = [moment for moment, (split, _) in chosen.items() if split == "train"]
    val = [moment for moment, (split, _) in chosen.items() if split == "val"]
    assert val == list(range(80, 100))
    assert len(train) == 50
    assert min(abs(a - b) for a in train for b in val) > RATE
    assert min(train) == 0
    assert max(train) > 190


def test_training_frames_are_those_in_which_most_moves():
    energy = np.random.default_rng(0).random(200)
    chosen = choose(200, RATE, Choice(n_train=10, n_val=0), energy)
    assert sorted(chosen) == [start + int(np.argmax(energy[start : start + 20])) for start in range(0, 200, 20)]


@pytest.mark.parametrize(
    "choice", [Choice(n_train=10, n_val=300), Choice(n_train=190, n_val=20), Choice(val_start_s=19.5)]
)
def test_more_than_there_is_cannot_be_taken(choice):
    with pytest.raises(CopycarError):
        choose(200, RATE, choice, np.zeros(200))


def test_frames_that_are_there_are_not_replaced(footage, tmp_path):
    extract(tmp_path / "project", footage, Choice(n_train=2, n_val=2))
    with pytest.raises(CopycarError, match="holds frames already"):
        extract(tmp_path / "project", footage, Choice(n_train=2, n_val=2))


def test_pictures_are_footage_too(tmp_path):
    for number in range(12):
        path = tmp_path / f"footage/cam1/{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_picture(path, np.full((8, 8, 3), number, dtype=np.uint8))
    extract(tmp_path / "project", tmp_path / "footage", Choice(n_train=0, n_val=12))
    last = read_picture(tmp_path / "project/1-annotation/val/cam1/cam1_11.png")
    assert (last == 11).all()


def test_what_is_no_film_is_named(tmp_path):
    (tmp_path / "footage/cam1").mkdir(parents=True)
    (tmp_path / "footage/cam1/a.mp4").write_bytes(b"nothing")
    with pytest.raises(CopycarError, match=r"a\.mp4"):
        extract(tmp_path / "project", tmp_path / "footage", Choice(1, 1))
    with pytest.raises(CopycarError, match="holds no cameras"):
        extract(tmp_path / "project", tmp_path, Choice(1, 1))
