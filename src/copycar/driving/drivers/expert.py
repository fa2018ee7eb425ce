"""The environment's own demonstrator behind the wheel. Knows nothing of how the demonstrator decides."""

from typing import Protocol

from copycar.core.errors import CopycarError
from copycar.core.frame import Action, Decision, Info, Observation
from copycar.driving.environment import Environment, ability


class Expert(Protocol):
    """What `environment.expert()` returns."""

    def act(self, observation: Observation, info: Info) -> Action:
        """Return what the expert would do now."""


class ExpertDriver:
    """Drives as an environment's expert does.

    Args:
        expert: the demonstrator.
    """

    def __init__(self, expert: Expert) -> None:
        self._expert = expert

    def reset(self) -> None:
        """Do nothing: an expert reads everything from `info`."""

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return the expert's action."""
        action = self._expert.act(observation, info)
        return Decision(action, action, "expert")


def make(environment: Environment) -> ExpertDriver:
    """Return the expert of `environment`.

    Raises:
        CopycarError: it has none.
    """
    expert = ability(environment, "expert")
    if expert is None:
        raise CopycarError(
            "this environment has no expert driver",
            "only environments that know their own track can drive it by themselves",
            "drive it yourself: --driver keyboard",
        )
    return ExpertDriver(expert())
