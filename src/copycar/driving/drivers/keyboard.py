"""Drive from a terminal: arrow keys or w a s d, space stops, q quits. Knows nothing of how keys are read.

A terminal tells when a key is pressed and never when it is let go. So the throttle stays where it was put, and the
steering returns to the centre by itself.
"""

import math
from collections.abc import Callable

from copycar.core.clock import Clock, RealClock
from copycar.core.frame import STOP, Action, Decision, Info, Observation
from copycar.driving.driver import DriverLeft
from copycar.driving.drivers.terminal import Terminal, open_terminal
from copycar.driving.environment import Environment

STEERING_STEP = 0.25  # four presses, or a moment of key repeat, to full lock
THROTTLE_STEP = 0.1
CENTRING_S = 0.6  # steering falls to 37 % in this time; longer than the usual 0.5 s before a held key repeats
DEAD_ZONE = 0.02

STEERING_OF = {"left": -STEERING_STEP, "a": -STEERING_STEP, "right": STEERING_STEP, "d": STEERING_STEP}
THROTTLE_OF = {"up": THROTTLE_STEP, "w": THROTTLE_STEP, "down": -THROTTLE_STEP, "s": -THROTTLE_STEP}


class KeyboardDriver:
    """A human at a terminal.

    Args:
        open_terminal: takes the terminal; called by `reset`.
        clock: for the steering's return to the centre.
    """

    def __init__(self, open_terminal: Callable[[], Terminal] = open_terminal, clock: Clock | None = None) -> None:
        self._open_terminal = open_terminal
        self._clock = clock or RealClock()
        self._terminal: Terminal | None = None
        self._action = STOP
        self._last_ns = 0

    def reset(self) -> None:
        """Take the terminal and start standing still.

        Raises:
            CopycarError: the input is no terminal.
        """
        self._terminal = self._terminal or self._open_terminal()
        self._action, self._last_ns = STOP, self._clock.monotonic_ns()

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return what the keys pressed since the last tick make of the last action.

        Raises:
            DriverLeft: q was pressed.
        """
        now_ns = self._clock.monotonic_ns()
        self._action = centred(self._action, (now_ns - self._last_ns) / 1e9)
        self._last_ns = now_ns
        for key in self._terminal.keys() if self._terminal else ():
            self._action = pressed(self._action, key)
        return Decision(self._action, self._action, "human")

    def release(self) -> None:
        """Give the terminal back as it was."""
        if self._terminal:
            self._terminal.close()
            self._terminal = None


def pressed(action: Action, key: str) -> Action:
    """Return the action after one key press; unknown keys change nothing.

    Raises:
        DriverLeft: the key is q.

    >>> pressed(Action(0.0, 0.3), "right")
    Action(steering=0.25, throttle=0.3)
    >>> pressed(Action(0.5, 0.3), "space")
    Action(steering=0.0, throttle=0.0)
    """
    if key == "q":
        raise DriverLeft
    if key == "space":
        return STOP
    steering = action.steering + STEERING_OF.get(key, 0.0)
    return Action(steering, round(action.throttle + THROTTLE_OF.get(key, 0.0), 6)).clipped()


def centred(action: Action, elapsed_s: float) -> Action:
    """Return the action with its steering on its way back to the centre; the throttle stays."""
    steering = action.steering * math.exp(-elapsed_s / CENTRING_S)
    return action._replace(steering=0.0 if abs(steering) < DEAD_ZONE else steering)


def make(environment: Environment) -> KeyboardDriver:
    """Return a driver that reads this terminal."""
    return KeyboardDriver()
