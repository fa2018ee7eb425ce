"""Train a network on the training side of a balanced set. Knows nothing of how networks learn.

The training pictures become a tub in the run's folder, each once: rare classes are drawn more often instead. The test
side is not touched, not even to choose the best epoch.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from copycar.autcar.captures import in_classes, usable
from copycar.core.errors import CopycarError
from copycar.tubs.formats import autcar_balanced
from copycar.tubs.formats.autcar import COMMAND
from copycar.tubs.formats.autcar_balanced import MAPS, SIDE, TRAIN
from copycar.tubs.formats.donkeycar_v2 import Writing
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.record import record_shots
from copycar.tubs.formats.rows import read_rows
from copycar.tubs.formats.shot import Shot


def class_counts(folder: Path) -> dict[str, int]:
    """Return how many rows of the training map each class has, in the order in which they come first.

    Raises:
        CopycarError: there is no training map.
    """
    _require_set(folder)
    rows = read_rows(folder / MAPS[TRAIN], Notes(), "\t")
    return dict(Counter(row.fields[1] for row in rows if len(row.fields) > 1))


def training_tub(folder: Path, tub: Path, classes: Sequence[str], notes: Notes) -> None:
    """Write the training side of a balanced set, AutCar's or ours, into a new tub.

    Args:
        folder: of the set.
        tub: folder to make.
        classes: that pictures may have.
        notes: is told what was left out or counted as something else.

    Raises:
        CopycarError: it is no balanced set, not one picture can be used, or all are of one class.
    """
    _require_set(folder)
    found = Counter[str]()

    def counted(shots: Iterator[Shot]) -> Iterator[Shot]:
        for shot in shots:
            found[shot.frame.extras[COMMAND]] += 1
            yield shot

    shots = (
        shot
        for shot in autcar_balanced.read(folder, autcar_balanced.Reading(), notes)
        if shot.frame.extras[SIDE] == TRAIN
    )
    record_shots(counted(usable(in_classes(shots, classes, notes), notes)), tub, notes, Writing(), lambda: None)
    if len(found) < 2:
        raise CopycarError(
            f"all training pictures are {next(iter(found))}", "there is nothing to tell apart", "record other commands"
        )


def new_run_folder() -> Path:
    """Return where the next run is to lie."""
    return Path("runs") / f"{datetime.now():%Y%m%d-%H%M%S-%f}-autcar"


def _require_set(folder: Path) -> None:
    if not (folder / MAPS[TRAIN]).is_file():
        raise CopycarError(
            f"{folder} is no balanced set",
            f"it has no {MAPS[TRAIN]}",
            "make one of what AutCar captured: trainer.create_balanced_dataset(...)",
        )
