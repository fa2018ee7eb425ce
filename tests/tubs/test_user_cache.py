import os

import pytest

from copycar.tubs import user_cache as module
from copycar.tubs.user_cache import NoRoomError, claim, user_cache


@pytest.fixture
def root(tmp_path):
    return tmp_path / "cache"


def entry(root, name, *, used_s, n_bytes=100, source=None):
    """Make an entry of about so many bytes, last used at that second."""
    folder = root / name
    claim(folder, source or root.parent, 0)
    (folder / "data").write_bytes(b"." * n_bytes)
    os.utime(folder, (used_s, used_s))
    return folder


def names(root):
    return sorted(folder.name for folder in root.iterdir())


def test_what_was_not_used_for_longest_makes_room(root):
    for used_s, name in enumerate("abcd", 1000):
        entry(root, name, used_s=used_s, n_bytes=10_000)
    claim(root / "new", root.parent, 5000, most_bytes=27_000)
    assert names(root) == ["c", "d", "new"]


def test_what_fits_stays(root):
    entry(root, "a", used_s=1)
    entry(root, "b", used_s=2)
    claim(root / "new", root.parent, 5000)
    assert names(root) == ["a", "b", "new"]


def test_an_entry_whose_source_is_gone_goes_first(root, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    entry(root, "orphan", used_s=5000, source=gone)
    entry(root, "old", used_s=1)
    gone.rmdir()
    claim(root / "new", root.parent, 1)
    assert names(root) == ["new", "old"]


def test_an_entry_that_tells_nothing_of_itself_goes(root):
    (root / "torn").mkdir(parents=True)
    (root / "torn" / "about.json").write_text("{")
    claim(root / "new", root.parent, 1)
    assert names(root) == ["new"]


def test_the_last_of_the_disk_is_left_to_others(root, monkeypatch):
    monkeypatch.setattr(module, "LEAST_FREE_BYTES", 10**18)
    with pytest.raises(NoRoomError, match="GB are free"):
        claim(root / "new", root.parent, 1)


def test_a_cache_that_cannot_be_written_is_no_room(root):
    root.write_text("a file, no folder")
    with pytest.raises(NoRoomError, match="cannot be written"):
        claim(root / "new", root.parent, 1)


def test_the_cache_follows_the_customs_of_the_system(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache() == tmp_path / "copycar"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert "copycar" in user_cache().parts
