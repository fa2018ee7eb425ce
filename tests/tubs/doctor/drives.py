"""Recordings of known faults: a texture that moves as the steering says, on a made-up car without delay."""

from pathlib import Path

import numpy as np

from copycar.core.clock import FakeClock
from copycar.core.frame import Action, Decision, Frame
from copycar.tubs.write import TubWriter

HEIGHT, WIDTH = 48, 96
TURN_PX = 6.0  # motion per frame at full steering


def steering_of(n: int, seed: int = 0) -> np.ndarray:
    """A driver's smooth, irregular steering, (n,)."""
    rng = np.random.default_rng(seed)
    knots = rng.uniform(-0.9, 0.9, n // 12 + 3)
    return np.interp(np.arange(n) / 12, np.arange(len(knots)), knots)


def pictures_of(steering: np.ndarray, seed: int = 0) -> np.ndarray:
    """What a camera sees that turns with the steering at once and slowly drives on: uint8 (n, H, W, 3)."""
    rng = np.random.default_rng(seed + 1)
    n = len(steering)
    scene = rng.uniform(60, 200, (HEIGHT // 4 + n // 4 + 1, 500, 3)).repeat(4, axis=0).repeat(4, axis=1)
    places = np.concatenate([[0], np.cumsum(steering)[:-1]]) * TURN_PX
    columns = (np.rint(places)[:, None].astype(int) + np.arange(WIDTH)) % scene.shape[1]
    rows = np.arange(n)[:, None] + np.arange(HEIGHT)
    seen = scene[rows[:, :, None], columns[:, None, :]] * [1.0, 1.0, 0.7]
    return np.clip(seen + rng.normal(0, 2, seen.shape), 0, 255).astype(np.uint8)


def record(
    folder: Path,
    steering: np.ndarray,
    pictures: np.ndarray,
    throttle: np.ndarray | float = 0.5,
    rate_hz: float = 20.0,
    extras: dict | None = None,
    labels: np.ndarray | None = None,
) -> Path:
    """Record them, one frame after the other; `labels`: what was wanted, where the car steered otherwise."""
    wanted = steering if labels is None else labels
    clock = FakeClock()
    with TubWriter(folder, clock=clock) as tub:
        speeds = np.broadcast_to(throttle, len(steering))
        for turn, picture, speed, wish in zip(steering, pictures, speeds, wanted, strict=True):
            decision = Decision(Action(float(turn), float(speed)), Action(float(wish), float(speed)), "human")
            tub.append(Frame(picture, decision, clock.monotonic_ns(), extras or {}))
            clock.sleep(1 / rate_hz)
    return folder
