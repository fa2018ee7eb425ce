"""Whatever stands in a table: the good rows survive, and nothing but a `CopycarError` comes out."""

import contextlib
import math
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.registry import FORMATS
from copycar.tubs.formats.rows import find_picture, finite

TABLES = {"tensorkart": "data.csv", "udacity": "driving_log.csv", "autcar": "training.csv"}
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
N_ROWS = 8


@pytest.fixture(params=TABLES)
def recording(request, sources) -> tuple[str, Path]:
    """A format's name and the table of a recording of `N_ROWS` frames."""
    folder = getattr(sources, request.param)(n=N_ROWS)
    return request.param, folder / TABLES[request.param]


@QUICK
@given(junk=st.binary(max_size=200).filter(lambda junk: b"\n" not in junk), place=st.integers(0, N_ROWS - 1))
def test_a_junk_row_costs_only_itself(junk, place, recording):
    name, table = recording
    rows = original(table)
    before = read(name, table, rows)
    after = read(name, table, [*rows[:place], junk, *rows[place + 1 :]])
    kept = [picture for number, picture in enumerate(before) if number != place]
    assert [picture for picture in after if picture in kept] == kept


@QUICK
@given(data=st.data())
def test_a_table_that_is_cut_anywhere_gives_every_whole_row(data, recording):
    name, table = recording
    whole = b"\n".join(original(table)) + b"\n"
    cut = data.draw(st.integers(0, len(whole)))
    before = read(name, table, whole.splitlines())
    after = read(name, table, whole[:cut].split(b"\n"))
    n_whole = whole[:cut].count(b"\n")
    assert after[:n_whole] == before[:n_whole]


@given(st.text() | st.binary() | st.none() | st.floats() | st.integers())
def test_a_recorded_path_never_leads_out_of_its_folder(recorded):
    folder = Path(__file__).parent
    found = find_picture([folder], recorded)
    assert found is None or found.parent == folder


@pytest.mark.parametrize("recorded", ["/etc/passwd", "../conftest.py", "..", ".", "", "\0", "a\0b", "C:\\x\\.."])
def test_paths_outside_of_the_recording_name_no_picture(recorded):
    assert find_picture([Path("/etc"), Path(__file__).parent / "data"], recorded) in {None, Path("/etc/passwd")}
    assert find_picture([Path(__file__).parent / "data"], recorded) is None


@given(st.text() | st.floats() | st.integers() | st.booleans() | st.lists(st.integers()))
def test_a_number_is_finite_or_none(value):
    number = finite(value)
    assert number is None or math.isfinite(number)


def original(table: Path) -> list[bytes]:
    copy = table.with_suffix(".original")
    if not copy.exists():
        shutil.copyfile(table, copy)
    return copy.read_bytes().splitlines()


def read(name: str, table: Path, rows: list[bytes]) -> list[bytes]:
    """Return the pictures of the frames that can be read."""
    table.write_bytes(b"\n".join(rows))
    format_ = FORMATS.get(name)
    with contextlib.suppress(CopycarError):
        return [shot.picture for shot in format_.read(table.parent, format_.reading(), Notes())]
    return []
