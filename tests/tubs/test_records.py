import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copycar.core.frame import Action
from copycar.tubs.cells import BLOCK, pack_values
from copycar.tubs.record import Row, image_name
from copycar.tubs.records import as_records, joined, pack
from copycar.tubs.tub import Tub

SCALARS = st.one_of(
    st.none(), st.booleans(), st.text(max_size=3), st.integers(-(2**70), 2**70), st.floats(allow_nan=False)
)
VALUES = st.dictionaries(
    st.sampled_from(["user/mode", "pilot/angle", "lap", "lidar"]), st.one_of(SCALARS, st.lists(SCALARS, max_size=2))
)
UNKNOWN_OR = st.one_of(st.none(), st.integers(-(2**53), 2**53))
ROWS = st.builds(
    Row,
    folder=st.sampled_from(["one/images", "two/images"]),
    number=st.integers(0, 2**53),
    session=st.sampled_from(["", "26-11-21_0", "26-11-21_1"]),
    timestamp_ms=UNKNOWN_OR,
    t_ns=UNKNOWN_OR,
    name=st.sampled_from(["7_cam_image_array_.jpg", "other.jpg"]),
    picture_bytes=st.one_of(st.none(), st.integers(1, 2**40)),
    steering=st.floats(-1, 1),
    throttle=st.floats(-1, 1),
    values=VALUES,
)


def exact(values):
    """Tell apart what == does not: 1, 1.0 and True; 0.0 and -0.0."""
    return repr(sorted(values.items()))


def told(rows):
    return [repr(row._replace(values=exact(row.values))) for row in rows]


@settings(deadline=None)
@given(rows=st.lists(ROWS, max_size=6))
def test_packed_rows_come_back_exactly(rows):
    assert told(pack(rows).rows()) == told(rows)


@settings(deadline=None, max_examples=30)
@given(parts=st.lists(st.lists(ROWS, max_size=4), max_size=3))
def test_joined_records_are_those_of_all_parts_in_order(parts):
    together = joined(map(pack, parts))
    assert told(together.rows()) == [text for part in parts for text in told(part)]
    assert len(set(together.sessions)) == len(together.sessions)


@given(rows=st.lists(VALUES, min_size=1, max_size=5))
def test_one_value_is_found_without_the_others(rows):
    cells = pack_values(rows)
    for place, row in enumerate(rows):
        for key in ("user/mode", "lap", "no such key"):
            assert repr(cells.get(key, place)) == repr(row.get(key))


@pytest.fixture(scope="module")
def long():
    """Records in three blocks, the second of which has a key more."""
    rows = [
        Row("images", n, "a", n * 50, None, image_name(n), 1, 0.0, 0.5, {"lap": n} if n // BLOCK == 1 else {})
        for n in range(2 * BLOCK + 10)
    ]
    return pack(rows)


def test_records_read_like_a_list(long):
    everything = list(long)
    assert long[5] == everything[5]
    assert long[-1] == everything[-1]
    assert list(long[10:3000:7]) == everything[10:3000:7]
    assert list(long.take([BLOCK + 3, 0, 0])) == [everything[BLOCK + 3], everything[0], everything[0]]
    assert long[BLOCK].image_path == Path("images") / image_name(BLOCK)
    with pytest.raises(IndexError):
        long[len(long)]


def test_values_are_a_column_as_well(long):
    assert long.keys == ["lap"]
    assert long[:3].keys == []
    assert long[BLOCK - 1 : BLOCK + 2].values_of("lap") == [None, BLOCK, BLOCK + 1]


def test_a_list_of_records_becomes_columns(long):
    few = [dataclasses.replace(record, values={"lap": 1}) for record in long[:5]]
    columns = as_records(few)
    assert list(columns) == few
    assert as_records(columns) is columns
    assert not len(as_records([]))


def test_actions_can_be_replaced(long):
    turned = long[:2].with_actions(np.array([[1.0, 0.0], [-1.0, 0.5]]))
    assert [record.action for record in turned] == [Action(1.0, 0.0), Action(-1.0, 0.5)]
    assert long[0].action == Action(0.0, 0.5)


def test_a_tubs_records_take_little_memory(drive):
    records = Tub.open(drive).records
    numbers = sum(getattr(records, name).nbytes for name in ("numbers", "timestamp_ms", "t_ns", "actions", "cell_of"))
    assert numbers / len(records) == 48
    assert not records.odd_names
    assert all(not block.columns for block in records.cells)  # every frame says the same: one copy
