import json

import pytest

from copycar.core.errors import CopycarError
from copycar.testing.tub import make_tub
from copycar.tubs.doctor.examine import cure, examine
from copycar.tubs.doctor.report import headline, write_report
from copycar.tubs.tub import Tub


@pytest.fixture
def ill(tmp_path):
    folder = make_tub(tmp_path / "ill", n_frames=60, image_size=(24, 32))
    (folder / "images" / "5_cam_image_array_.jpg").write_bytes(b"")
    (folder / "images" / "9_cam_image_array_.jpg").write_bytes(b"torn")
    with (folder / "catalog_0.catalog").open("ab") as file:
        file.write(b'{"_index": 60')
    return folder


def statuses(examination):
    return {verdict.name: verdict.status for verdict in examination.verdicts}


def test_looking_writes_nothing(ill):
    before = {path: path.stat().st_mtime_ns for path in ill.rglob("*")}
    examine(ill)
    assert before == {path: path.stat().st_mtime_ns for path in ill.rglob("*")}


def test_safe_cures_heal_and_can_be_undone(ill):
    (one,) = examine(ill)
    assert one.is_broken
    assert {verdict.name for verdict in cure(one)} == {"files", "unreadable_pictures"}
    (healed,) = examine(ill)
    assert not healed.is_broken
    assert Tub.open(ill).deleted == {5, 9}
    Tub.open(ill).undo()
    assert statuses(examine(ill)[0])["unreadable_pictures"] == "broken"


def test_what_a_person_should_look_at_is_cured_only_when_named(tmp_path):
    folder = make_tub(tmp_path, n_frames=100, image_size=(24, 32))
    make_tub(tmp_path, n_frames=9, image_size=(24, 32), seed=1)
    assert cure(examine(folder)[0]) == []
    named = examine(folder, only=["short_stretches"])[0]
    assert list(statuses(named)) == ["short_stretches"]
    cure(named, only=["short_stretches"])
    assert Tub.open(folder).deleted == set(range(100, 109))


def test_an_empty_tub_among_others_is_a_verdict_and_no_end(ill, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "manifest.json").write_text('[]\n[]\n{}\n{}\n{"paths": [], "current_index": 0}\n')
    first, second = examine([empty, ill])
    assert (statuses(first), first.tub) == ({"files": "broken"}, None)
    assert "no frames" in first.verdicts[0].words
    assert len(second.verdicts) > 10
    assert cure(first) == []


def test_an_unknown_check_gets_the_nearest_name(ill):
    with pytest.raises(CopycarError, match="did you mean lag"):
        examine(ill, only=["lagg"])


def test_scripts_get_the_promised_keys(ill):
    told = json.loads(json.dumps(examine(ill)[0].as_json()))
    for verdict in told["verdicts"]:
        assert {"name", "status", "count", "first", "fix"} <= verdict.keys()
        assert verdict["status"] in {"ok", "look", "broken"}
    unreadable = next(verdict for verdict in told["verdicts"] if verdict["name"] == "unreadable_pictures")
    assert (unreadable["count"], unreadable["first"]) == (2, 5)
    assert unreadable["fix"] == f"copycar tub check {ill} --fix"


def test_the_page_holds_its_pictures_and_escapes_what_it_shows(ill, tmp_path):
    odd = ill.rename(tmp_path / "<b>tub")
    page = write_report(tmp_path / "check.html", examine(odd)).read_text()
    assert page.count("data:image/jpeg;base64,") >= 6
    assert "<b>tub" not in page
    assert "the file is empty" in page
    assert "http" not in page


def test_the_headline_counts(ill, tub_folder):
    assert headline(examine(ill, only=["files", "unreadable_pictures"])) == "2 things are broken."
    assert headline(examine(tub_folder, only=["files"])) == "This recording is healthy."
