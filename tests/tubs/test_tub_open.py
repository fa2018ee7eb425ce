import json
import shutil
from pathlib import Path

import pytest

from copycar.core.errors import CopycarError
from copycar.tubs.tub import Tub, open_tubs


def edit_lines(folder: Path, change) -> None:
    """Apply `change` to every record of the first catalog; None removes the line."""
    path = folder / "catalog_0.catalog"
    changed = [change(json.loads(line)) for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(line) + "\n" for line in changed if line is not None))


def test_healthy_tub_needs_no_repair(tub_folder):
    tub = Tub.open(tub_folder)
    assert [record.index for record in tub.records] == list(range(12))
    assert (tub.repairs, tub.deleted, tub.gaps, tub.image_size) == ([], frozenset(), [], (24, 32))
    assert [(episode.start, episode.stop) for episode in tub.episodes] == [(0, 12)]


@pytest.mark.parametrize(("name", "n"), [("tub-rc-car", 5015), ("tub-donkeycar-fixture", 1000)])
def test_real_donkeycar_tubs_open_without_repair(shared_data, name, n):
    tub = Tub.open(shared_data / name)
    assert (len(tub), tub.repairs, len(tub.episodes)) == (n, [], 1)
    assert tub.image_size == (120, 160)


def test_opening_writes_nothing(tub_folder):
    (tub_folder / "manifest.json").write_text("")
    before = {path: path.read_bytes() for path in tub_folder.rglob("*") if path.is_file()}
    assert len(Tub.open(tub_folder)) == 12
    assert before == {path: path.read_bytes() for path in tub_folder.rglob("*") if path.is_file()}


def test_frames_decode_to_what_was_recorded(tub_folder):
    frames = list(Tub.open(tub_folder).frames())
    assert len(frames) == 12
    assert frames[3].image.shape == (24, 32, 3)
    assert frames[3].t_ns == 150_000_000


def test_unreadable_picture_stops_the_frames_unless_somebody_listens(tub_folder):
    tub = Tub.open(tub_folder)
    tub.records[4].image_path.write_bytes(b"not a picture")
    with pytest.raises(CopycarError, match="4_cam_image_array_"):
        list(tub.frames())
    bad = []
    assert len(list(tub.frames(bad.append))) == 11
    assert [image.record.index for image in bad] == [4]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"user/angle": None}, "without a steering and throttle number"),
        ({"user/angle": float("nan")}, "without a steering and throttle number"),
        ({"user/throttle": "fast"}, "without a steering and throttle number"),
        ({"user/throttle": True}, "without a steering and throttle number"),
        ({"user/angle": 10**400}, "without a steering and throttle number"),
        ({"cam/image_array": "elsewhere.jpg"}, "without a picture"),
        ({"cam/image_array": None}, "without a picture"),
        ({"cam/image_array": ".."}, "without a picture"),
        ({"__empty__": True}, "that only fill a gap"),
        ({"_index": 3}, "whose number is used again later"),
    ],
)
def test_unusable_records_are_skipped_and_named(tub_folder, entry, words):
    edit_lines(tub_folder, lambda line: line | entry if line["_index"] == 2 else line)
    tub = Tub.open(tub_folder)
    assert [record.index for record in tub.records] == [0, 1, *range(3, 12)]
    assert any(words in repair for repair in tub.repairs), tub.repairs
    assert tub.gaps == [2]


def test_steering_out_of_range_is_clipped_and_named(tub_folder):
    edit_lines(tub_folder, lambda line: line | {"user/angle": -1.5} if line["_index"] == 2 else line)
    tub = Tub.open(tub_folder)
    assert tub.records[2].action.steering == -1.0
    assert any("clipped (first: 2)" in repair for repair in tub.repairs)


@pytest.mark.parametrize("path", ["C:\\cars\\images\\{}", "/home/me/tub/images/{}", "../../images/{}"])
def test_recorded_paths_never_leave_the_tub(tub_folder, path):
    edit_lines(tub_folder, lambda line: line | {"cam/image_array": path.format(line["cam/image_array"])})
    tub = Tub.open(tub_folder)
    assert len(tub) == 12
    assert {record.image_path.parent for record in tub.records} == {tub_folder / "images"}


def test_empty_picture_file_is_skipped_and_named(tub_folder):
    (tub_folder / "images" / "7_cam_image_array_.jpg").write_bytes(b"")
    tub = Tub.open(tub_folder)
    assert 7 not in {record.index for record in tub.records}
    assert any("empty picture file" in repair for repair in tub.repairs)


def test_records_of_the_cv_template_are_understood(tub_folder):
    def rename(line):
        return line | {"steering": line.pop("user/angle"), "throttle": line.pop("user/throttle")}

    expected = [record.action for record in Tub.open(tub_folder).records]
    edit_lines(tub_folder, rename)
    assert [record.action for record in Tub.open(tub_folder).records] == expected


def test_pictures_under_another_key_are_found_by_the_declared_inputs(tub_folder):
    for path in [tub_folder / "manifest.json", *tub_folder.glob("*.catalog")]:
        path.write_text(path.read_text().replace("cam/image_array", "cam/front"))
    assert len(Tub.open(tub_folder)) == 12


def test_damaged_declaration_of_the_inputs_costs_nothing(tub_folder):
    manifest = tub_folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace("cam/image_array", "cam /image_array"))
    assert len(Tub.open(tub_folder)) == 12


def test_tub_without_session_ids_is_one_episode(tub_folder):
    edit_lines(tub_folder, lambda line: {key: line[key] for key in line if key != "_session_id"})
    episodes = Tub.open(tub_folder).episodes
    assert [(episode.id, len(episode)) for episode in episodes] == [("", 5), ("23-11-14_0", 7)]


def test_pause_in_an_episode_is_a_gap(tub_folder):
    def pause(line):
        late = 3_000 if line["_index"] >= 3 else 0
        return line | {"_timestamp_ms": line["_timestamp_ms"] + late, "_t_ns": line["_t_ns"] + late * 1_000_000}

    edit_lines(tub_folder, pause)
    tub = Tub.open(tub_folder)
    assert tub.gaps == [3, 5]  # the later catalogs were not moved: their time runs backwards
    assert [len(segment) for segment in tub.segments] == [3, 2, 7]


def test_unlisted_catalog_is_found(tub_folder):
    manifest = tub_folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(', "catalog_2.catalog"', ""))
    tub = Tub.open(tub_folder)
    assert len(tub) == 12
    assert any("catalog_2.catalog was not listed" in repair for repair in tub.repairs)


def test_lost_catalog_costs_only_its_own_frames(tub_folder):
    Tub.open(tub_folder).delete([6, 11])
    (tub_folder / "catalog_0.catalog").unlink()
    tub = Tub.open(tub_folder)
    assert [record.index for record in tub.records] == [5, 7, 8, 9, 10]
    assert any("catalog_0.catalog is listed but missing" in repair for repair in tub.repairs)
    tub.repair()
    assert [record.index for record in Tub.open(tub_folder).records] == [5, 7, 8, 9, 10]


@pytest.mark.parametrize(
    "junk", [b"\xff\xfe\x00junk", b"{}{}", b"[1, 2]", b"[" * 5000, b"\x00" * 300], ids=lambda junk: repr(junk[:6])
)
def test_junk_line_costs_only_itself(tub_folder, junk):
    path = tub_folder / "catalog_1.catalog"
    lines = path.read_bytes().splitlines()
    lines[2] = junk
    path.write_bytes(b"\n".join(lines) + b"\n")
    tub = Tub.open(tub_folder)
    assert [record.index for record in tub.records] == [*range(7), *range(8, 12)]
    assert any("1 unreadable lines skipped (first: line 3)" in repair for repair in tub.repairs)


def test_windows_line_ends_and_blank_lines_are_fine(tub_folder):
    path = tub_folder / "catalog_0.catalog"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert len(Tub.open(tub_folder)) == 12


def test_record_behind_a_torn_line_is_saved(tub_folder):
    path = tub_folder / "catalog_0.catalog"
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([*lines[:2], lines[2][:40] + lines[3], lines[4]]) + b"\n")
    tub = Tub.open(tub_folder)
    assert [record.index for record in tub.records] == [0, 1, *range(3, 12)]
    assert any("saved" in repair for repair in tub.repairs)


def test_apple_shadow_files_are_no_catalogs(tub_folder):
    (tub_folder / "._catalog_0.catalog").write_bytes(b"\0\5\26\7")
    assert Tub.open(tub_folder).repairs == []


def test_foreign_folders_are_named(shared_data):
    with pytest.raises(CopycarError, match="Udacity"):
        Tub.open(shared_data / "udacity-sim")
    with pytest.raises(CopycarError, match="TensorKart"):
        Tub.open(shared_data / "tensorkart-mk64")


def test_parent_of_tubs_says_which_tubs(tub_folder):
    shutil.copytree(tub_folder, tub_folder.with_name("second"))
    with pytest.raises(CopycarError, match="it holds 2 of them: second, tub"):
        Tub.open(tub_folder.parent)


def test_missing_folder_gets_a_suggestion(tub_folder):
    with pytest.raises(CopycarError, match="did you mean tub"):
        Tub.open(tub_folder.with_name("tubb"))


def test_tub_without_frames_says_so(tmp_path):
    (tmp_path / "manifest.json").write_text("")
    with pytest.raises(CopycarError, match="has no frames"):
        Tub.open(tmp_path)


def test_globs_open_every_tub_once(tub_folder):
    shutil.copytree(tub_folder, tub_folder.with_name("second"))
    tubs = open_tubs([tub_folder.parent / "*", tub_folder])
    assert [tub.path.name for tub in tubs] == ["second", "tub"]
    assert len(open_tubs(tub_folder)) == 1
    with pytest.raises(CopycarError, match="matches no tub"):
        open_tubs([tub_folder / "*"])
    with pytest.raises(CopycarError, match="no tub was named"):
        open_tubs([])
