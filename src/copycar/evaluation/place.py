"""Where trials are driven: environments made for a driver, with the policy's camera size. Knows nothing of trials."""

from collections.abc import Mapping
from typing import Any

import gymnasium

from copycar.core.errors import CopycarError
from copycar.driving.driver import Driver
from copycar.driving.drivers.policy import PolicyDriver
from copycar.driving.make import POLICY_SUFFIXES, make_driver
from copycar.driving.runtime.policy import Policy
from copycar.environments.make import make_environment, takes_camera_size


def load_policy(driver: str) -> Policy | None:
    """Return the policy where `driver` is a policy file, else None. One thread: trials run side by side.

    Raises:
        CopycarError: no or an unfit policy file.
    """
    return Policy.load(driver, threads=1) if driver.lower().endswith(POLICY_SUFFIXES) else None


def make_place(name: str, options: Mapping[str, Any], policy: Policy | None) -> gymnasium.Env[Any, Any]:
    """Return the environment `name`, with the camera size that the policy was trained with where it can be chosen.

    Raises:
        CopycarError: unknown name or option; or the environment's pictures have another size than the policy takes.
    """
    size = policy.image_size if policy else None
    if size and takes_camera_size(name):
        options = {"height": size[0], "width": size[1], **options}
    environment = make_environment(name, **options)
    if size and not _gives(environment, size):
        environment.close()
        raise CopycarError(
            f"the policy takes {size[1]}x{size[0]} images, and {name} gives others",
            "a policy drives with the camera size it was trained with",
            "set the environment's camera to that size, or train on a tub recorded there",
        )
    return environment


def make_driver_for(driver: str, environment: gymnasium.Env[Any, Any], policy: Policy | None) -> Driver:
    """Return who drives `environment`: the loaded policy, or the registered driver of that name.

    Raises:
        CopycarError: unknown driver, or one that this environment does not have.
    """
    return PolicyDriver(policy) if policy else make_driver(driver, environment)


def _gives(environment: gymnasium.Env[Any, Any], size: tuple[int, int]) -> bool:
    """Whether the pictures have this (height, width); True where the environment does not say."""
    spaces = getattr(environment.observation_space, "spaces", {})
    return "image" not in spaces or tuple(spaces["image"].shape[:2]) == tuple(size)
