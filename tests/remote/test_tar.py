"""Archives that are the same every time, and those that were made to hurt."""

import gzip
import io
import tarfile
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.remote import tar


def archive(*members, compress=False):
    """A tar of (name, what): bytes, or changes to its header."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as file:
        for name, what in members:
            info = tarfile.TarInfo(name)
            content = what if isinstance(what, bytes) else b""
            info.size = len(content)
            for key, value in ({} if isinstance(what, bytes) else what).items():
                setattr(info, key, value)
            file.addfile(info, io.BytesIO(content))
    data = buffer.getvalue()
    return gzip.compress(data) if compress else data


def unpack(data, folder):
    folder.mkdir()
    return tar.extract(io.BytesIO(data), len(data), folder, "it.tgz")


names = st.from_regex(r"[a-z0-9_]{1,12}(/[a-z0-9_.]{1,120}x){0,2}", fullmatch=True)


@settings(max_examples=25, deadline=None)
@given(files=st.dictionaries(names, st.binary(max_size=2000), max_size=6))
def test_what_is_written_comes_out_the_same(files, tmp_path_factory):
    whole = {name: data for name, data in files.items() if not any(other.startswith(name + "/") for other in files)}
    data = tar.written(whole.items())
    assert data == tar.written(whole.items())
    folder = tmp_path_factory.mktemp("out") / "new"
    assert unpack(data, folder) == list(whole)
    assert {name: (folder / name).read_bytes() for name in whole} == whole


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("../evil", b"x"),
        ("images/../../evil", b"x"),
        ("/etc/evil", b"x"),
        ("C:\\evil", b"x"),
        ("images\\..\\evil", b"x"),
        ("evil", {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}),
        ("evil", {"type": tarfile.LNKTYPE, "linkname": "manifest.json"}),
        ("evil", {"type": tarfile.CHRTYPE}),
        ("evil", {"type": tarfile.BLKTYPE}),
        ("evil", {"type": tarfile.FIFOTYPE}),
        ("x" * 300, b"x"),
    ],
)
def test_names_that_lead_elsewhere_links_and_devices_are_refused(name, what, tmp_path):
    with pytest.raises(CopycarError, match="was not unpacked") as refusal:
        unpack(archive(("manifest.json", b"ok"), (name, what)), tmp_path / "new")
    assert "honest archive" in refusal.value.fix
    assert not list(tmp_path.glob("**/evil"))


def test_a_file_twice_is_refused(tmp_path):
    with pytest.raises(CopycarError, match="twice"):
        unpack(archive(("a", b"1"), ("a", b"2")), tmp_path / "new")
    with pytest.raises(CopycarError, match="twice"):
        unpack(archive(("b", b"1"), ("b/c", b"2")), tmp_path / "other")


def test_a_bomb_stops_before_it_fills_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(tar, "LEAST_ALLOWED_BYTES", 1 << 20)
    bomb = archive(("manifest.json", bytes(50 << 20)), compress=True)
    with pytest.raises(CopycarError, match="more than"):
        unpack(bomb, tmp_path / "new")
    assert sum(path.stat().st_size for path in (tmp_path / "new").iterdir()) <= len(bomb) * tar.MOST_GROWTH


def test_a_bomb_of_files_stops(tmp_path, monkeypatch):
    monkeypatch.setattr(tar, "MOST_FILES", 10)
    with pytest.raises(CopycarError, match="more than 10 files"):
        unpack(archive(*((f"{number}", b"") for number in range(20))), tmp_path / "new")


def test_a_header_that_claims_to_be_huge_does_not_fill_the_memory(tmp_path):
    header = tarfile.TarInfo("long")
    header.type, header.size = tarfile.XHDTYPE, 200 << 20
    data = gzip.compress(header.tobuf(tarfile.USTAR_FORMAT) + bytes(200 << 20))
    tracemalloc.start()
    with pytest.raises(CopycarError, match="header"):
        unpack(data, tmp_path / "new")
    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()


@settings(max_examples=40, deadline=None)
@given(cut=st.integers(0, 10_000), compress=st.booleans())
def test_an_archive_torn_at_any_byte_is_damaged_or_whole(cut, compress, tmp_path_factory):
    whole = archive(("a", bytes(range(256)) * 12), ("b", b"2" * 700), compress=compress)
    torn = whole[: min(cut, len(whole))]
    folder = tmp_path_factory.mktemp("torn") / "new"
    try:
        found = unpack(torn, folder)
    except CopycarError as error:
        assert "damaged" in str(error)
    else:
        assert found in (["a", "b"], ["a"], [])  # a tar that is cut between members is a shorter tar
