"""A recorder killed at any byte: every frame that it had finished is there.

Thousands of damages, each to a tub of a few frames and made from the one before by cutting a little more off.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from copycar.core.clock import FakeClock
from copycar.core.errors import CopycarError
from copycar.testing.tub import make_frame, make_tub
from copycar.tubs.tub import Tub
from copycar.tubs.write import TubWriter

SMALL = (8, 16)
N_FRAMES, MAX_LEN = 7, 3
EVERY_NTH_PICTURE_BYTE = 8
N_RANDOM = 2000

Files = dict[Path, bytes]


def texts(folder: Path) -> Files:
    """Catalogs, line indexes and the manifest."""
    return {path: path.read_bytes() for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")}


def put(path: Path, data: bytes) -> None:
    """Give a file this content in place: emptying it first would make ext4 wait for the disk."""
    with path.open("r+b") as file:
        file.write(data)
        file.truncate()


def found(folder: Path) -> list[int]:
    """Return the frames that are there after opening; none where it says that there is nothing."""
    try:
        return [row.number for row in Tub.open(folder).records.rows()]
    except CopycarError:
        return []


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> tuple[Path, list[Files]]:
    """A recording, and what lay in its folder after each frame: the recorder is never closed."""
    folder = tmp_path_factory.mktemp("killed") / "tub"
    writer = TubWriter(folder, clock=FakeClock(), max_len=MAX_LEN)
    after = []
    for _ in range(N_FRAMES):
        writer.append(make_frame(image_size=SMALL))
        after.append(texts(folder))
    writer.close()
    return folder, after


def kills(folder: Path, after: list[Files]) -> Iterator[int]:
    """Bring the folder, from its end backwards, into every state that a kill can leave; yield the finished frames."""
    for number in reversed(range(N_FRAMES)):
        before = after[number - 1] if number else {}
        become(folder, after[number])
        yield number + 1
        catalogs = {path: data for path, data in after[number].items() if path.suffix == ".catalog"}
        become(folder, before | catalogs)  # killed after the line was written, before the indexes were replaced
        yield number + 1
        catalog = folder / f"catalog_{number // MAX_LEN}.catalog"
        start, stop = len(before.get(catalog, b"")), len(catalogs[catalog])
        for kept in cuts(catalog, stop, start):
            yield number + (kept == stop - 1)  # only its line end is missing
        become(folder, before)
        picture = folder / "images" / f"{number}_cam_image_array_.jpg"
        for _ in cuts(picture, picture.stat().st_size, 0, EVERY_NTH_PICTURE_BYTE):
            yield number
        picture.unlink()


def become(folder: Path, files: Files) -> None:
    """Let the folder hold these texts and no others."""
    for path in texts(folder).keys() - files.keys():
        path.unlink()
    for path, data in files.items():
        path.touch()
        put(path, data)


def cuts(path: Path, stop: int, start: int, step: int = 1) -> Iterator[int]:
    """Shorten a file of `stop` bytes to `start`, `step` bytes at a time; yield how many are left."""
    for kept in range(stop - 1, start - 1, -step):
        os.truncate(path, kept)
        yield kept


def test_a_recorder_killed_at_any_byte_loses_no_finished_frame(recorded):
    folder, after = recorded
    pictures = {path.name: path.read_bytes() for path in (folder / "images").iterdir()}
    n_kills = 0
    for n_finished in kills(folder, after):
        n_kills += 1
        assert found(folder) == list(range(n_finished))
        if n_finished:
            name = f"{n_finished - 1}_cam_image_array_.jpg"
            assert (folder / "images" / name).read_bytes() == pictures[name]
    assert n_kills > 1500
    assert found(folder) == []


def whole_lines(data: bytes, kept: int) -> int:
    """Return how many lines are whole in the first `kept` bytes; the last line end may be missing."""
    return sum(kept >= place for place, byte in enumerate(data) if byte == ord("\n"))


def test_every_file_torn_at_a_random_byte_costs_only_what_was_cut_off(tmp_path):
    folder = make_tub(tmp_path / "tub", n_frames=N_FRAMES, image_size=SMALL, max_len=MAX_LEN)
    chance = random.Random(0)
    files = texts(folder)
    pictures = [folder / "images" / f"{number}_cam_image_array_.jpg" for number in range(N_FRAMES)]
    for case in range(N_RANDOM):
        expected, emptied = [], chance.randrange(2 * N_FRAMES)  # in half of the cases no picture
        for path, data in files.items():
            kept = chance.randint(0, len(data))
            put(path, data[:kept])
            if path.suffix == ".catalog":
                first = MAX_LEN * int(path.stem.rpartition("_")[2])
                expected += range(first, first + whole_lines(data, kept))
        if emptied < N_FRAMES:
            data = pictures[emptied].read_bytes()
            os.truncate(pictures[emptied], 0)
        left = sorted(number for number in expected if number != emptied)
        assert found(folder) == left, f"case {case}"
        if emptied < N_FRAMES:
            put(pictures[emptied], data)
