"""A policy file behind the wheel. Knows nothing of how the policy was trained."""

from typing import Protocol

from copycar.core.errors import CopycarError
from copycar.core.frame import Action, Decision, Info, Observation
from copycar.driving.environment import Environment
from copycar.driving.runtime.policy import Policy


class ActsOnImages(Protocol):
    """What drives here: `copycar.driving.runtime.policy.Policy`, or anything like it."""

    def act(self, observation: Observation) -> Action:
        """Return the action for one observation."""


class PolicyDriver:
    """Drives as a policy does.

    Args:
        policy: the loaded policy.
    """

    def __init__(self, policy: ActsOnImages) -> None:
        self._policy = policy

    def reset(self) -> None:
        """Do nothing: a policy of single frames has no state."""

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return the policy's action; `info` stays unseen."""
        action = self._policy.act(observation)
        return Decision(action, action, "policy")


def load(path: str, environment: Environment) -> PolicyDriver:
    """Load the policy file at `path` for `environment`.

    Raises:
        CopycarError: no such file, no copycar policy, or it takes another image size than this environment gives.
    """
    policy = Policy.load(path)
    given = _image_size(environment)
    if given and given != tuple(policy.image_size):
        raise CopycarError(
            f"{path} takes {_in_words(policy.image_size)} images, but this environment gives {_in_words(given)}",
            "a policy drives with the camera size it was trained with",
            f"set the environment's camera to {_in_words(policy.image_size)}",
        )
    return PolicyDriver(policy)


def _image_size(environment: Environment) -> tuple[int, int] | None:
    """Return (height, width) px of the environment's camera, or None where it does not say."""
    spaces = getattr(getattr(environment, "observation_space", None), "spaces", {})
    return spaces["image"].shape[:2] if "image" in spaces else None


def _in_words(size: tuple[int, int]) -> str:
    height, width = size
    return f"{width}x{height}"
