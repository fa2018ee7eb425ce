"""Everything of a training that its next step depends on, saved after every epoch. Knows nothing of data."""

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from copycar.core.errors import CopycarError
from copycar.learning.average import AveragedNetwork
from copycar.learning.progress import Progress
from copycar.learning.run import Run
from copycar.learning.weights import load_state, save_state


@dataclass(slots=True)
class Learner:
    """What training changes.

    Attributes:
        network: what takes the steps.
        average: its running mean, where one is wanted.
        optimiser: its moments.
        progress: finished epochs.
    """

    network: nn.Module
    average: AveragedNetwork | None
    optimiser: Optimizer
    progress: Progress

    @property
    def judged(self) -> nn.Module:
        """The network that is validated and kept: the mean where there is one."""
        return self.average.network if self.average else self.network


def save_checkpoint(run: Run, learner: Learner) -> None:
    """Replace the run's checkpoint in one step.

    Raises:
        OSError: the disk is full; the old checkpoint stays.
    """
    state = {name: part.state_dict() for name, part in _parts(learner).items()}
    save_state(run.checkpoint, state | {"progress": asdict(learner.progress)})


def restore(run: Run, learner: Learner, device: torch.device) -> None:
    """Put the run's checkpoint into `learner`; nothing where there is none yet.

    Raises:
        CopycarError: the checkpoint is damaged or of another network.
    """
    if not run.checkpoint.exists():
        return
    saved = load_state(run.checkpoint, device)
    try:
        for name, part in _parts(learner).items():
            part.load_state_dict(saved[name])
        learner.progress = Progress(**saved["progress"])
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise CopycarError(
            f"{run.checkpoint} belongs to another training",
            " ".join(str(error).split("\n\t")[:2]),
            f"bring back its own, or start a new run from its weights: copycar train TUB --transfer {run.folder}",
        ) from error
    run.restore_log(learner.progress.history)  # an epoch that was logged but not saved is run again


def _parts(learner: Learner) -> dict[str, Any]:
    parts = {"network": learner.network, "optimiser": learner.optimiser}
    return parts | ({"average": learner.average} if learner.average else {})
