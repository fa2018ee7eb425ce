"""The rounds of a training that follows a growing recording, each a run of its own. Knows nothing of how they train.

```
runs/<name>/
  round-001/ …     one run per round, each from the weights of the one before it
  policy.onnx      that of the latest round, replaced in one step
```
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.learning.policies.network import NETWORKS
from copycar.learning.run import RUN_FILE, Run, find_runs
from copycar.learning.settings import TrainSettings

LATER_RATE = 0.3
"""Of the learning rate in every round after the first: what is known is to be kept."""

LATER_EPOCHS = 1 / 3
"""Of the epochs in every round after the first."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """The folder of a training that follows.

    Attributes:
        folder: where the rounds lie.
    """

    folder: Path

    @classmethod
    def open(cls, folder: Path) -> "Rounds":
        """Return the rounds in a new or old folder.

        Raises:
            CopycarError: the folder is one run itself.
        """
        if (folder / RUN_FILE).is_file():
            why = "a training that follows makes a folder of rounds"
            raise CopycarError(f"{folder} is the run of one training", why, "name another --out")
        return cls(folder)

    @property
    def policy(self) -> Path:
        """The policy of the latest round."""
        return self.folder / "policy.onnx"

    def latest(self) -> Run | None:
        """Return the last round that has weights to go on from."""
        return next((run for run in reversed(find_runs(self.folder)) if run.best.exists()), None)

    def seen(self) -> tuple[str, int]:
        """Return the fingerprint and the number of frames of the last finished round's data; "" and 0 without one."""
        run = self.latest()
        described: dict[str, Any] = run.describe() if run else {}
        data = described.get("data", {}) if described.get("state") == "done" else {}
        return data.get("fingerprint", ""), data.get("frames", 0)

    def next_folder(self) -> Path:
        """Return where the next round goes."""
        numbers = [int(run.folder.name.removeprefix("round-")) for run in find_runs(self.folder)]
        return self.folder / f"round-{max(numbers, default=0) + 1:03d}"

    def publish(self, run: Run) -> Path:
        """Put a round's policy where the car loads it, in one step; return the path."""
        write_atomic(self.policy, run.policy.read_bytes())
        return self.policy


def round_settings(settings: TrainSettings, n_frames: int, *, is_first: bool) -> TrainSettings:
    """Return the settings of a round: held-out frames stay held out; later rounds are shorter and gentler.

    Args:
        settings: what was asked for.
        n_frames: of the recordings now.
        is_first: whether nothing was learned yet.
    """
    growing = settings.model_copy(update={"held_out": "growing"})
    if is_first:
        return growing
    rate = settings.learning_rate or NETWORKS.get(settings.type).learning_rate
    n_train = max(1, round(n_frames * (1 - settings.validation_share)))
    epochs = settings.epochs_on(n_train)
    later = {"learning_rate": LATER_RATE * rate, "epochs": max(1, round(LATER_EPOCHS * epochs))}
    return growing.model_copy(update=later)
