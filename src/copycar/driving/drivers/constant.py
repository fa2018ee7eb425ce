"""Always the same action: the simplest driver there is, to try a car or to measure a baseline."""

from copycar.core.frame import Action, Decision, Info, Observation
from copycar.driving.environment import Environment

SLOWLY_AHEAD = Action(0.0, 0.2)


class ConstantDriver:
    """Always does `action`.

    Args:
        action: what to do on every tick.
    """

    def __init__(self, action: Action = SLOWLY_AHEAD) -> None:
        self._decision = Decision(action, action, "policy")

    def reset(self) -> None:
        """Do nothing: there is no state."""

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return the constant action."""
        return self._decision


def make(environment: Environment) -> ConstantDriver:
    """Return a driver that goes slowly straight ahead."""
    return ConstantDriver()
