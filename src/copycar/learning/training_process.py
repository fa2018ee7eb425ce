"""A training as a process of its own: started, paused, gone on with and stopped by its run's folder alone.

Whoever starts one may end before it does, and whoever looks at it later need not have started it: `process.json` in the
folder says which process it is. Knows nothing of networks and tubs; torch is not loaded.
"""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.core.process import ProcessMark, read_mark, start_detached, write_mark
from copycar.core.toml import as_toml
from copycar.learning.pausing import ask_to_rest, is_to_rest, let_go_on
from copycar.learning.run import RUN_FILE, Run

PROCESS_FILE, LOG_FILE, ASKED_FILE = "process.json", "log.txt", "asked.toml"

State = Literal["starting", "training", "paused", "busy", "died", "interrupted", "failed", "done", "unknown"]
LIVING: tuple[State, ...] = ("starting", "training", "paused", "busy")


def launch(folder: Path, tubs: Sequence[Path], settings: Mapping[str, Any], more: Sequence[str] = ()) -> None:
    """Start `copycar train` on this machine; it goes on when this process ends.

    Args:
        folder: of the new run; what the training prints goes to its `log.txt`.
        tubs: what to learn from.
        settings: of `TrainSettings`, by name; the others are as usual.
        more: further words of the command, such as `--transfer RUN`.

    Raises:
        CopycarError: the folder holds a run already, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / RUN_FILE).exists() or (folder / PROCESS_FILE).exists():
            raise CopycarError(f"{folder} holds a run already", fix="choose another name")
        write_atomic(folder / ASKED_FILE, as_toml("train", settings))
    except OSError as error:
        raise CopycarError(f"cannot make the folder {folder}", error.strerror or str(error)) from error
    _start(folder, [*map(str, tubs), "--config", str(folder / ASKED_FILE), *more])


def go_on(folder: Path) -> None:
    """Let a training that is paused, was stopped or died go on.

    Raises:
        CopycarError: it runs already, or is done.
    """
    match state_of(folder):
        case "paused":
            let_go_on(folder)
        case "interrupted" | "failed" | "died" if (folder / RUN_FILE).exists():
            _start(folder, ["--resume"])
        case state:
            raise CopycarError(f"{folder.name} cannot go on", f"it is {state}")


def pause(folder: Path) -> None:
    """Let a training rest before its next step; it keeps its memory and gives its processor cores free.

    It rests as long as this process lives: when this one ends first, the training is stopped as by `stop`.

    Raises:
        CopycarError: it does not run.
    """
    if state_of(folder) != "training":
        raise CopycarError(f"{folder.name} cannot be paused", f"it is {state_of(folder)}")
    ask_to_rest(folder)


def stop(folder: Path) -> None:
    """End a training early; it still writes the best policy so far, and can go on later.

    Raises:
        CopycarError: it does not run.
    """
    state = state_of(folder)
    if state not in LIVING:
        raise CopycarError(f"{folder.name} does not run", f"it is {state}")
    if mark := read_mark(folder / PROCESS_FILE):
        with suppress(ProcessLookupError):  # it has ended just now
            os.kill(mark.number, signal.SIGTERM)  # `copycar train` takes it as Ctrl-C
    let_go_on(folder)


def state_of(folder: Path) -> State:
    """Return how a training stands.

    "starting" reads its recordings, "busy" writes its policy or its report, "died" could not say how it ended, and of
    "unknown" nobody has kept which process trains it.
    """
    mark, told = read_mark(folder / PROCESS_FILE), _told(folder)
    states: dict[Any, State] = {None: "starting", "training": "training", "done": "done"}
    if mark and mark.lives:
        if told == "training" and is_to_rest(folder):
            return "paused"
        return states.get(told, "busy")
    ended: dict[Any, State] = {"done": "done", "interrupted": "interrupted", "failed": "failed"}
    return ended.get(told, "died" if mark else "unknown")


def note_process(folder: Path) -> None:
    """Keep in a run's folder that this very process trains it."""
    write_mark(folder / PROCESS_FILE, ProcessMark.of(os.getpid()))


def log_of(folder: Path, most: int = 4000) -> str:
    """Return the end of what a training printed, at most so many characters; "" where nothing was kept."""
    with suppress(OSError):
        return (folder / LOG_FILE).read_text("utf-8", errors="replace")[-most:]
    return ""


def _start(folder: Path, arguments: Sequence[str]) -> None:
    let_go_on(folder)  # what somebody wanted of an earlier process
    command = [sys.executable, "-m", "copycar", "train", *arguments, "--out", str(folder)]
    write_mark(folder / PROCESS_FILE, start_detached(command, folder / LOG_FILE))


def _told(folder: Path) -> Any:
    with suppress(CopycarError):
        return Run(folder).describe().get("state")
    return None
