"""Writes a training as TensorBoard event files, into `tensorboard/` of its run: `tensorboard --logdir runs`."""

import json
from collections.abc import Mapping
from typing import Any

from copycar.core.errors import require
from copycar.learning.listener import Listener
from copycar.learning.logs.flat import epoch_numbers
from copycar.learning.progress import Epoch
from copycar.learning.run import Run


class TensorboardLog(Listener):
    """One scalar per figure and epoch; the description as a text.

    Raises:
        CopycarError: tensorboardX is not installed.
    """

    def __init__(self) -> None:
        # tensorboardX and not torch.utils.tensorboard: 1 MB without tensorboard itself, which is only needed to look
        self._tensorboard = require("tensorboardX", "tensorboard")
        self._writer: Any = None

    def on_start(self, run: Run, description: Mapping[str, Any]) -> None:
        """Write what is trained."""
        self._writer = self._tensorboard.SummaryWriter(str(run.folder / "tensorboard"))
        self._writer.add_text("run", f"```\n{json.dumps(dict(description), indent=2, default=str)}\n```", 0)

    def on_epoch(self, epoch: Epoch) -> None:
        """Write the epoch's figures."""
        for name, value in epoch_numbers(epoch).items():
            self._writer.add_scalar(name, value, epoch.number)
        self._writer.flush()

    def on_stop(self, state: str) -> None:
        """Close the file."""
        self._writer.close()

    def on_end(self, result: Mapping[str, Any]) -> None:
        """Close the file."""
        self._writer.close()
