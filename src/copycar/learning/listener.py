"""Who is told how a training goes: the command line, an experiment log. Knows nothing of either."""

from collections.abc import Mapping
from typing import Any

from copycar.learning.progress import Epoch
from copycar.learning.run import Run


class Listener:
    """Is told, in this order: the start, every epoch, and either that it stopped or its end. Override what you need."""

    def on_start(self, run: Run, description: Mapping[str, Any]) -> None:
        """Take notice that training begins, or goes on.

        Args:
            run: its folder.
            description: what `run.json` says of it: settings, data, network, machine, versions.
        """

    def on_epoch(self, epoch: Epoch) -> None:
        """Take notice of an epoch that is finished and safe on disk."""

    def on_stop(self, state: str) -> None:
        """Take notice that it stopped early, before the policy so far is written.

        Args:
            state: "interrupted" or "failed".
        """

    def on_end(self, result: Mapping[str, Any]) -> None:
        """Take notice of the end.

        Args:
            result: what `copycar train --json` prints.
        """
