import json
import shutil

import pytest

from copycar.testing.tub import make_tub
from copycar.tubs import remembered
from copycar.tubs.remembered import REMEMBERED, describe_once
from copycar.tubs.tub import Tub


@pytest.fixture
def folder(tmp_path):
    """A tub whose description is remembered."""
    folder = make_tub(tmp_path / "tub", n_frames=12, image_size=(24, 32), max_len=5)
    describe_once(folder, long_frames=1)
    return folder


@pytest.fixture
def looks(monkeypatch):
    """Folders that were really looked at."""
    seen, describe = [], remembered.describe
    monkeypatch.setattr(remembered, "describe", lambda path: seen.append(path) or describe(path))
    return seen


def delete_a_frame(folder):
    Tub.open(folder).delete([3])


def append_a_frame(folder):
    make_tub(folder, n_frames=1, image_size=(24, 32))


def tear_a_catalog(folder):
    with (folder / "catalog_1.catalog").open("ab") as file:
        file.write(b"{")


def lose_a_line_index(folder):
    (folder / "catalog_1.catalog_manifest").unlink()


def lose_a_picture(folder):
    Tub.open(folder).records[0].image_path.unlink()


CHANGES = [delete_a_frame, append_a_frame, tear_a_catalog, lose_a_line_index, lose_a_picture]
DAMAGES = ["", "[]", "{", '{"version": 1}', "null", "[" * 100_000]


def test_an_unchanged_recording_is_not_looked_at_twice(folder, looks):
    first = describe_once(folder)
    assert looks == []
    assert first == remembered.describe(folder)


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_recording_is_looked_at_again(folder, looks, change):
    change(folder)
    assert describe_once(folder) == remembered.describe(folder)
    assert len(looks) == 2


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_memory_is_ignored_and_replaced(folder, looks, damage):
    (folder / REMEMBERED).write_text(damage)
    described = describe_once(folder, long_frames=1)
    assert len(looks) == 1
    assert describe_once(folder) == described
    assert len(looks) == 1


def test_a_memory_without_a_description_is_ignored(folder, looks):
    kept = json.loads((folder / REMEMBERED).read_text())
    (folder / REMEMBERED).write_text(json.dumps(kept | {"described": {"frames": 1}}))
    assert describe_once(folder)["frames"] == 12
    assert looks == [folder]


def test_a_folder_that_cannot_be_written_to_is_described_each_time(tmp_path, looks, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")  # a read-only folder does not stop root

    folder = make_tub(tmp_path / "tub", n_frames=12, image_size=(24, 32))
    monkeypatch.setattr(remembered, "write_json", refuse)
    assert describe_once(folder, long_frames=1) == describe_once(folder, long_frames=1)
    assert len(looks) == 2
    assert not (folder / REMEMBERED).exists()


def test_nothing_is_written_for_a_short_recording(tmp_path):
    folder = make_tub(tmp_path / "tub", n_frames=12, image_size=(24, 32))
    before = sorted(path.name for path in folder.iterdir())
    describe_once(folder)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_moved_recording_is_remembered_under_its_new_path(folder, tmp_path, looks):
    moved = shutil.move(folder, tmp_path / "moved")
    assert describe_once(moved)["path"] == str(moved)
    assert looks == []


def test_looking_again_can_be_asked_for(folder, looks):
    Tub.open(folder).records[0].image_path.write_bytes(b"no picture")  # in place: the folder's time stays
    assert describe_once(folder)["frames"] == 12
    assert describe_once(folder, is_fresh=True, long_frames=1)["frames"] == 11
    assert describe_once(folder)["frames"] == 11
    assert looks == [folder]


def test_what_is_remembered_does_not_disturb_the_tub(folder):
    tub = Tub.open(folder)
    assert (len(tub), tub.repairs) == (12, [])
