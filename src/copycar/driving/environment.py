"""What the drive loop asks of a place to drive. Knows no particular environment and does not need gymnasium."""

from collections.abc import Callable
from typing import Any, Protocol


class Environment(Protocol):
    """The part of `gymnasium.Env` that driving uses; every gymnasium environment fits.

    The observation has `"image"`, uint8 (H, W, 3) RGB, a new array each time: recording and film keep it. `info` may
    hold `lap`, `frame_age_s`, what `copycar.driving.trip` records, and `sim_time_s`: that one only where the world
    stands still between steps. Optional abilities, found by `ability`: `stop()`, `expert()`. One whose steps move real
    motors says `is_car = True`.
    """

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Start a new drive; return the first observation and info."""

    def step(self, action: Any, /) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Execute float32 [steering, throttle]; return observation, reward, terminated, truncated, info."""


def ability(of: object, name: str) -> Callable[[], Any] | None:
    """Return the optional method `name` of an environment or driver, or None; looks through gymnasium's wrappers."""
    method = getattr(of, name, None) or getattr(getattr(of, "unwrapped", None), name, None)
    return method if callable(method) else None


def is_car(environment: object) -> bool:
    """Return whether its steps move real motors."""
    return bool(getattr(getattr(environment, "unwrapped", environment), "is_car", False))
