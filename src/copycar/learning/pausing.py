"""A training that rests between two steps because somebody asked for it. Knows nothing of what is trained.

The wish is a file in the run's folder, with the mark of the process that wrote it: a training whose pauser has ended
would rest for ever, and ends instead as by Ctrl-C, from where it can go on later.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from copycar.core.process import ProcessMark, read_mark, write_mark

PAUSE_FILE = "pause.json"
LOOK_S = 0.2  # while it rests


def ask_to_rest(folder: Path) -> None:
    """Let the training of this run rest from its next step on, as long as this very process lives."""
    write_mark(folder / PAUSE_FILE, ProcessMark.of(os.getpid()))


def let_go_on(folder: Path) -> None:
    """Take the wish back; harmless where there is none."""
    (folder / PAUSE_FILE).unlink(missing_ok=True)


def is_to_rest(folder: Path) -> bool:
    """Return whether somebody wants it to rest."""
    return (folder / PAUSE_FILE).exists()


def rest_while_asked(folder: Path, sleep: Callable[[float], None] = time.sleep) -> None:
    """Return as soon as nobody wants the training of this run to rest, which is at once as a rule.

    Raises:
        KeyboardInterrupt: whoever wanted it is gone and can no longer take it back.
    """
    while is_to_rest(folder):
        if not _pauser_lives(folder):
            let_go_on(folder)
            raise KeyboardInterrupt
        sleep(LOOK_S)


def resting(folder: Path, on_step: Callable[[int, int, int], None] | None) -> Callable[[int, int, int], None]:
    """Return an `OnStep` of `copycar.learning.fit` that rests while that is asked for, and tells `on_step` too."""

    def tell(epoch: int, n_done: int, n_all: int) -> None:
        if on_step is not None:
            on_step(epoch, n_done, n_all)
        rest_while_asked(folder)

    return tell


def _pauser_lives(folder: Path) -> bool:
    mark = read_mark(folder / PAUSE_FILE)
    return mark.lives if mark else not is_to_rest(folder)  # taken back just now
