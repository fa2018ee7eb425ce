"""What flows through copycar: actions, frames, episodes. Knows nothing of where they come from."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""One camera picture: uint8, shape (H, W, 3), RGB."""

Observation = Mapping[str, Any]
"""What a driver sees: `"image"` is an `Image`; other keys are named extra inputs (float32 vectors)."""

Info = Mapping[str, Any]
"""What an environment tells besides the observation: progress, cross-track error …; a policy never sees it."""


class Action(NamedTuple):
    """What the car is told to do.

    Attributes:
        steering: -1 full left … 0 straight … +1 full right.
        throttle: -1 full reverse or brake … 0 … +1 full forward.
    """

    steering: float
    throttle: float

    @property
    def is_finite(self) -> bool:
        """Whether both numbers are numbers (a broken network returns NaN)."""
        return math.isfinite(self.steering) and math.isfinite(self.throttle)

    def clipped(self) -> "Action":
        """Return the nearest action inside [-1, 1] on both axes.

        >>> Action(1.5, -0.2).clipped()
        Action(steering=1.0, throttle=-0.2)
        """
        return Action(min(max(self.steering, -1.0), 1.0), min(max(self.throttle, -1.0), 1.0))

    def as_array(self) -> NDArray[np.float32]:
        """Return float32 [steering, throttle], the layout of every environment's action space."""
        return np.array(self, dtype=np.float32)


STOP = Action(0.0, 0.0)

IS_CORRECTION = "user/correction"
"""Record key: whether a human had taken over from a policy in this frame; recorded where both share the wheel."""


class Decision(NamedTuple):
    """What a driver wants now.

    Attributes:
        action: what the car executes.
        label: what a learner should imitate; differs from `action` where noise was injected on purpose.
        source: who decided: "human", "expert" or "policy"; where a human and a policy share the wheel also "assisted"
            (the policy steers, the human gives throttle), "correction" (a human took over) and "nobody" (stopped).
    """

    action: Action
    label: Action
    source: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One tick of a drive: what the camera saw and what was decided on it.

    Attributes:
        image: uint8 (H, W, 3) RGB.
        decision: the action executed and the action to imitate.
        t_ns: monotonic nanoseconds at capture.
        extras: more record keys, e.g. `{"track/cross_track_error_m": 0.02}`; plain numbers and strings, rows of
            numbers, and pictures of further cameras: uint8 (H, W, 3), or depth, uint16 (H, W).
    """

    image: Image
    decision: Decision
    t_ns: int
    extras: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Episode:
    """One uninterrupted drive inside a tub.

    Attributes:
        id: the recorder's session id, e.g. "26-11-21_0"; "" where the recording has none.
        start, stop: half-open range of positions in the tub's list of live records.
    """

    id: str
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start
