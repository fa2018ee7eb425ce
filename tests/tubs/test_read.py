import errno
import os

import pytest

from copycar.core.errors import CopycarError
from copycar.tubs.read import PART, read_picture, read_pictures


@pytest.mark.parametrize("n_bytes", [0, 1, PART - 1, PART, PART + 1, 3 * PART])
def test_a_file_of_any_length_is_read_whole(tmp_path, n_bytes):
    data = os.urandom(n_bytes)
    (tmp_path / "picture").write_bytes(data)
    assert read_picture(tmp_path / "picture") == data


def test_many_files_come_in_their_order(tmp_path):
    paths = [str(tmp_path / str(number)) for number in range(50)]
    for number, path in enumerate(paths):
        if number % 7:
            with open(path, "w", encoding="ascii") as file:  # noqa: PTH123
                file.write(str(number))
    assert read_pictures(paths) == [str(number).encode() if number % 7 else b"" for number in range(50)]
    assert read_pictures([]) == []


def test_what_is_no_file_is_empty(tmp_path):
    assert read_picture(tmp_path) == b""
    assert read_picture(tmp_path / "missing") == b""


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="counts open files by /proc")  # noqa: PTH112
def test_no_file_stays_open(tmp_path):
    (tmp_path / "picture").write_bytes(b"data")
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    read_pictures([str(tmp_path / "picture"), str(tmp_path), "missing"] * 20)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_a_picture_is_not_blamed_for_too_many_open_files(monkeypatch):
    def refuse(*_):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(CopycarError, match="ulimit"):
        read_picture("1_cam_image_array_.jpg")
