import numpy as np
import pytest

from copycar.tubs.pack import ENTRY, INDEX, PICTURES, Picture, append, find, open_pictures, read_index

NONE = np.empty(0, dtype=ENTRY)
PICTURES_IN = [Picture(bytes([n + 1]) * 16, bytes([65 + n]) * (n + 1), (24, 32)) for n in range(5)]


@pytest.fixture
def pack(tmp_path):
    append(tmp_path, NONE, PICTURES_IN[:3])
    return tmp_path


def content(folder):
    """Every picture of a pack by its key."""
    mapped = open_pictures(folder)
    return {e["key"]: bytes(mapped[int(e["start"]) : int(e["start"]) + int(e["length"])]) for e in read_index(folder)}


def test_pictures_come_back(pack):
    assert content(pack) == {picture.key: picture.jpeg for picture in PICTURES_IN[:3]}
    assert set(zip(read_index(pack)["height"].tolist(), read_index(pack)["width"].tolist(), strict=True)) == {(24, 32)}


def test_more_are_added_without_touching_the_first(pack):
    before = (pack / PICTURES).read_bytes()
    append(pack, read_index(pack), PICTURES_IN[3:])
    assert content(pack) == {picture.key: picture.jpeg for picture in PICTURES_IN}
    assert (pack / PICTURES).read_bytes().startswith(before)


def test_keys_are_found_in_any_order(pack):
    entries = read_index(pack)
    keys = np.array([PICTURES_IN[n].key for n in (2, 4, 0, 2)], dtype="S16")
    assert find(entries, keys).tolist() == [2, -1, 0, 2]
    assert find(NONE, keys).tolist() == [-1] * 4


def test_what_a_killed_writer_left_is_cut_off(pack):
    whole = (pack / PICTURES).read_bytes()
    with (pack / PICTURES).open("ab") as file:
        file.write(b"half a pic")
    assert len(read_index(pack)) == 3
    append(pack, read_index(pack), PICTURES_IN[3:])
    assert (pack / PICTURES).read_bytes() == whole + b"DDDDEEEEE"


def test_a_writer_that_fails_leaves_what_there_was(pack):
    def failing():
        yield PICTURES_IN[3]
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        append(pack, read_index(pack), failing())
    assert content(pack) == {picture.key: picture.jpeg for picture in PICTURES_IN[:3]}


@pytest.mark.parametrize("kept", [0, 1, 40, 200])
def test_a_torn_index_is_an_empty_pack(pack, kept):
    data = (pack / INDEX).read_bytes()
    (pack / INDEX).write_bytes(data[:kept])
    assert len(read_index(pack)) == 0


def test_an_index_that_tells_of_more_than_there_is_counts_for_nothing(pack):
    with (pack / PICTURES).open("r+b") as file:
        file.truncate(4)
    assert len(read_index(pack)) == 0


def test_a_foreign_index_counts_for_nothing(pack):
    np.save(pack / INDEX, np.arange(3))
    assert len(read_index(pack)) == 0


def test_an_empty_pack_can_be_opened(tmp_path):
    append(tmp_path, NONE, [])
    assert len(open_pictures(tmp_path)) == 0
