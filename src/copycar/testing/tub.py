"""A tiny recording to test with: a bright line on a dark floor whose place tells the steering. Knows no physics."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.clock import FakeClock
from copycar.core.frame import Action, Decision, Frame, Image
from copycar.tubs.manifest import MAX_LEN
from copycar.tubs.write import TubWriter

GENTLY_RIGHT = Action(0.1, 0.3)


def make_tub(  # noqa: PLR0913 - a recording has many sides
    folder: str | Path,
    *,
    n_frames: int = 100,
    n_episodes: int = 1,
    image_size: tuple[int, int] = (120, 160),
    rate_hz: float = 20.0,
    seed: int = 0,
    max_len: int = MAX_LEN,
    extras: Callable[[int, Action], Mapping[str, Any]] | None = None,
) -> Path:
    """Record a synthetic drive whose steering can be learned from the picture; return its folder.

    Args:
        folder: where to; appended to if it is a tub already.
        n_frames: frames in all.
        n_episodes: drives that they are divided into, ten seconds apart.
        image_size: (height, width) in pixels.
        rate_hz: frames per second of the recording's own time; making them takes no such time.
        seed: same seed, same recording.
        max_len: frames per catalog.
        extras: gives more record keys for (step of the drive, its action), such as `donkey_extras`.

    Raises:
        CopycarError: `folder` cannot be recorded into.
    """
    rng = np.random.default_rng(seed)
    clock = FakeClock()
    for share in np.array_split(np.arange(n_frames), n_episodes):
        phase = rng.uniform(0, 2 * math.pi)
        with TubWriter(folder, clock=clock, max_len=max_len) as tub:
            for step in range(len(share)):
                steering = 0.6 * math.sin(0.05 * step + phase) + 0.3 * math.sin(0.13 * step + 2 * phase)
                action = Action(round(steering, 4), round(0.5 - 0.3 * abs(steering), 4))
                more = extras(step, action) if extras else {}
                tub.append(make_frame(action, t_ns=clock.monotonic_ns(), extras=more, image_size=image_size, rng=rng))
                clock.sleep(1 / rate_hz)
        clock.sleep(10)
    return Path(folder)


def donkey_extras(step: int, action: Action) -> dict[str, Any]:
    """Return what a fully equipped donkeycar records besides: six sensor readings, a behaviour and a place.

    Args:
        step: of the drive, from 0.
        action: what was done.
    """
    turning = round(2.0 * action.steering, 4)
    sensors = {"imu/acl_x": turning, "imu/acl_y": 0.1, "imu/acl_z": 9.8}
    sensors |= {"imu/gyr_x": 0.0, "imu/gyr_y": 0.01, "imu/gyr_z": -turning}
    state = step // 10 % 2
    behavior = {"behavior/state": state, "behavior/label": ("Left_Lane", "Right_Lane")[state]}
    return {**sensors, **behavior, "localizer/location": step // 20 % 10}


def make_frame(
    action: Action = GENTLY_RIGHT,
    *,
    source: str = "human",
    t_ns: int = 0,
    extras: Mapping[str, float | int | str | bool] | None = None,
    image_size: tuple[int, int] = (120, 160),
    rng: np.random.Generator | None = None,
) -> Frame:
    """Return a frame as a recorder gets it, whose picture shows its steering.

    Args:
        action: executed and to be imitated.
        source: who decided.
        t_ns: monotonic nanoseconds.
        extras: more record keys.
        image_size: (height, width) in pixels.
        rng: adds noise to the picture where given.
    """
    image = draw_line(action.steering, image_size, rng)
    return Frame(image, Decision(action, action, source), t_ns, extras or {})


def draw_line(
    steering: float, image_size: tuple[int, int] = (120, 160), rng: np.random.Generator | None = None
) -> Image:
    """Draw a bright line that starts at the bottom centre and leans to where the car should steer.

    Args:
        steering: -1 full left … +1 full right.
        image_size: (height, width) in pixels.
        rng: adds noise where given.

    Returns:
        uint8 (H, W, 3) RGB.
    """
    height, width = image_size
    nearness = np.linspace(0, 1, height)[:, None]  # 0 at the top, 1 at the bottom
    centre = width / 2 + steering * 0.4 * width * (1 - nearness) ** 1.5
    is_line = np.abs(np.arange(width)[None, :] - centre) < width * (0.02 + 0.04 * nearness)
    grey = np.where(is_line, 220.0, 40.0)[..., None] * np.array([1.0, 1.0, 0.8])
    if rng is not None:
        grey += rng.normal(0, 8, (height, width, 1))
    image: Image = np.clip(grey, 0, 255).astype(np.uint8)
    return image
