"""Things keep their ids; paths are smooth, without gaps, and nearer to the truth than the detections."""

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.ground.scene import Truth
from copycar.ground.track_metrics import Followed, score_tracks
from copycar.ground.tracking import Tracker
from copycar.ground.trajectories import read_trajectories, write_trajectories

RATE = 20.0


def circle(n, radius=2.0, speed=1.5, phase=0.0):
    angle = phase + np.arange(n) / RATE * speed / radius
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def tracked(detections, times=None):
    tracker = Tracker(reach_m=0.45)
    for number, points in enumerate(detections):
        tracker.add(points, number / RATE if times is None else times[number])
    return tracker.paths()


def test_a_moving_thing_is_one_track_whose_path_is_near_the_truth():
    truth = circle(100)
    noisy = truth + np.random.default_rng(0).normal(0, 0.03, truth.shape)
    (path,) = tracked([point[None] for point in noisy])
    assert path.moments.tolist() == list(range(100))
    errors, raw = np.hypot(*(path.points_m - truth).T), np.hypot(*(noisy - truth).T)
    assert errors.mean() < 0.7 * raw.mean()
    assert path.speed_mps[20:80].mean() == pytest.approx(1.5, abs=0.1)


def test_two_that_cross_keep_their_ids():
    right = np.column_stack([np.linspace(-2, 2, 80), np.zeros(80)])
    up = np.column_stack([np.zeros(80), np.linspace(-2, 2, 80) + 0.3])
    paths = tracked([np.stack(pair) for pair in zip(right, up, strict=True)])
    assert len(paths) == 2
    np.testing.assert_allclose(paths[0].points_m, right, atol=0.05)


def test_a_gap_is_bridged_and_marked():
    truth = circle(60)
    seen = [point[None] if not 20 <= number < 30 else np.zeros((0, 2)) for number, point in enumerate(truth)]
    (path,) = tracked(seen)
    assert len(path.moments) == 60
    assert not path.is_seen[20:30].any()
    assert path.is_seen[[19, 30]].all()
    assert np.hypot(*(path.points_m[25] - truth[25])) < 0.15


def test_moments_need_not_be_even():
    """As live ones are not: the path is as near to the truth as with even ones."""
    rng = np.random.default_rng(0)
    times = np.cumsum(rng.uniform(0.03, 0.12, 100))
    angle = times * 1.5 / 2.0
    truth = 2.0 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    noisy = truth + rng.normal(0, 0.03, truth.shape)
    (path,) = tracked([point[None] for point in noisy], times.tolist())
    assert path.times_s == pytest.approx(times)
    assert np.hypot(*(path.points_m - truth).T).mean() < 0.7 * np.hypot(*(noisy - truth).T).mean()
    assert path.speed_mps[20:80].mean() == pytest.approx(1.5, abs=0.1)


def test_a_single_false_alarm_is_no_track():
    detections = [point[None] for point in circle(40)]
    detections[10] = np.vstack([detections[10], (5.0, 5.0)])
    assert len(tracked(detections)) == 1


def test_nothing_found_is_nothing_followed():
    assert tracked([np.zeros((0, 2))] * 5) == []


def truths(*points):
    return Truth(np.array(points, dtype=float).reshape(-1, 2), np.arange(len(points)))


def followed(points, ids):
    return Followed(np.array(points, dtype=float).reshape(-1, 2), np.array(ids, dtype=np.int64))


def test_perfect_tracks_are_perfect():
    scene = [truths((0, 0), (1, 1))] * 4
    score = score_tracks(scene, [followed([(0, 0), (1, 1)], [7, 8])] * 4, 0.5)
    assert (score.mota, score.idf1, score.n_switches, score.n_tracks) == (1, 1, 0, 2)


def test_a_switch_costs_one_in_mota_and_half_a_life_in_idf1():
    scene = [truths((0, 0))] * 4
    score = score_tracks(scene, [followed([(0, 0)], [number]) for number in (1, 1, 2, 2)], 0.5)
    assert score.n_switches == 1
    assert score.mota == pytest.approx(1 - 1 / 4)
    assert score.idf1 == pytest.approx(2 * 2 / 8)


def test_misses_and_false_alarms_cost():
    score = score_tracks([truths((0, 0), (3, 3))], [followed([(0, 0), (9, 9)], [1, 2])], 0.5)
    assert score.mota == 0
    assert score.idf1 == pytest.approx(2 * 1 / 4)


def test_two_things_that_swap_tracks_are_two_switches():
    here, there = (0, 0), (1, 0)
    score = score_tracks(
        [truths(here, there)] * 2, [followed([here, there], [1, 2]), followed([here, there], [2, 1])], 0.3
    )
    assert score.n_switches == 2


def test_a_truth_keeps_its_track_while_it_is_near_enough():
    scene = [truths((0, 0))] * 2
    score = score_tracks(scene, [followed([(0, 0)], [1]), followed([(0.4, 0), (0, 0)], [1, 2])], 0.5)
    assert score.n_switches == 0


def test_nothing_to_follow_is_no_score():
    score = score_tracks([truths()], [followed([], [])], 0.5)
    assert (score.mota, score.idf1) == (None, None)


def test_trajectories_read_back(tmp_path):
    paths = tracked([point[None] for point in circle(30)])
    write_trajectories(tmp_path / "new/t.csv", paths, list(range(100, 130)))
    assert (tmp_path / "new/t.csv").read_text().splitlines()[1].startswith("100,0.0000,1,2.0")
    (again,) = read_trajectories(tmp_path / "new/t.csv")
    np.testing.assert_allclose(again.points_m, paths[0].points_m, atol=1e-4)
    assert again.times_s == pytest.approx(paths[0].times_s)
    assert again.moments.tolist() == list(range(100, 130))


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "frame,time_s,track,x_m,y_m,speed_mps,is_seen\n1,x,1,1,1,1,1\n"])
def test_damaged_trajectories_are_named(tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_text(content)
    if content:
        with pytest.raises(CopycarError, match=r"t\.csv"):
            read_trajectories(path)
    else:
        assert read_trajectories(path) == []
