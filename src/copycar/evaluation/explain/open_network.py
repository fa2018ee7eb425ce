"""The torch network behind a policy file: what decides as the car does, but can be asked for gradients.

A policy file holds no gradients, so the weights of its run are needed beside it. Knows nothing of saliency.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from copycar.core.config import build
from copycar.core.errors import CopycarError
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.entrants import policy_file
from copycar.learning.columns import Category, Column, Reads
from copycar.learning.pipeline import user_steps
from copycar.learning.policies.network import NETWORKS, DrivingNetwork, Given, network_options
from copycar.learning.run import RUN_FILE, Run
from copycar.learning.settings import TrainSettings
from copycar.learning.weights import load_state


@dataclass(frozen=True)
class Opened:
    """A policy and its network.

    Attributes:
        policy: what the car loads.
        network: the same in torch, in evaluation mode, on the CPU.
    """

    policy: Policy
    network: DrivingNetwork


def open_network(given: str | Path) -> Opened:
    """Open a policy file or a run's folder.

    Raises:
        CopycarError: there is no such policy, its run is not beside it, or they do not belong together.
    """
    path = Path(policy_file(given))
    policy, run = Policy.load(path), Run(path.parent)
    if not run.best.is_file() or not (run.folder / RUN_FILE).is_file():
        raise CopycarError(
            f"{path} alone cannot be explained",
            "gradients need the weights of its run: best.pt and run.json beside it",
            "name the run's folder; out of a bucket: copycar remote pull BUCKET/runs/NAME",
        )
    described = run.describe()
    settings = build(TrainSettings, described["settings"], str(run.folder / RUN_FILE))
    kind = NETWORKS.get(settings.type)
    options = network_options(kind, settings.network, settings.type)
    reads = filled_in(kind.wants(**options), described.get("reads", {}), policy, run.folder)
    network = kind(Given(policy.image_size, user_steps(settings), reads), **options)
    try:
        network.load_state_dict(load_state(run.best))
    except RuntimeError as error:
        raise CopycarError(f"{run.best} belongs to another network than {path}", str(error)[:200]) from error
    return Opened(policy, network.eval().requires_grad_(False))


def filled_in(wanted: Reads, saved: Mapping[str, Any], policy: Policy, folder: Path) -> Reads:
    """Return what a network reads with the names, means and deviations of its training.

    Args:
        wanted: what its kind asks for.
        saved: by column, `"mean"` and `"std"`, as its run kept them.
        policy: knows the names.
        folder: of the run, for messages.

    Raises:
        CopycarError: the run was made by a version that did not keep them.
    """
    named = {**policy.metadata.inputs, **policy.metadata.answers}

    def fill(name: str, column: Column) -> Column:
        if isinstance(column, Category):
            return replace(column, names=tuple(named[name]["names"]) if name in named else column.names)
        if name not in saved:
            raise CopycarError(
                f"{folder} does not say how its sensor {name!r} was scaled",
                "an earlier copycar trained it",
                "train again",
            )
        return replace(column, mean=tuple(saved[name]["mean"]), std=tuple(saved[name]["std"]))

    return wanted.with_columns({name: fill(name, column) for name, column in wanted.columns.items()})
