from pathlib import Path

import numpy as np
import pytest
from arrows import draw_arrow, drive, write_captures

from copycar.autcar.captures import Faults, class_of, read_captures
from copycar.core.errors import CopycarError
from copycar.tubs.formats.autcar_commands import CLASSES
from copycar.tubs.formats.png import encode_png

AUTCARS_TWELVE = [
    *(f"left_{how}_{where}" for how in ("light", "medium") for where in ("backwards", "forward")),
    *("move_fast_forward", "move_medium_backwards", "move_medium_forward"),
    *(f"right_{how}_{where}" for how in ("light", "medium") for where in ("backwards", "forward")),
    "stop",
]


def names_and_faults(folder, classes=CLASSES, ignore=()):
    notes = Faults()
    return [capture.name for capture in read_captures([folder], classes, ignore, notes)], notes.sentences()


def test_the_twelve_classes_have_autcars_order():
    assert list(CLASSES) == AUTCARS_TWELVE == sorted(AUTCARS_TWELVE)


def test_every_class_is_kept_and_stop_among_them(tmp_path):
    commands = [*CLASSES, *CLASSES]
    names, faults = names_and_faults(write_captures(tmp_path / "training", commands))
    assert (names, faults) == (commands, [])


@pytest.mark.parametrize(
    ("command", "counted"),
    [
        ({"type": "started"}, "stop"),
        ({"type": "left", "direction": None, "style": "light"}, "left_light_forward"),
        ({"type": "right", "direction": "forward", "style": "harsh"}, "right_medium_forward"),
        ({"type": "move", "direction": "backwards", "speed": "fast"}, "move_medium_backwards"),
        ({"type": "move", "direction": "forward", "speed": "slow"}, "move_medium_forward"),
    ],
)
def test_commands_that_no_network_of_autcar_knows_are_counted_as_the_nearest_and_told(tmp_path, command, counted):
    names, (fault,) = names_and_faults(write_captures(tmp_path / "training", ["stop", command]))
    assert names == ["stop", counted]
    assert f"counted as {counted} (first: training, training.csv line 2)" in fault


def test_a_harsh_turn_can_be_a_class_of_its_own():
    assert class_of("left_harsh_forward", (*CLASSES, "left_harsh_forward")) == "left_harsh_forward"


def test_what_is_ignored_or_outside_the_classes_is_left_out_and_told(tmp_path):
    folder = write_captures(tmp_path / "training", ["stop", "left_light_forward", "move_medium_forward"])
    names, faults = names_and_faults(folder, ("stop", "left_light_forward"), ["stop"])
    assert names == ["left_light_forward"]
    assert "of stop, as asked: left out" in "; ".join(faults)
    assert "of move_medium_forward, which is none of the 2 classes: left out" in "; ".join(faults)


@pytest.mark.parametrize(
    ("picture", "fault"),
    [
        (encode_png(np.zeros((48, 64, 3), np.uint8)), "a black picture"),
        (encode_png(np.full((48, 64, 3), 120, np.uint8)), "a picture of one colour"),
        (encode_png(draw_arrow("stop", np.random.default_rng(0)))[:200], "an unusable picture"),
        (b"", "an unusable picture (an empty file)"),
    ],
)
def test_pictures_that_show_nothing_are_left_out_and_named(tmp_path, picture, fault):
    folder = write_captures(tmp_path / "training", drive(6))
    (folder / "3_car_snapshot.png").write_bytes(picture)
    names, (told,) = names_and_faults(folder)
    assert names == [name for place, name in enumerate(drive(6)) if place != 3]
    assert fault in told
    assert "line 4" in told


def test_a_folder_that_is_none_of_autcars_is_named(tmp_path):
    with pytest.raises(CopycarError, match="elsewhere holds no recording of AutCar"):
        names_and_faults(Path("elsewhere"))
