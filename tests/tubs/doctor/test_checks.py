import json

import numpy as np
import pytest
from drives import HEIGHT, WIDTH, pictures_of, record, steering_of

from copycar.testing.tub import make_tub
from copycar.tubs.doctor.evidence import collect
from copycar.tubs.doctor.registry import CHECKS, names_in_order
from copycar.tubs.jpeg import encode_jpeg
from copycar.tubs.tub import Tub
from copycar.tubs.work.flip import flip
from copycar.tubs.work.recolour import recolour

N = 240
SIMULATED = {"track/progress": 0.0}


@pytest.fixture(scope="module")
def steering():
    return steering_of(N)


@pytest.fixture(scope="module")
def pictures(steering):
    return pictures_of(steering)


def verdict(name, folder, *earlier):
    before = tuple(collect(Tub.open(other)) for other in earlier)
    return CHECKS.get(name)(collect(Tub.open(folder), earlier=before))


def picture_path(folder, index):
    return folder / "images" / f"{index}_cam_image_array_.jpg"


def test_a_healthy_drive_is_ok_in_every_check(tmp_path, steering, pictures):
    evidence = collect(Tub.open(record(tmp_path, steering, pictures, extras=SIMULATED)))
    assert {name: CHECKS.get(name)(evidence).status for name in CHECKS} == dict.fromkeys(CHECKS, "ok")


def test_the_order_of_the_report_names_every_check():
    assert sorted(names_in_order()) == CHECKS.names()


def test_damaged_files_are_broken_and_can_be_mended(tmp_path):
    make_tub(tmp_path, n_frames=20, image_size=(24, 32))
    (tmp_path / "manifest.json").write_text("[")
    found = verdict("files", tmp_path)
    assert (found.status, found.is_safe, found.deletes) == ("broken", True, False)


def test_unreadable_pictures_of_every_kind_are_counted(tmp_path):
    make_tub(tmp_path, n_frames=20, image_size=(24, 32))
    picture_path(tmp_path, 3).unlink()
    picture_path(tmp_path, 5).write_bytes(b"")
    picture_path(tmp_path, 7).write_bytes(picture_path(tmp_path, 7).read_bytes()[:-80])
    picture_path(tmp_path, 9).write_bytes(b"no picture at all")
    found = verdict("unreadable_pictures", tmp_path)
    assert (found.status, found.frames) == ("broken", [3, 5, 7, 9])


def test_not_one_readable_picture_is_a_verdict_too(tmp_path):
    make_tub(tmp_path, n_frames=3, image_size=(24, 32))
    for index in range(3):
        picture_path(tmp_path, index).write_bytes(b"?")
    evidence = collect(Tub.open(tmp_path))
    statuses = {name: CHECKS.get(name)(evidence).status for name in CHECKS}
    assert statuses["unreadable_pictures"] == "broken"
    assert set(statuses.values()) == {"ok", "broken"}


def test_a_picture_of_another_size_is_not_called_unreadable(tmp_path):
    make_tub(tmp_path, n_frames=20, image_size=(24, 32))
    picture_path(tmp_path, 4).write_bytes(encode_jpeg(np.full((48, 64, 3), 90, np.uint8)))
    assert verdict("picture_size", tmp_path).frames == [4]
    assert verdict("unreadable_pictures", tmp_path).status == "ok"


@pytest.mark.parametrize("level", [0, 255, 120])
def test_empty_pictures_are_broken(tmp_path, steering, pictures, level):
    flat = pictures.copy()
    flat[10:13] = level
    found = verdict("flat_pictures", record(tmp_path, steering, flat))
    assert (found.status, found.frames) == ("broken", [10, 11, 12])


def test_a_frozen_camera_is_broken_while_driving_only(tmp_path, steering, pictures):
    frozen = pictures.copy()
    frozen[50:80] = frozen[50]
    found = verdict("frozen_camera", record(tmp_path / "driving", steering, frozen))
    assert (found.status, found.frames) == ("broken", list(range(51, 80)))
    assert verdict("frozen_camera", record(tmp_path / "standing", steering, frozen, throttle=0.0)).status == "ok"


def test_a_slow_camera_is_worth_a_look(tmp_path, steering, pictures):
    found = verdict("frozen_camera", record(tmp_path, steering, pictures.repeat(2, axis=0)[:N]))
    assert (found.status, found.is_safe) == ("look", False)


def test_exchanged_colours_are_seen_and_mended(tmp_path, steering, pictures):
    folder = record(tmp_path / "tub", steering, np.ascontiguousarray(pictures[..., ::-1]))
    assert verdict("colour_order", folder).status == "look"
    recolour(Tub.open(folder), tmp_path / "mended")
    assert verdict("colour_order", tmp_path / "mended").status == "ok"


def edit_records(folder, change):
    path = folder / "catalog_0.catalog"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        change(line)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_actions_that_are_no_numbers_are_broken_and_wild_ones_worth_a_look(tmp_path):
    make_tub(tmp_path, n_frames=20, image_size=(24, 32))
    edit_records(tmp_path, lambda line: line.update({"user/throttle": 1.7} if line["_index"] == 6 else {}))
    assert (verdict("actions", tmp_path).status, verdict("actions", tmp_path).frames) == ("look", [6])
    edit_records(tmp_path, lambda line: line.update({"user/angle": float("nan")} if line["_index"] == 8 else {}))
    assert (verdict("actions", tmp_path).status, verdict("actions", tmp_path).frames) == ("broken", [8])


def test_lost_frames_and_odd_rates_are_worth_a_look(tmp_path, steering, pictures):
    folder = record(tmp_path / "lost", steering, pictures)
    edit_records(folder, lambda line: line.update({"_t_ns": line["_t_ns"] + line["_index"] // 20 * 50_000_000}))
    found = verdict("timing", folder)
    assert (found.status, found.figures["lost_frames"], found.frames[0]) == ("look", 11, 19)
    for rate_hz in (5.0, 400.0):
        assert verdict("timing", record(tmp_path / str(rate_hz), steering, pictures, rate_hz=rate_hz)).status == "look"


def test_a_stick_that_hangs_or_never_moves(tmp_path, steering, pictures):
    hanging = steering.copy()
    hanging[100:180] = 0.3
    found = verdict("stuck_stick", record(tmp_path / "hangs", hanging, pictures))
    assert (found.status, found.frames[0], found.frames[-1]) == ("look", 101, 179)
    assert verdict("stuck_stick", record(tmp_path / "dead", steering * 0, pictures)).status == "broken"


def test_a_trembling_stick_is_worth_a_look(tmp_path, steering, pictures):
    trembling = np.clip(steering + np.where(np.arange(N) % 2, 0.2, -0.2), -1, 1)
    assert verdict("noisy_stick", record(tmp_path, trembling, pictures)).status == "look"


def test_mostly_straight_driving_is_worth_a_look(tmp_path, steering, pictures):
    straight = np.where(np.arange(N) < 0.9 * N, 0.0, steering)
    found = verdict("straight_driving", record(tmp_path, straight, pictures))
    assert found.status == "look"
    assert found.figures["share"] >= 0.9


def test_many_near_duplicates_are_worth_a_look(tmp_path, steering, pictures):
    noise = np.random.default_rng(0).integers(-2, 3, pictures.shape)
    standing = pictures.copy()
    standing[100:220] = np.clip(pictures[100].astype(int) + noise[100:220], 0, 255)
    found = verdict("near_duplicates", record(tmp_path, steering, standing))
    assert found.status == "look"
    assert len(found.frames) > 100


@pytest.mark.parametrize("late", [-6, -2, 3, 8])
def test_labels_that_are_late_are_found_with_the_shift_that_mends_them(tmp_path, steering, pictures, late):
    recorded = np.roll(steering, late)[10:-10]
    found = verdict("lag", record(tmp_path, recorded, pictures[10:-10], extras=SIMULATED))
    assert found.status == "look"
    assert found.figures["shift"] == late
    assert found.fix.endswith(f"--shift {late}")
    assert abs(found.figures["lag_frames"] + late) < 0.5
    assert found.figures["confidence"] > 0.8


def test_noise_on_purpose_is_no_lag(tmp_path, steering, pictures):
    """The label answers a push a few frames later; the scene turns with the push."""
    answer = np.roll(-steering, 3)
    found = verdict("lag", record(tmp_path, steering, pictures, extras=SIMULATED, labels=answer))
    assert found.status == "ok"
    assert abs(found.figures["lag_frames"]) < 0.5


def test_the_usual_delay_of_a_real_car_is_ok(tmp_path, steering, pictures):
    assert verdict("lag", record(tmp_path, np.roll(steering, -4)[10:-10], pictures[10:-10])).status == "ok"


def test_mirrored_pictures_are_broken_and_mended_by_flipping_them(tmp_path, steering, pictures):
    folder = record(tmp_path / "tub", steering, np.ascontiguousarray(pictures[:, :, ::-1]))
    found = verdict("mirrored", folder)
    assert (found.status, found.is_safe) == ("broken", False)
    assert verdict("lag", folder).status == "ok"
    flip(Tub.open(folder), tmp_path / "mended", keep_steering=True)
    assert verdict("mirrored", tmp_path / "mended").status == "ok"


def test_pictures_without_motion_say_nothing_about_lag(tmp_path, steering):
    noise = np.random.default_rng(1).integers(0, 255, (N, HEIGHT, WIDTH, 3)).astype(np.uint8)
    folder = record(tmp_path, steering, noise)
    assert verdict("lag", folder).words.startswith("cannot be told")
    assert verdict("mirrored", folder).status == "ok"


def test_very_short_drives_are_worth_a_look(tmp_path):
    make_tub(tmp_path, n_frames=100, image_size=(24, 32))
    make_tub(tmp_path, n_frames=9, image_size=(24, 32), seed=1)
    found = verdict("short_stretches", tmp_path)
    assert (found.status, found.frames) == ("look", list(range(100, 109)))


def test_twins_with_other_times_are_worth_a_look(tmp_path, steering, pictures):
    first = record(tmp_path / "first", steering, pictures)
    flip(Tub.open(first), tmp_path / "twin")
    assert verdict("twins", tmp_path / "twin", first).status == "ok"
    edit_records(tmp_path / "twin", lambda line: line.update({"_timestamp_ms": line["_timestamp_ms"] + 99_999}))
    assert verdict("twins", tmp_path / "twin", first).status == "look"
    assert (
        verdict("twins", record(tmp_path / "other", steering_of(N, 5), pictures_of(steering_of(N, 5), 5)), first).status
        == "ok"
    )


def test_the_same_pictures_twice_in_one_tub_are_worth_a_look(tmp_path, steering, pictures):
    twice = np.concatenate([pictures[:100], pictures[:100]])
    found = verdict("twins", record(tmp_path, np.tile(steering[:100], 2), twice))
    assert (found.status, found.frames[0]) == ("look", 100)


def test_real_recordings_are_found_healthy_but_for_the_clock_of_one(shared_data):
    for name, odd in (("tub-rc-car", {}), ("tub-donkeycar-fixture", {"timing": "look"})):
        evidence = collect(Tub.open(shared_data / name))
        statuses = {check: CHECKS.get(check)(evidence).status for check in CHECKS}
        assert statuses == dict.fromkeys(CHECKS, "ok") | odd
        assert evidence.lag.correlation > 0.85
        assert 3 < evidence.lag.frames < 4.5
