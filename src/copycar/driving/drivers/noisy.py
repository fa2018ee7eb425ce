"""Push the car off its line now and then, so that recoveries get recorded. Knows nothing of who drives.

A learner that has only seen perfect driving cannot come back from its own small errors. So the *executed* steering
is disturbed while the *label* stays what the driver wanted: the recording shows the car off the line together with the
steering that returns. The disturbances are slow triangular pulses, as in conditional imitation learning (Codevilla et
al. 2018, arXiv 1710.02410): they imitate the drift of a poor policy, where white noise would average out within a
car's length. Why it works: DART (Laskey et al. 2017, arXiv 1703.09327).

What it does to the expert of the built-in track on a road 1.2 m wide (`oval`, two laps at 2 m/s, seed 1): noise 0.3
takes the car up to 0.08 m off the line, 0.6 up to 0.14 m, 1.0 up to 0.37 m; without noise it is 0.06 m.
"""

from typing import Any

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.frame import Decision, Info, Observation
from copycar.driving.driver import Driver
from copycar.driving.environment import Environment, ability

# Our own choice, for cars of 0.5 to 3 m/s: long enough to leave the line, short enough to stay on the road; calm for
# about three quarters of the time, so that most frames show normal driving and the way back.
PULSE_S = (0.4, 1.2)
CALM_S = (1.0, 4.0)
PEAK = (0.5, 1.0)  # of `noise`
USUAL_RATE_HZ = 20.0  # donkeycar's DRIVE_LOOP_HZ


class NoisyDriver:
    """Another driver, disturbed.

    Args:
        driver: who really drives.
        noise: peak of the strongest pulse, in steering, above 0 … 1.
        seed: the same seed gives the same pulses in every drive order.
        rate_hz: ticks per second, to lay out pulses that last as long at every rate.

    Raises:
        CopycarError: `noise` out of range.
    """

    def __init__(self, driver: Driver, noise: float, *, seed: int = 0, rate_hz: float = USUAL_RATE_HZ) -> None:
        if not 0.0 < noise <= 1.0:
            raise CopycarError(f"noise {noise} is out of range", fix="give more than 0 and at most 1, e.g. 0.3")
        self._driver, self._noise, self._rate_hz = driver, noise, rate_hz
        self._random = np.random.default_rng(seed)
        self._coming: list[float] = []

    def reset(self) -> None:
        """Begin a drive calmly; the pulses go on where the last drive left the random numbers."""
        self._driver.reset()
        self._coming = []

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return the driver's decision with the executed steering disturbed and the label clean."""
        wanted = self._driver.act(observation, info)
        if not self._coming:
            self._coming = self._calm_then_pulse()
        steering = wanted.action.steering + self._coming.pop()
        return wanted._replace(action=wanted.action._replace(steering=steering).clipped())

    def release(self) -> None:
        """Let the real driver let go of what it holds."""
        if release := ability(self._driver, "release"):
            release()

    def _calm_then_pulse(self) -> list[float]:
        """Return the steering added on the coming ticks, last tick first."""
        calm, pulse = (round(self._random.uniform(*span) * self._rate_hz) for span in (CALM_S, PULSE_S))
        peak = self._noise * self._random.uniform(*PEAK) * self._random.choice([-1.0, 1.0])
        triangle = peak * (1.0 - np.abs(np.linspace(-1.0, 1.0, pulse + 2)[1:-1]))
        return [*triangle.tolist()[::-1], *[0.0] * calm]


def ticks_per_second(environment: Environment) -> float:
    """Return the rate that the environment declares (`metadata["render_fps"]`), or the usual 20 Hz."""
    metadata: dict[str, Any] = getattr(environment, "metadata", None) or {}
    return float(metadata.get("render_fps") or USUAL_RATE_HZ)
