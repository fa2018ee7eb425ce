"""What holds for every conversion, whatever the formats."""

from pathlib import Path

import pytest

from copycar.core.errors import CopycarError
from copycar.tubs.formats.convert import convert
from copycar.tubs.formats.png import decode_png, encode_png
from copycar.tubs.formats.registry import FORMATS, detect_format
from copycar.tubs.recognise import foreign_kind
from copycar.tubs.tub import Tub
from copycar.tubs.write import TubWriter

READABLE = [name for name in FORMATS if FORMATS.get(name).read]
WRITABLE = [name for name in FORMATS if FORMATS.get(name).write]
N_FRAMES = {"autcar": 12, "autcar-balanced": 6, "donkeycar-v1": 6, "lerobot": 8, "movie": 10}
N_FRAMES |= {"tensorkart": 8, "tub": 28, "udacity": 8}


@pytest.mark.parametrize("name", READABLE)
def test_every_format_is_recognised_and_becomes_a_tub(name, make_source, tmp_path):
    source = make_source[name]()
    result = convert(source, tmp_path / "out")
    assert (result.source_format, result.destination_format, result.dropped) == (name, "tub", 0)
    tub = Tub.open(tmp_path / "out")
    assert len(tub) == result.frames == N_FRAMES[name]
    assert len(list(tub.frames())) == len(tub)
    assert not tub.repairs


@pytest.mark.parametrize("name", WRITABLE)
def test_every_writable_format_is_reached_from_a_foreign_one(name, sources, tmp_path):
    result = convert(sources.tensorkart(n=12), tmp_path / "out", to=name)
    assert result.destination_format == name
    assert (tmp_path / "out").exists()


@pytest.mark.parametrize("name", READABLE)
def test_the_source_is_never_changed(name, make_source, tmp_path):
    source = make_source[name]()
    before = {path: path.read_bytes() for path in [source, *source.rglob("*")] if path.is_file()}
    convert(source, tmp_path / "out")
    assert before == {path: path.read_bytes() for path in [source, *source.rglob("*")] if path.is_file()}


def test_foreign_folders_are_named_by_the_same_detection(sources):
    assert foreign_kind(sources.tensorkart()) == FORMATS.get("tensorkart").words
    assert foreign_kind(sources.tub()) == ""
    with pytest.raises(CopycarError, match="copycar tub convert"):
        Tub.open(sources.udacity())
    with pytest.raises(CopycarError, match="AutCar"):
        TubWriter(sources.autcar())


def test_a_tub_that_holds_a_table_is_still_a_tub(sources):
    folder = sources.tub()
    (folder / "data.csv").write_text("mine")
    assert detect_format(folder) == "tub"
    TubWriter(folder).close()


def test_nothing_is_written_over(sources, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep")
    with pytest.raises(CopycarError, match="exists already"):
        convert(sources.tensorkart(), tmp_path / "out")
    assert (tmp_path / "out" / "mine.txt").read_text() == "keep"


def test_an_empty_folder_may_be_the_destination(sources, tmp_path):
    (tmp_path / "out").mkdir()
    assert convert(sources.tensorkart(), tmp_path / "out").frames == 8


@pytest.mark.parametrize("to", ["tub", "tensorkart", "lerobot", "csv"])
def test_an_interrupted_conversion_leaves_nothing(to, sources, tmp_path):
    def interrupt(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(sources.tub(), tmp_path / "there" / "out", to=to, on_progress=interrupt)
    assert list((tmp_path / "there").iterdir()) == []


def test_progress_counts_every_frame(sources, tmp_path):
    told = []
    convert(sources.tensorkart(), tmp_path / "out", on_progress=lambda done, total: told.append((done, total)))
    assert told == [(number, 8) for number in range(1, 9)]


def test_a_folder_of_recordings_says_which(sources, tmp_path):
    sources.tensorkart("one"), sources.udacity("two")
    with pytest.raises(CopycarError, match="holds 2 of them: one, two"):
        convert(sources.folder, tmp_path / "out")


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"side_cameras": "0.2"}, "--side-cameras means nothing"),
        ({"rate": 0.0}, "--rate 0 is not possible"),
        ({"quality": 101}, "--quality 101"),
    ],
)
def test_impossible_options_are_named(options, fault, sources, tmp_path):
    with pytest.raises(CopycarError, match=fault):
        convert(sources.tensorkart(), tmp_path / "out", options=options)


def test_what_cannot_be_is_said(sources, tmp_path):
    source = sources.tub()
    with pytest.raises(CopycarError, match="udacity is read by copycar, but not written"):
        convert(source, tmp_path / "out", to="udacity")
    with pytest.raises(CopycarError, match="csv is written by copycar, but not read"):
        convert(source, tmp_path / "out", from_="csv")
    with pytest.raises(CopycarError, match="did you mean tensorkart"):
        convert(source, tmp_path / "out", to="tensorcart")
    with pytest.raises(CopycarError, match="no folder"):
        convert(tmp_path / "nothing", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_tub_becomes_a_sound_copy_with_its_deletions(sources, tmp_path):
    source = sources.tub()
    manifest = source / "manifest.json"
    manifest.write_bytes(manifest.read_bytes()[:-1])
    before = Tub.open(source)
    result = convert(source, tmp_path / "out")
    after = Tub.open(tmp_path / "out")
    assert (result.frames, result.deleted, result.episodes) == (28, 2, 2)
    assert after.deleted == before.deleted
    assert after.metadata["location"] == "hall"
    assert [pixels(record) for record in after.records] == [pixels(record) for record in before.records]
    assert [record.values for record in after.records] == [record.values for record in before.records]
    assert [record.action for record in after.records] == [record.action for record in before.records]
    assert [record.timestamp_ms for record in after.records] == [record.timestamp_ms for record in before.records]


def test_a_tub_full_of_damage_gives_every_good_frame(sources, tmp_path):
    source = sources.tub()
    images = source / "images"
    (images / "3_cam_image_array_.jpg").write_bytes(b"")
    torn = images / "4_cam_image_array_.jpg"
    torn.write_bytes(torn.read_bytes()[:300])
    (images / "5_cam_image_array_.jpg").unlink()
    result = convert(source, tmp_path / "out")
    assert (result.frames, result.deleted) == (25, 2)
    assert any("unusable picture" in note and "frame 4" in note for note in result.notes)


def test_a_picture_of_another_size_costs_only_itself(sources, tmp_path):
    folder = sources.tensorkart()
    image = decode_png((folder / "img_0.png").read_bytes())
    (folder / "img_0.png").write_bytes(encode_png(image.repeat(2, axis=0)))
    result = convert(folder, tmp_path / "out")
    assert result.frames == 7
    assert any("another size than the others' 32x24" in note and "data.csv line 1" in note for note in result.notes)


def test_a_full_disk_leaves_nothing(sources, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "x.png")

    source = sources.tub()
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CopycarError, match="No space left"):
        convert(source, tmp_path / "there" / "out", to="tensorkart")
    assert list((tmp_path / "there").iterdir()) == []


def pixels(record) -> bytes:
    return record.image_path.read_bytes()
