import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import copycar.environments.register  # noqa: F401 - tells gymnasium about the track
from copycar.core.errors import CopycarError
from copycar.environments.track.environment import TrackEnvironment
from copycar.testing.check_environment import check_environment

SMALL: dict[str, Any] = {"width": 64, "height": 48, "supersample": 1}


@pytest.fixture
def oval() -> Iterator[TrackEnvironment]:
    environment = TrackEnvironment("oval", **SMALL)
    yield environment
    environment.close()


def drive(environment: TrackEnvironment, n_steps: int, seed: int | None = 3) -> list[Any]:
    """Everything that a fixed wobbly drive gives."""
    seen: list[Any] = [environment.reset(seed=seed)]
    seen += [environment.step([np.sin(step / 5), 0.5]) for step in range(n_steps)]
    return seen


def same(one: Any, two: Any) -> bool:
    """Equal to the last bit, pictures included."""
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(two) and all(same(*pair) for pair in zip(one, two, strict=True))
    if hasattr(one, "rotation"):
        return one is two or np.array_equal(one.rotation, two.rotation)
    return np.array_equal(one, two)


@pytest.mark.parametrize("options", [{}, {"randomise": 1.0, "cars": 2, "obstacles": 5, "cameras": 1}])
def test_gymnasium_and_copycar_find_no_fault(options: dict[str, Any]) -> None:
    environment = gymnasium.make(
        "copycar/Track-v0", render_mode="rgb_array", film_width=96, film_height=72, **SMALL, **options
    )
    check_env(environment.unwrapped)
    check_environment(environment)
    environment.close()


def test_same_seed_and_actions_give_the_same_bits_and_pictures() -> None:
    options = {**SMALL, "randomise": 0.7, "cars": 2, "obstacles": 4, "cameras": 1, "latency_steps": 1}
    first, second = TrackEnvironment("oval", **options), TrackEnvironment("oval", **options)
    once, again, elsewhere = drive(first, 25), drive(first, 25), drive(second, 25)
    other_seed = drive(first, 25, seed=4)
    first.close()
    second.close()
    assert same(once, again)
    assert same(once, elsewhere)
    assert not same(once, other_seed)


def test_two_environments_side_by_side_do_not_disturb_each_other(oval: TrackEnvironment) -> None:
    alone = drive(oval, 5)
    neighbour = TrackEnvironment("square", width=96, height=64)
    neighbour.reset(seed=0)
    oval.reset(seed=3)
    for step, before in enumerate(alone[1:]):
        neighbour.step([1.0, 1.0])
        assert same(before, oval.step([np.sin(step / 5), 0.5]))
    neighbour.close()
    assert same(alone, drive(oval, 5))


def test_pictures_are_new_arrays_each_time(oval: TrackEnvironment) -> None:
    observation, _ = oval.reset(seed=0)
    kept = observation["image"].copy()
    oval.step([0, 1])
    assert np.array_equal(observation["image"], kept)
    assert observation["image"].flags.owndata


@pytest.mark.parametrize("direction", [1, -1])
def test_laps_count_both_ways(direction: int) -> None:
    environment = TrackEnvironment("oval", pictures=False)
    _, info = environment.reset(seed=0, options={"direction": direction, "speed_mps": 1.5})
    expert = environment.expert()
    progress = [info["progress"]]
    while info["lap"] < 1:
        *_, info = environment.step(expert.act({}, info).as_array())
        progress.append(info["progress"])
    assert np.diff(progress[1:-1]).min() > 0
    assert info["lap_time_s"] == pytest.approx(info["sim_time_s"])
    assert info["distance_m"] == pytest.approx(environment.line.length_m, abs=0.2)


def test_leaving_the_road_ends_an_episode_only_where_asked() -> None:
    for ends in (True, False):
        environment = TrackEnvironment("oval", pictures=False, ends_off_track=ends)
        _, info = environment.reset(seed=0, options={"offset_m": 0.59})
        assert not info["is_off_track"]
        for _ in range(30):
            _, reward, terminated, truncated, info = environment.step([0.5, 0.5])
            if info["is_off_track"]:
                break
        assert info["is_off_track"]
        assert terminated is ends
        assert not truncated
        assert reward < 0


def test_driving_against_the_direction_is_the_wrong_way_but_not_for_an_instant() -> None:
    environment = TrackEnvironment("oval", pictures=False)
    environment.reset(seed=0, options={"heading_offset_rad": 3.1, "speed_mps": 1.0})
    flags = [environment.step([0, 0.3])[4]["is_wrong_way"] for _ in range(20)]
    assert flags[:8] == [False] * 8
    assert all(flags[10:])


def test_reversing_on_the_right_heading_is_not_the_wrong_way() -> None:
    environment = TrackEnvironment("oval", pictures=False)
    environment.reset(seed=0)
    infos = [environment.step([0, -1])[4] for _ in range(30)]
    assert not any(info["is_wrong_way"] for info in infos)
    assert infos[-1]["distance_m"] < -0.3
    assert infos[-1]["speed_mps"] < -0.5


def test_rescue_puts_the_car_on_the_line_clear_of_others_and_counts_on() -> None:
    environment = TrackEnvironment("oval", pictures=False, cars=12)
    environment.reset(seed=0)
    for _ in range(80):
        *_, before = environment.step([0.6, 0.6])
    _, info = environment.rescue()
    assert info["speed_mps"] == pytest.approx(0, abs=1e-6)
    assert info["cross_track_error_m"] == pytest.approx(0, abs=1e-2)
    assert info["heading_error_rad"] == pytest.approx(0, abs=0.02)
    assert info["sim_time_s"] == before["sim_time_s"]
    own, *others = np.array(info["cars"])[:, :2]
    assert np.hypot(*(others - own).T).min() > 0.4


def test_actions_beyond_the_range_count_as_full() -> None:
    environment = TrackEnvironment("oval", pictures=False)
    environment.reset(seed=0)
    far = [environment.step([9.0, 7.0])[4]["position_m"] for _ in range(10)]
    environment.reset(seed=0)
    assert far == [environment.step([1.0, 1.0])[4]["position_m"] for _ in range(10)]


def test_an_action_that_is_no_number_never_reaches_the_car() -> None:
    environment = TrackEnvironment("oval", pictures=False)
    environment.reset(seed=0)
    with pytest.raises(CopycarError, match="nan"):
        environment.step([float("nan"), 0.5])


def test_side_cameras_come_only_when_asked(oval: TrackEnvironment) -> None:
    assert oval.reset(seed=0)[1]["cameras"] == []
    environment = TrackEnvironment("oval", cameras=2, cars=1, **SMALL)
    _, info = environment.reset(seed=0)
    environment.close()
    assert [camera["name"] for camera in info["cameras"]] == ["camera_1", "camera_2"]
    assert [camera["image"].shape for camera in info["cameras"]] == [(180, 320, 3)] * 2
    assert len(info["cars"]) == 2
    assert info["cars"][0] == (*info["position_m"], info["heading_rad"])


def test_without_pictures_there_is_no_image_rather_than_a_black_one() -> None:
    environment = TrackEnvironment("oval", pictures=False)
    observation, _ = environment.reset(seed=0)
    assert observation == {}
    assert "image" not in environment.observation_space.spaces
    with pytest.raises(CopycarError, match="draws nothing"):
        environment.overview(64, 48)


def test_films_follow_the_car_or_look_from_above() -> None:
    environment = TrackEnvironment("oval", render_mode="rgb_array", **SMALL)
    environment.reset(seed=0)
    follow = environment.render()
    above = environment.overview(200, 100, "above")
    assert follow is not None
    assert follow.shape == (360, 480, 3)
    assert above.shape == (100, 200, 3)
    environment.reset(seed=1, options={"progress": 0.5})
    assert not np.array_equal(environment.overview(200, 100, "above"), above)  # the car is elsewhere
    with pytest.raises(CopycarError, match="did you mean above"):
        environment.overview(64, 48, "abov")
    environment.close()


def test_every_faulty_option_is_named_at_once() -> None:
    with pytest.raises(CopycarError, match="did you mean cameras") as caught:
        TrackEnvironment("oval", camras=2, width=3)
    assert "width" in str(caught.value)


def test_unknown_reset_option_is_an_error(oval: TrackEnvironment) -> None:
    with pytest.raises(CopycarError, match="did you mean progress"):
        oval.reset(options={"progres": 0.5})


def test_stepping_before_the_first_reset_says_so(oval: TrackEnvironment) -> None:
    with pytest.raises(CopycarError, match="reset"):
        oval.step([0, 0])


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from Linux's /proc")
def test_closing_gives_all_memory_back() -> None:
    def resident_mb() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6

    before_mb = 0.0
    for count in range(12):
        environment = TrackEnvironment("oval", width=640, height=480, scenery=False)  # 10 MB of buffers each
        environment.reset(seed=0)
        environment.close()
        before_mb = before_mb if count > 2 else resident_mb()
    assert resident_mb() - before_mb < 40


def test_closing_twice_is_harmless(oval: TrackEnvironment) -> None:
    oval.reset(seed=0)
    oval.close()
    oval.close()
