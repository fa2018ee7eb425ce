from dataclasses import fields

import numpy as np

from copycar.environments.track.conditions import drawn, nominal
from copycar.environments.track.environment import TrackEnvironment
from copycar.environments.track.options import TrackOptions


def test_strength_zero_is_exactly_what_the_options_say() -> None:
    options = TrackOptions(friction=0.7, camera_pitch_deg=20, latency_steps=1)
    assert drawn(options, np.random.default_rng(0)) == nominal(options)


def test_full_strength_varies_every_condition() -> None:
    rng = np.random.default_rng(0)
    many = [drawn(TrackOptions(randomise=True), rng) for _ in range(60)]
    for field in fields(many[0]):
        assert len({getattr(one, field.name) for one in many}) > 1, field.name


def test_weak_randomisation_stays_near_the_options() -> None:
    rng = np.random.default_rng(0)
    for one in (drawn(TrackOptions(randomise=0.1), rng) for _ in range(50)):
        assert abs(one.brightness - 1) < 0.05
        assert abs(one.camera_pitch_deg - TrackOptions().camera_pitch_deg) < 0.5
        assert one.latency_steps == 0


def test_each_reset_draws_anew_and_the_camera_tells_its_true_pose() -> None:
    environment = TrackEnvironment("oval", randomise=1.0, width=64, height=48)
    seen = []
    for _ in range(3):
        observation, _ = environment.reset()
        assert environment.camera.position_m[2] == environment.conditions.camera_height_m
        seen.append((environment.conditions, observation["image"].mean()))
    environment.close()
    assert len(set(seen)) == 3
