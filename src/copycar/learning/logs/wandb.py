"""Tells a training to Weights & Biases: settings, figures, the policy file.

Where to is W&B's own business: `wandb login`, `WANDB_PROJECT`, `WANDB_MODE=offline`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copycar.core.errors import require
from copycar.learning.listener import Listener
from copycar.learning.logs.flat import epoch_numbers, numbers
from copycar.learning.progress import Epoch
from copycar.learning.run import Run

RUN_ID = "wandb_run"
"""The key of `run.json` under which a training that is resumed finds its W&B run again."""


class WandbLog(Listener):
    """One W&B run per training, named after its folder.

    Raises:
        CopycarError: wandb is not installed.
    """

    def __init__(self) -> None:
        self._wandb = require("wandb", "wandb")
        self._run: Any = None

    def on_start(self, run: Run, description: Mapping[str, Any]) -> None:
        """Begin the run, or go on with it."""
        known = run.describe().get(RUN_ID)
        go_on = {"id": known, "resume": "allow"} if known else {}
        self._run = self._wandb.init(name=run.folder.name, dir=str(run.folder), config=dict(description), **go_on)
        run.update(**{RUN_ID: self._run.id})

    def on_epoch(self, epoch: Epoch) -> None:
        """Log the epoch's figures."""
        self._run.log(epoch_numbers(epoch), step=epoch.number)

    def on_stop(self, state: str) -> None:
        """End the run as failed."""
        self._run.finish(exit_code=1)

    def on_end(self, result: Mapping[str, Any]) -> None:
        """Log the figures of the policy that was kept, and the policy."""
        self._run.summary.update(numbers({"offline": result["offline"]}))
        policy = Path(result["policy"])
        self._run.save(policy, base_path=policy.parent, policy="now")
        self._run.finish()
