"""A driver that does what a function says. Knows nothing of driving."""

from collections.abc import Callable

from copycar.core.frame import Action, Decision, Info, Observation


class ScriptedDriver:
    """Asks `script` on every tick.

    Args:
        script: from (tick since reset, observation, info) to the action; may raise whatever a driver may meet.
        source: what the decisions name as their source.

    Attributes:
        tick: ticks since the reset.
        releases: how often `release` was called.
    """

    def __init__(self, script: Callable[[int, Observation, Info], Action], source: str = "policy") -> None:
        self._script, self._source = script, source
        self.tick = 0
        self.releases = 0

    def reset(self) -> None:
        """Start the script again."""
        self.tick = 0

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return the script's action, as it is."""
        action = self._script(self.tick, observation, info)
        self.tick += 1
        return Decision(action, action, self._source)

    def release(self) -> None:
        """Count the call."""
        self.releases += 1
