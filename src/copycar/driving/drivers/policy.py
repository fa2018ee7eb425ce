"""A policy file behind the wheel. Knows nothing of how the policy was trained."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.core.frame import Action, Decision, Info, Observation
from copycar.driving.environment import Environment
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.driving.runtime.policy import Policy
from copycar.driving.trip import recorded_extras


class ActsOnImages(Protocol):
    """What drives here: `copycar.driving.runtime.policy.Policy`, or anything like it.

    Attributes:
        metadata: what it takes besides the picture.
    """

    metadata: PolicyMetadata

    def reset(self) -> None:
        """Forget earlier frames."""

    def act(self, observation: Observation) -> Action:
        """Return the action for one observation."""


class PolicyDriver:
    """Drives as a policy does.

    Args:
        policy: the loaded policy.
    """

    def __init__(self, policy: ActsOnImages) -> None:
        self._policy = policy
        self._sensors = {name: given["keys"] for name, given in policy.metadata.inputs.items() if "names" not in given}

    def reset(self) -> None:
        """Forget earlier frames: a new drive begins."""
        self._policy.reset()

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return the policy's action; of `info` it sees the sensors alone that it was trained with."""
        action = self._policy.act({**self._readings(observation, info), **observation})
        return Decision(action, action, "policy")

    def _readings(self, observation: Observation, info: Info) -> dict[str, NDArray[np.float32]]:
        """Return the sensor inputs, read under the names that a recorder would give them."""
        if not self._sensors:
            return {}
        told = {**info, **recorded_extras(info)}
        missing = [
            key for name, keys in self._sensors.items() if name not in observation for key in keys if key not in told
        ]
        if missing:
            raise CopycarError(
                f"the policy needs the sensor {missing[0]}, which this environment does not tell",
                "it was trained on recordings that have it",
                "drive where it was recorded, or train a network without sensors",
            )
        return {
            name: np.hstack([np.float32(told[key]) for key in keys]).astype(np.float32)
            for name, keys in self._sensors.items()
            if name not in observation
        }


BEHAVIOR = "behavior"


def load(path: str, environment: Environment, behavior: str | None = None) -> PolicyDriver:
    """Load the policy file at `path` for `environment`, to drive by `behavior` where it knows several.

    Raises:
        CopycarError: no such file, no copycar policy, or it takes another image size than this environment gives, or it
            knows no such behaviour.
    """
    policy = Policy.load(path)
    given = _image_size(environment)
    if given and given != tuple(policy.image_size):
        raise CopycarError(
            f"{path} takes {_in_words(policy.image_size)} images, but this environment gives {_in_words(given)}",
            "a policy drives with the camera size it was trained with",
            f"set the environment's camera to {_in_words(policy.image_size)}",
        )
    if behavior is not None:
        policy.choose(BEHAVIOR, behavior)
    return PolicyDriver(policy)


def _image_size(environment: Environment) -> tuple[int, int] | None:
    """Return (height, width) px of the environment's camera, or None where it does not say."""
    spaces = getattr(getattr(environment, "observation_space", None), "spaces", {})
    return spaces["image"].shape[:2] if "image" in spaces else None


def _in_words(size: tuple[int, int]) -> str:
    height, width = size
    return f"{width}x{height}"
