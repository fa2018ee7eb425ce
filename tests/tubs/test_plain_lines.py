"""Lines that are as recorders write them are judged together, others one by one: both ways must tell the same."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copycar.tubs.cells import BLOCK
from copycar.tubs.contents import read_contents
from copycar.tubs.judge import Judge, list_pictures
from copycar.tubs.plain import plain_block
from copycar.tubs.record import image_name
from copycar.tubs.records import pack, pack_blocks
from copycar.tubs.tub import Tub

IMAGE = "cam/image_array"


def line(number, **odd):
    usual = {
        "_index": number,
        "_session_id": "26-11-21_0",
        "_timestamp_ms": 1_000 + 50 * number,
        IMAGE: image_name(number),
        "user/angle": 0.1,
        "user/throttle": 0.5,
        "user/mode": "user",
        "lap": number,
    }
    return {key: value for key, value in (usual | odd).items() if value is not ...}


ODD = st.sampled_from(
    [
        {"user/angle": 1.5},
        {"user/angle": float("nan")},
        {"user/angle": "left"},
        {"user/angle": 1},
        {"user/throttle": None},
        {"user/angle": ..., "user/throttle": ..., "steering": 0.25, "throttle": 0.5},
        {"_timestamp_ms": ...},
        {"_timestamp_ms": 2**60},
        {"_timestamp_ms": 1000.5},
        {"_t_ns": 7},
        {"_session_id": None},
        {"_session_id": 12},
        {"_index": ...},
        {"_index": 0},
        {"_index": -1},
        {"__empty__": True},
        {IMAGE: "C:\\data\\images\\3_cam_image_array_.jpg"},
        {IMAGE: "missing.jpg"},
        {IMAGE: "empty.jpg"},
        {IMAGE: None},
        {IMAGE: ...},
        {"lap": 2**70},
        {"lidar": [1, 2]},
        None,
    ]
)


def write_tub(folder: Path, lines, deleted=()):
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    for number in range(len(lines)):
        (images / image_name(number)).write_bytes(b"x")
    (images / "empty.jpg").write_bytes(b"")
    text = "".join("{torn\n" if said is None else json.dumps(said) + "\n" for said in lines)
    (folder / "catalog_0.catalog").write_text(text)
    about = {"paths": ["catalog_0.catalog"], "current_index": len(lines), "max_len": 1000, "deleted_indexes": deleted}
    (folder / "manifest.json").write_text("\n".join(map(json.dumps, ([], [], {}, {}, about))) + "\n")


def told_both_ways(folder):
    one_by_one, together = (Judge(read_contents(folder), list_pictures(folder).get) for _ in range(2))
    ways = (pack(one_by_one.rows()), one_by_one), (pack_blocks(together.blocks()), together)
    return [([repr(row) for row in records.rows()], judge.left_out, judge.deleted) for records, judge in ways]


@settings(deadline=None, max_examples=150)
@given(odd=st.dictionaries(st.integers(0, 5), ODD, max_size=3), deleted=st.sets(st.integers(0, 5), max_size=2))
def test_odd_lines_are_told_as_if_each_were_looked_at_alone(tmp_path_factory, odd, deleted):
    folder = tmp_path_factory.mktemp("tub")
    lines = [
        None if number in odd and odd[number] is None else line(number, **odd.get(number, {})) for number in range(6)
    ]
    write_tub(folder, lines, sorted(deleted))
    one_by_one, together = told_both_ways(folder)
    assert one_by_one == together


def test_an_odd_line_in_one_block_leaves_the_others_plain(tmp_path):
    lines = [line(number) for number in range(2 * BLOCK + 5)]
    lines[BLOCK + 3] = line(BLOCK + 3, **{"user/angle": 7.0})
    write_tub(tmp_path, lines)
    one_by_one, together = told_both_ways(tmp_path)
    assert one_by_one == together
    records = Tub.open(tmp_path).records
    assert len(records) == len(lines)
    np.testing.assert_array_equal(records.actions[BLOCK + 2 : BLOCK + 5, 0], [0.1, 1.0, 0.1])


def test_usual_lines_are_plain():
    lines = [line(number) for number in range(3)]
    kept = copy.deepcopy(lines)
    block = plain_block(lines, [0, 1, 2], "images", IMAGE, lambda name: 9)
    assert block is not None
    assert list(block.timestamp_ms) == [1000, 1050, 1100]
    assert [block.cells.values(place) for place in range(3)] == [{"user/mode": "user", "lap": n} for n in range(3)]
    assert lines == kept


@pytest.mark.parametrize(
    "odd", [{"user/angle": 1.5}, {"__empty__": True}, {"_timestamp_ms": 2**60}, {"lap": ...}, {IMAGE: 5}]
)
def test_odd_lines_are_not_plain(odd):
    lines = [line(0), line(1, **odd)]
    assert plain_block(lines, [0, 1], "images", IMAGE, lambda name: 9) is None
    assert plain_block(lines[::-1], [0, 1], "images", IMAGE, lambda name: 9) is None
