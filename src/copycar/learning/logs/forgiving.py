"""A training that outlives its experiment log. Knows no log."""

from collections.abc import Callable, Mapping
from typing import Any

from copycar.core.errors import CopycarError
from copycar.learning.listener import Listener
from copycar.learning.progress import Epoch
from copycar.learning.run import Run


class Forgiving(Listener):
    """Passes everything on to a log until one call fails; the training goes on without it.

    A log that fails at the start stops the training: nobody should find out the next morning.
    """

    def __init__(self, name: str, log: Listener, tell: Callable[[str], None]) -> None:
        """Stand between a training and `log`.

        Args:
            name: what `--log` calls it.
            log: the listener that may fail, with whatever errors its library raises.
            tell: is given the one line that says why it is told no more.
        """
        self._name, self._log, self._tell = name, log, tell
        self._listens = False

    def on_start(self, run: Run, description: Mapping[str, Any]) -> None:
        """Begin.

        Raises:
            CopycarError: the log cannot begin; the cause is its own message.
        """
        try:
            self._log.on_start(run, description)
        except CopycarError:
            raise
        except Exception as error:  # whatever the library of a log raises
            fix = f"mend that, or train without --log {self._name}"
            raise CopycarError(f"{self._name} cannot be told of this training", _words(error), fix) from error
        self._listens = True

    def on_epoch(self, epoch: Epoch) -> None:
        """Pass it on."""
        self._pass_on(self._log.on_epoch, epoch, besides=", the training goes on")

    def on_stop(self, state: str) -> None:
        """Pass it on."""
        self._pass_on(self._log.on_stop, state)

    def on_end(self, result: Mapping[str, Any]) -> None:
        """Pass it on."""
        self._pass_on(self._log.on_end, result)

    def _pass_on(self, listen: Callable[[Any], None], what: Any, besides: str = "") -> None:
        if not self._listens:
            return
        try:
            listen(what)
        except Exception as error:  # noqa: BLE001 - whatever the library of a log raises
            self._listens = False
            self._tell(f"{self._name} is told no more{besides}: {_words(error)}")


def _words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
