import json

from copycar.tubs.formats.convert import convert
from copycar.tubs.tub import Tub


def test_pictures_are_copied_byte_for_byte_and_cleaned_frames_stay_deleted(sources, tmp_path):
    source = sources.donkeycar_v1()
    result = convert(source, tmp_path / "out")
    tub = Tub.open(tmp_path / "out")
    assert (result.frames, result.deleted) == (6, 2)
    assert tub.deleted == {2, 3}
    assert tub.metadata["location"] == "hall"
    for record, number in zip(tub.records, [1, 2, 5, 6, 7, 8], strict=True):
        assert record.image_path.read_bytes() == (source / f"{number}_cam-image_array_.jpg").read_bytes()
        assert record.values["speed"] == number / 2
        assert record.timestamp_ms == 1_564_650_000_000 + number * 50
    assert tub.episodes[0].id.startswith("19-08-01_")


def test_records_are_ordered_by_number_not_by_name(sources, tmp_path):
    convert(sources.donkeycar_v1(n=12), tmp_path / "out")
    assert [record.values["speed"] for record in Tub.open(tmp_path / "out").records][-3:] == [5.0, 5.5, 6.0]


def test_a_policys_drive_keeps_its_own_action_and_mode(sources, tmp_path):
    source = sources.donkeycar_v1()
    change(source, 1, {"user/mode": "local_angle", "pilot/angle": 0.75, "pilot/throttle": 0.25})
    convert(source, tmp_path / "out")
    frame = next(iter(Tub.open(tmp_path / "out").frames()))
    assert frame.decision.action == (0.75, 0.25)
    assert frame.decision.label == (-0.5, 0.5)
    assert frame.decision.source == "policy"
    assert frame.extras["source/mode"] == "local_angle"


def test_every_bad_record_is_named_and_costs_only_itself(sources, tmp_path):
    source = sources.donkeycar_v1(n=20)
    (source / "record_1.json").write_text('{"user/angle": 0.')
    change(source, 2, {"user/angle": "left"})
    change(source, 5, {"user/angle": float("nan")})
    change(source, 6, {"cam/image_array": "/etc/passwd"})
    change(source, 7, {"cam/image_array": "../../elsewhere.jpg"})
    change(source, 8, {"cam/image_array": 5})
    (source / "9_cam-image_array_.jpg").write_bytes(b"")
    (source / "record_10.json").write_text("[" * 100_000)
    change(source, 11, {"imu": {"x": 2}, "speed": "quick"})
    change(source, 12, {"user/angle": 1.5})
    result = convert(source, tmp_path / "out")
    assert (result.dropped, result.frames, result.deleted) == (8, 10, 2)
    notes = "\n".join(result.notes)
    for place in (
        "record_1.json",
        "record_2.json",
        "record_6.json, passwd",
        "record_9.json",
        "record_11.json",
        "record_12",
    ):
        assert place in notes


def test_a_tub_without_meta_and_times_is_read(sources, tmp_path):
    source = sources.donkeycar_v1()
    (source / "meta.json").unlink()
    (source / "exclude.json").write_text("{")
    for number in range(1, 9):
        change(source, number, {"milliseconds": None})
    (source / "record_5.json").unlink()
    result = convert(source, tmp_path / "out")
    assert (result.frames, result.episodes) == (7, 2)
    assert any("meta.json" in note for note in result.notes)
    assert any("exclude.json" in note for note in result.notes)


def test_further_cameras_and_lists_come_along(sources, tmp_path):
    source = sources.donkeycar_v1()
    meta = json.loads((source / "meta.json").read_text())
    meta["inputs"] += ["cam/rear", "imu"]
    meta["types"] += ["image_array", "nparray"]
    (source / "meta.json").write_text(json.dumps(meta))
    for number in range(1, 9):
        change(source, number, {"cam/rear": f"{9 - number}_cam-image_array_.jpg", "imu": [number, 0.5]})
    change(source, 2, {"cam/rear": "../nothing.jpg", "imu": ["x"]})
    result = convert(source, tmp_path / "out")
    records = Tub.open(tmp_path / "out").records
    rear = records[0].image_path.with_name(records[0].values["cam/rear"])
    assert rear.read_bytes() == (source / "8_cam-image_array_.jpg").read_bytes()
    assert records[0].values["imu"] == [1, 0.5]
    assert not {"cam/rear", "imu"} & records[1].values.keys()
    assert any("with a imu that a tub cannot hold" in note and "record_2.json" in note for note in result.notes)
    convert(tmp_path / "out", tmp_path / "again")
    again = Tub.open(tmp_path / "again").records[0]
    assert again.image_path.with_name(again.values["cam/rear"]).read_bytes() == rear.read_bytes()
    assert again.values["imu"] == [1, 0.5]


def change(folder, number, values):
    path = folder / f"record_{number}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))
