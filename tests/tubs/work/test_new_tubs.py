import json

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.testing.tub import draw_line, make_frame, make_tub
from copycar.tubs.tub import Tub
from copycar.tubs.work.flip import flip, mirror
from copycar.tubs.work.merge import merge
from copycar.tubs.work.split import split_by_episode, split_tubs
from copycar.tubs.write import TubWriter


@pytest.fixture
def tub(tmp_path):
    return Tub.open(make_tub(tmp_path / "tub", n_frames=60, n_episodes=2, image_size=(24, 32)))


def images(tub):
    return [record.image_path.read_bytes() for record in tub.records]


def test_a_twin_is_mirrored_with_the_opposite_steering(tub, tmp_path):
    made = flip(tub, tmp_path / "twin")
    twin = Tub.open(tmp_path / "twin")
    assert (made.frames, twin.repairs, twin.damage) == (60, [], [])
    for original, mirrored in zip(tub.frames(), twin.frames(), strict=True):
        assert mirrored.decision.label.steering == -original.decision.label.steering
        assert mirrored.decision.label.throttle == original.decision.label.throttle
        assert np.abs(mirrored.image.astype(int) - original.image[:, ::-1]).mean() < 4
    stamps = [[(record.timestamp_ms, record.t_ns, record.session) for record in one.records] for one in (tub, twin)]
    assert stamps[0] == stamps[1]


def test_what_the_car_executed_is_mirrored_as_well(tmp_path):
    with TubWriter(tmp_path / "tub") as writer:
        writer.append(make_frame(source="policy", image_size=(16, 16), extras={"track/cross_track_error_m": 0.5}))
    flip(Tub.open(tmp_path / "tub"), tmp_path / "twin")
    (record,) = Tub.open(tmp_path / "twin").records
    assert (record.values["pilot/angle"], record.values["track/cross_track_error_m"]) == (-0.1, -0.5)


def test_the_display_and_its_counterpart_stay_as_they_are():
    image = np.random.default_rng(0).integers(0, 255, (10, 12, 3)).astype(np.uint8)
    mirrored = mirror(image, (0, 2, 3, 5))
    np.testing.assert_array_equal(mirrored[2:5, :3], image[2:5, :3])
    np.testing.assert_array_equal(mirrored[2:5, 9:], image[2:5, 9:])
    np.testing.assert_array_equal(mirrored[:, 3:9], image[:, 8:2:-1])
    np.testing.assert_array_equal(mirror(mirror(image)), image)


def test_a_display_outside_the_picture_is_refused(tub, tmp_path):
    with pytest.raises(CopycarError, match="not inside"):
        flip(tub, tmp_path / "twin", hud=(20, 0, 40, 10))


def test_unreadable_frames_are_named_and_left_out(tub, tmp_path):
    tub.records[7].image_path.write_bytes(b"torn")
    made = flip(tub, tmp_path / "twin")
    assert made.frames == len(Tub.open(tmp_path / "twin")) == 59
    assert made.notes == ("1 frames with an unusable picture left out (first: 7)",)


def test_merging_keeps_pictures_actions_times_and_episodes(tub, tmp_path):
    other = Tub.open(make_tub(tmp_path / "other", n_frames=30, image_size=(24, 32), seed=3))
    tub.delete([5, 6])
    merge([tub, other], tmp_path / "both")
    both = Tub.open(tmp_path / "both")
    assert both.repairs == []
    assert images(both) == images(tub) + images(other)
    for merged, source in zip(both.records, [*tub.records, *other.records], strict=True):
        assert (merged.action, merged.timestamp_ms, merged.t_ns, merged.values) == (
            source.action, source.timestamp_ms, source.t_ns, source.values
        )  # fmt: skip
    assert [len(episode) for episode in both.episodes] == [5, 23, 30, 30]
    assert len({episode.id for episode in both.episodes}) == 4
    assert both.metadata["merged_from"] == ["tub", "other"]


def test_merging_tubs_of_two_sizes_is_refused(tub, tmp_path):
    other = Tub.open(make_tub(tmp_path / "other", n_frames=3, image_size=(8, 8)))
    with pytest.raises(CopycarError, match="different sizes"):
        merge([tub, other], tmp_path / "both")
    assert not (tmp_path / "both").exists()


def test_a_split_shares_no_frame_and_keeps_twins_together(tmp_path):
    tub = Tub.open(make_tub(tmp_path / "tub", n_frames=300, image_size=(8, 8)))
    flip(tub, tmp_path / "twin")
    train, validation = split_tubs([tub, Tub.open(tmp_path / "twin")], tmp_path / "parts")
    times = [{r.t_ns for r in Tub.open(made.path).records} for made in (train, validation)]
    assert train.path.name == "train"
    assert times[0].isdisjoint(times[1])
    assert all(sum(1 for _ in Tub.open(made.path).records) == made.frames for made in (train, validation))
    assert 0.1 < validation.frames / 600 < 0.3


def test_where_a_block_was_taken_out_the_drive_is_interrupted(tmp_path):
    tub = Tub.open(make_tub(tmp_path / "tub", n_frames=400, image_size=(8, 8)))
    train, _ = split_tubs([tub], tmp_path / "parts")
    records = Tub.open(train.path).records
    jumps = [i for i in range(1, len(records)) if records[i].t_ns - records[i - 1].t_ns > 50_000_001]
    assert jumps
    assert jumps == Tub.open(train.path).gaps
    assert len({record.session for record in records}) == len(jumps) + 1


def test_one_tub_per_episode(tub, tmp_path):
    made = split_by_episode([tub], tmp_path / "parts")
    assert [(one.path.name, one.frames) for one in made] == [("episode-0", 30), ("episode-1", 30)]
    assert images(Tub.open(made[1].path)) == images(tub)[30:]


def test_more_cameras_and_depth_move_along(tmp_path):
    extras = {"cam/image_array_b": "image_array", "cam/depth_array": "gray16_array"}
    pictures = {"cam/image_array_b": draw_line(0.5, (16, 16)), "cam/depth_array": np.full((4, 4), 900, np.uint16)}
    with TubWriter(tmp_path / "tub", extras=extras) as writer:
        for _ in range(2):
            writer.append(make_frame(image_size=(16, 16), extras=pictures))
    tub = Tub.open(tmp_path / "tub")
    tub.delete([0])
    merge([tub], tmp_path / "merged")
    (frame,) = Tub.open(tmp_path / "merged").frames()
    np.testing.assert_array_equal(frame.extras["cam/depth_array"], pictures["cam/depth_array"])
    assert (tmp_path / "merged" / "images" / "0_cam_image_array_b_.jpg").exists()


@pytest.mark.parametrize("what", ["folder", "file", "link"])
def test_nothing_is_ever_overwritten(tub, tmp_path, what):
    target = tmp_path / "there"
    if what == "folder":
        target.mkdir()
        (target / "mine").write_text("x")
    elif what == "file":
        target.write_text("x")
    else:
        target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(CopycarError, match="exists already"):
        merge([tub], target)


def test_an_interrupted_job_leaves_nothing(tub, tmp_path):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        merge([tub], tmp_path / "new" / "both", on_progress=stop)
    assert not list((tmp_path / "new").iterdir())


def test_new_tubs_have_a_manifest_as_donkeycar_writes_it(tub, tmp_path):
    merge([tub], tmp_path / "new")
    names, types, _, about, catalogs = map(json.loads, (tmp_path / "new/manifest.json").read_text().splitlines())
    assert (names[:4], types[:4]) == (
        ["cam/image_array", "user/angle", "user/throttle", "user/mode"],
        ["image_array", "float", "float", "str"],
    )
    assert about["sessions"]["all_full_ids"] == [episode.id for episode in tub.episodes]
    assert catalogs == {"paths": ["catalog_0.catalog"], "current_index": 60, "max_len": 1000, "deleted_indexes": []}
