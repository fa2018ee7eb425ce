"""A person who plays a game with the keyboard: what the keys in the game's window mean. Knows no game.

Keys are all or nothing. A learner that copies taps learns to steer never or fully, so the label follows the keys
softly, as a hand turns a wheel (TensorKart's users met this first: taps between zeros teach a network to go straight).
"""

import math

from copycar.core.clock import Clock, RealClock
from copycar.core.frame import Action, Decision, Info, Observation
from copycar.environments.screen.keyboard import Keyboard
from copycar.environments.screen.options import Keys

SOFT_S = 0.15
"""After this long a held key counts 63 %, after twice as long 86 %: about as fast as a thumb moves a stick."""


class HumanKeys:
    """Listens to the keys that drive the game, and presses none.

    Args:
        keyboard: of the game's display.
        keys: which ones drive.
        clock: time.
    """

    def __init__(self, keyboard: Keyboard, keys: Keys, clock: Clock | None = None) -> None:
        self._keyboard, self._keys, self._clock = keyboard, keys, clock or RealClock()
        keyboard.watch(keys.left, keys.right, keys.gas, keys.brake)
        self._steering, self._last_ns = 0.0, 0

    def reset(self) -> None:
        """Begin a drive."""
        self._steering, self._last_ns = 0.0, self._clock.monotonic_ns()

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return what the keys that are down now mean."""
        down, keys = self._keyboard.down(), self._keys
        now_ns = self._clock.monotonic_ns()
        held = float(keys.right in down) - float(keys.left in down)
        follows = 1.0 - math.exp(-(now_ns - self._last_ns) / 1e9 / SOFT_S)
        self._steering += (held - self._steering) * follows
        self._last_ns = now_ns
        action = Action(self._steering, float(keys.gas in down) - float(keys.brake in down))
        return Decision(action, action, "human")

    def release(self) -> None:
        """Let go of the keyboard."""
        self._keyboard.close()
