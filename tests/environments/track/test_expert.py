import numpy as np
import pytest

from copycar.environments.track.conditions import nominal
from copycar.environments.track.expert import PurePursuit
from copycar.environments.track.layout import obstacles, scenery
from copycar.environments.track.line import Line
from copycar.environments.track.options import TrackOptions
from copycar.environments.track.shapes import centre_curve, track_names
from copycar.environments.track.simulation import Simulation


def simulation(name: str, direction: int, n_cars: int = 0, n_obstacles: int = 0, **options: float) -> Simulation:
    """A drive without pictures, ready to go."""
    forward = Line.through(centre_curve(name))
    line = forward if direction > 0 else forward.reversed()
    rng = np.random.default_rng(0)
    props = [*scenery(forward, 1.2, 0), *obstacles(forward, 1.2, n_obstacles, rng)]
    made = Simulation(line, 1.2, props, nominal(TrackOptions(**options)), n_cars, rng)
    made.start(0.0, 0.0, 0.0, 0.0)
    return made


def drive(world: Simulation, laps: int, cruise_mps: float = 2.0) -> dict[str, np.ndarray]:
    expert = PurePursuit(lambda: world.line, cruise_mps)
    rows = []
    while world.laps.lap < laps and len(rows) < 1000 * laps:
        info = world.info()
        world.step(expert.act({}, info), 0.05)
        rows.append((info["cross_track_error_m"], info["speed_mps"], float(info["is_collision"])))
    cross_track, speed, collisions = np.array(rows).T
    return {"cross_track_m": np.abs(cross_track), "speed_mps": speed, "collisions": collisions}


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("name", [*track_names(), "random:0", "random:7"])
def test_expert_laps_every_track_both_ways_near_the_line(name: str, direction: int) -> None:
    world = simulation(name, direction)
    seen = drive(world, laps=1)
    assert world.laps.lap == 1
    assert seen["cross_track_m"].mean() < 0.1
    assert seen["cross_track_m"].max() < 0.35
    assert seen["speed_mps"].max() < 2.5
    assert not seen["collisions"].any()


def test_expert_drives_lap_after_lap() -> None:
    world = simulation("random:3", 1)
    assert drive(world, laps=3)["cross_track_m"].max() < 0.35
    assert world.laps.lap == 3


def test_expert_passes_other_cars_and_obstacles() -> None:
    world = simulation("hairpins", 1, n_cars=3, n_obstacles=12)
    seen = drive(world, laps=2)
    assert world.laps.lap == 2
    assert not seen["collisions"].any()
    assert seen["cross_track_m"].max() < 0.35


def test_expert_finds_back_from_the_grass_and_from_the_wrong_way() -> None:
    for offset_m, heading_offset_rad in ((0.9, 0.3), (-0.8, -0.5), (0.0, 3.0)):
        world = simulation("square", 1, scenery=False)
        world.start(0.0, offset_m, heading_offset_rad, 0.0)
        seen = drive(world, laps=1)
        assert world.laps.lap == 1
        assert seen["cross_track_m"][-50:].max() < 0.1


def test_expert_copes_with_latency_and_noise() -> None:
    world = simulation("hairpins", -1, latency_steps=2, steering_noise=0.05, throttle_noise=0.05)
    seen = drive(world, laps=1)
    assert world.laps.lap == 1
    assert seen["cross_track_m"].max() < 0.35
