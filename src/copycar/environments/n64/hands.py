"""Turns steering and throttle into what is held on the controller, poll by poll. Knows nothing of the game.

A button is down or up, a throttle is not: it is held for that share of the polls, spread evenly.
"""

from copycar.core.frame import Action
from copycar.environments.n64.options import N64Options
from copycar.environments.n64.pad import Pad


class Hands:
    """Holds one controller.

    Args:
        options: which buttons, and how far the stick goes.
    """

    def __init__(self, options: N64Options) -> None:
        self._options = options
        self._owed = 0.0

    def pads(self, action: Action) -> list[Pad]:
        """Return what is held for the polls of one step."""
        return [self._pad(action) for _ in range(self._options.polls_per_step)]

    def _pad(self, action: Action) -> Pad:
        button = self._options.accelerate if action.throttle >= 0 else self._options.brake
        self._owed += abs(action.throttle)
        is_down = self._owed >= 1.0 - 1e-6
        self._owed -= is_down
        buttons = {*self._options.hold, *([button] if is_down and button else [])}
        return Pad(round(action.steering * self._options.stick_range), 0, frozenset(buttons))
