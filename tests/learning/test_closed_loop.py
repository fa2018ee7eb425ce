"""The proof that matters: what was learned drives, and comes back from where its teacher never was."""

import math

import pytest

from copycar.core.vehicle import VEHICLE_KEY, Vehicle
from copycar.driving.loop import drive
from copycar.driving.make import make_driver
from copycar.driving.recorder import Recorder
from copycar.environments.make import make_environment
from copycar.learning.augment.settings import Augmentation
from copycar.learning.geometry import Displacement, returning_steering
from copycar.learning.settings import TrainSettings
from copycar.learning.training import Training
from copycar.testing.environment import MAX_WHEEL_RAD, WHEELBASE_M, CircleTrack
from copycar.tubs.write import TubWriter

SIZE = (48, 64)
CAR = Vehicle(
    WHEELBASE_M,
    MAX_WHEEL_RAD,
    camera_height_m=0.2,
    camera_pitch_rad=math.radians(15),
    camera_fov_rad=math.radians(100),
)
"""The car of `CircleTrack`."""

OFFSETS_M = (0.0, 0.2, -0.2)
"""Where drives start, beside the line."""


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    """A policy that has seen two clean laps in one direction, and nothing else."""
    folder, track = tmp_path_factory.mktemp("loop"), CircleTrack(SIZE)
    recorder = Recorder(TubWriter(folder / "tub", metadata={VEHICLE_KEY: CAR.as_json()}))
    report = drive(track, make_driver("expert", track), recorder=recorder, laps=2)
    assert report.recorded > 400
    shown = {"shift_m": max(map(abs, OFFSETS_M))}  # by displaced pictures: beyond them, whether it returns is chance
    settings = TrainSettings(epochs=16, augmentation="strong", augment=shown, precision="fp32", device="cpu")
    return Training([folder / "tub"], settings, out=folder / "run").train().run.policy


@pytest.mark.slow
@pytest.mark.parametrize("direction", [1, -1], ids=["as shown", "the other way round, known from the mirror alone"])
@pytest.mark.parametrize("offset_m", OFFSETS_M)
def test_it_drives_a_clean_lap_and_returns_to_the_line_from_where_it_was_never_shown(policy, direction, offset_m):
    track, errors_m = CircleTrack(SIZE), []
    start = {"progress": 0.3, "offset_m": offset_m, "direction": direction}
    report = drive(
        track,
        make_driver(str(policy), track),
        laps=1,
        seconds=30,
        start=start,
        on_frame=lambda tick: errors_m.append(abs(tick.outcome["cross_track_error_m"])),
    )
    assert report.stopped_by == "laps"
    assert max(errors_m) < 0.3  # the road's edge is at 0.4 m
    assert max(errors_m[-100:]) < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("displaced", [(0.15, 0.0), (-0.15, 0.0), (0.0, 0.1), (0.15, -0.1)], ids=str)
def test_the_steering_that_is_learned_for_a_displaced_car_returns_it_to_the_middle_of_the_built_in_track(displaced):
    pytest.importorskip("panda3d")
    environment = make_environment("track:oval", pictures=False)
    start = {"progress": 0.02, "offset_m": displaced[0], "heading_offset_rad": displaced[1], "speed_mps": 1.0}
    _, info = environment.reset(seed=0, options=start)
    for _ in range(40):  # two seconds, on the straight: there the label of a car in the middle is 0
        where = Displacement(info["cross_track_error_m"], info["heading_error_rad"])
        steering = returning_steering(environment.unwrapped.vehicle, where, Augmentation().look_ahead_m)
        _, _, _, _, info = environment.step([min(1.0, max(-1.0, steering)), 0.3])
    environment.close()
    assert abs(info["cross_track_error_m"]) < 0.04
    assert abs(info["heading_error_rad"]) < 0.08
