import ast
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.frame import Action
from copycar.tubs.formats.autcar_commands import (
    CLASSES,
    action_of,
    command_name,
    command_of,
    nearest_command,
    parse_command,
)
from copycar.tubs.formats.convert import convert
from copycar.tubs.tub import Tub


@pytest.mark.parametrize("name", CLASSES)
def test_every_command_comes_back_from_its_name_and_from_its_action(name):
    assert command_name(command_of(name)) == name
    assert nearest_command(action_of(name)) == name


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_the_nearest_command_steers_to_the_same_side(steering, throttle):
    action = action_of(nearest_command(Action(steering, throttle)))
    assert action.steering * steering >= 0
    assert abs(action.steering - steering) <= 0.67


@pytest.mark.parametrize("text", ["", "{", "__import__('os').system('x')", "[" * 5000, "{'type': 5}", "'stop'", "None"])
def test_a_command_is_read_and_never_executed(text):
    assert command_name(parse_command(text)) == ""


def test_captures_there_and_back_are_equal(sources, tmp_path):
    source = sources.autcar()
    result = convert(source, tmp_path / "tub")
    assert result.frames == 12
    convert(tmp_path / "tub", tmp_path / "back", to="autcar")
    for number in range(12):
        name = f"{number}_car_snapshot.png"
        assert (tmp_path / "back" / name).read_bytes() == (source / name).read_bytes()
    before, after = ((folder / "training.csv").read_bytes().decode() for folder in (source, tmp_path / "back"))
    assert after.count("\r\n") == 12
    assert commands(before) == commands(after)


def commands(text):
    """Return every row's command, its values as text: AutCar itself makes names of them that way."""
    found = [ast.literal_eval(line.partition(";")[2]) for line in text.splitlines()]
    return [{key: str(value) for key, value in command.items()} for command in found]


def test_pictures_that_a_later_drive_wrote_over_are_left_out(sources, tmp_path):
    source = sources.autcar(n=6)
    table = source / "training.csv"
    again = "".join(f"{number}_car_snapshot.png;{{'type': 'stop'}}\r\n" for number in range(2))
    table.write_bytes(table.read_bytes() + again.encode())
    result = convert(source, tmp_path / "out")
    tub = Tub.open(tmp_path / "out")
    assert (result.frames, result.dropped, len(tub.episodes)) == (6, 2, 2)
    assert any("written over by a later drive: left out (first: training.csv line 1)" in note for note in result.notes)
    assert [record.values["autcar/command"] for record in tub.records[-2:]] == ["stop", "stop"]


def test_unknown_commands_are_named(sources, tmp_path):
    source = sources.autcar()
    with (source / "training.csv").open("a") as file:
        file.write("12_car_snapshot.png;{'type': 'fly'}\r\n13_car_snapshot.png\r\n")
    result = convert(source, tmp_path / "out")
    assert (result.frames, result.dropped) == (12, 2)
    assert any("training.csv line 13" in note for note in result.notes)


def test_copies_of_a_balanced_set_are_undone_but_standing_still_is_no_copy(sources, tmp_path):
    source = sources.autcar_balanced()
    result = convert(source, tmp_path / "out")
    assert result.frames == 6
    assert "2 copies of frames are left out (--keep-copies keeps them)" in result.notes
    sides = [record.values["autcar/split"] for record in Tub.open(tmp_path / "out").records]
    assert sides == ["train", "train", "test", "train", "train", "train"]
    assert convert(source, tmp_path / "all", options={"keep_copies": True}).frames == 8


def test_a_balanced_set_is_balanced_shares_no_picture_and_comes_back(sources, tmp_path):
    source = sources.tub(n=60)
    result = convert(source, tmp_path / "set", to="autcar-balanced", options={"test_share": 0.25})
    maps = {side: (tmp_path / "set" / f"{side}_map.txt").read_text().splitlines() for side in ("train", "test")}
    paths = {side: {row.split("\t")[0] for row in rows} for side, rows in maps.items()}
    counts = Counter(row.split("\t")[1] for row in maps["train"])
    assert len(set(counts.values())) == 1
    assert not paths["train"] & paths["test"]
    assert all(path.startswith("set/image_") for path in paths["train"])
    back = convert(tmp_path / "set", tmp_path / "back")
    assert back.frames == result.frames
    original = {record.image_path.read_bytes() for record in Tub.open(source).records}
    assert all(record.image_path.read_bytes() in original for record in Tub.open(tmp_path / "back").records)
