"""Who is evaluated: policy files, run folders and drivers as people name them, each with a short name of its own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.learning.run import Run


@dataclass(frozen=True, slots=True)
class Entrant:
    """One who is evaluated.

    Attributes:
        name: short, and no other entrant's.
        driver: a policy file, or the name of a registered driver.
    """

    name: str
    driver: str


def entrants(given: Sequence[str | Path]) -> list[Entrant]:
    """Return who is meant, in this order.

    Args:
        given: policy files, run folders (whose `policy.onnx` is meant), or names of drivers.

    Raises:
        CopycarError: none, one named twice, or a folder without a policy.
    """
    drivers = [policy_file(one) for one in given]
    if not drivers:
        raise CopycarError("no policy to evaluate", fix="name it first: copycar evaluate POLICY --on oval")
    twice = [driver for driver, n in Counter(drivers).items() if n > 1]
    if twice:
        raise CopycarError(f"{twice[0]} is named twice", fix="name every policy once")
    return [Entrant(name, driver) for name, driver in zip(_short_names(drivers), drivers, strict=True)]


def policy_file(given: str | Path) -> str:
    """Return the policy file of a run's folder; anything else as it is.

    Raises:
        CopycarError: a folder without a policy.
    """
    path = Path(given)
    if not path.is_dir():
        return str(given)
    policy = Run(path).policy
    if not policy.is_file():
        raise CopycarError(
            f"{path} is a folder without {policy.name}",
            "its training has not ended, or it is no run",
            f"name the policy file, or end the training: copycar train --resume --out {path}",
        )
    return str(policy)


def _short_names(drivers: Sequence[str]) -> list[str]:
    """Name files by themselves, `policy.onnx` by its run, and those that would share a name by their whole path."""
    short = [_short_name(driver) for driver in drivers]
    is_shared = Counter(short)
    return [name if is_shared[name] == 1 else driver for name, driver in zip(short, drivers, strict=True)]


def _short_name(driver: str) -> str:
    path = Path(driver)
    return path.resolve().parent.name if path.name == Run(path.parent).policy.name else path.stem
