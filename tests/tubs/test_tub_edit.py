import json

import pytest

from copycar.core.errors import CopycarError
from copycar.tubs.fingerprint import fingerprint
from copycar.tubs.tub import Tub


def test_deleted_frames_are_left_out_and_come_back(tub_folder):
    tub = Tub.open(tub_folder)
    tub.delete([3, 4])
    assert (len(tub), tub.deleted, tub.gaps) == (10, {3, 4}, [3])
    assert Tub.open(tub_folder).deleted == {3, 4}
    assert len(list((tub_folder / "images").iterdir())) == 12
    tub.restore([3])
    assert [record.index for record in tub.records][:5] == [0, 1, 2, 3, 5]


def test_deletions_are_where_donkeycar_looks_for_them(tub_folder):
    Tub.open(tub_folder).delete([4, 2])
    assert json.loads((tub_folder / "manifest.json").read_text().splitlines()[4])["deleted_indexes"] == [2, 4]


def test_deletions_count_lines_where_numbers_have_a_gap(tub_folder):
    path = tub_folder / "catalog_0.catalog"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]))  # frame 1 is lost: frame 5 is now the line at position 4
    tub = Tub.open(tub_folder)
    tub.delete([5])
    assert json.loads((tub_folder / "manifest.json").read_text().splitlines()[4])["deleted_indexes"] == [4]
    assert Tub.open(tub_folder).deleted == {5}


def test_unknown_frame_cannot_be_deleted(tub_folder):
    with pytest.raises(CopycarError, match="has no frame 12"):
        Tub.open(tub_folder).delete([1, 12])
    assert Tub.open(tub_folder).deleted == frozenset()


def test_all_frames_may_be_deleted_and_restored(tub_folder):
    Tub.open(tub_folder).delete(range(12))
    tub = Tub.open(tub_folder)
    assert (len(tub), tub.episodes, tub.gaps, tub.segments) == (0, [], [], [])
    tub.restore(range(12))
    assert len(tub) == 12


def test_repair_leaves_a_healthy_tub_alone(tub_folder):
    before = {path: path.stat().st_mtime_ns for path in tub_folder.rglob("*") if path.is_file()}
    Tub.open(tub_folder).repair()
    assert before == {path: path.stat().st_mtime_ns for path in tub_folder.rglob("*") if path.is_file()}


def test_fingerprint_follows_the_live_content_only(tub_folder, tmp_path):
    tub = Tub.open(tub_folder)
    original = fingerprint(tub)
    tub.delete([3])
    assert fingerprint(tub) != original
    tub.restore([3])
    (tub_folder / "manifest.json").write_text("")
    moved = Tub.open(tub_folder.rename(tmp_path / "moved"))
    assert fingerprint(moved) == original
    moved.records[0].image_path.write_bytes(b"shorter")
    moved = Tub.open(moved.path)
    assert fingerprint(moved) != original
    assert fingerprint([moved, moved]) != fingerprint(moved)
