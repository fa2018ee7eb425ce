"""`copycar ground extract`: frames out of footage."""

from pathlib import Path

from copycar.cli.numbers import Count, Natural
from copycar.cli.output import counting, print_json, quoted, show, tell
from copycar.ground.extract import Choice, Extracted
from copycar.ground.extract import extract as take


def extract(
    project: Path,
    footage: Path,
    *,
    train: Natural = 300,
    val: Natural = 100,
    every: Count = 1,
    val_start_s: float | None = None,
    json: bool = False,
) -> None:
    """Take frames to label out of the cameras' footage, at the same moments of all.

    Args:
        project: where they go: 1-annotation/train and 1-annotation/val.
        footage: a folder with cam1, cam2 …, each with the camera's films or pictures.
        train: frames to learn from, spread over the footage; of each stretch the one in which most moves.
        val: frames to judge on, one stretch without gaps.
        every: take every n-th frame of that stretch.
        val_start_s: where it begins, in seconds of the footage; default: it is the end.
        json: print one JSON object.
    """
    choice = Choice(train, val, every, val_start_s)
    with counting("extracting", "pictures") as on_progress:
        taken = take(project, footage, choice, on_progress)
    if json:
        print_json(
            {
                "project": str(project),
                "cameras": list(taken.cameras),
                "train": taken.n_train,
                "val": taken.n_val,
                "rate_hz": taken.rate_hz,
                "offsets": dict(taken.offsets),
                "offsets_sureness": taken.sureness,
            }
        )
        return
    tell(
        show, f"{project}: {taken.n_train} frames to learn from, {taken.n_val} to judge on, {', '.join(taken.cameras)}"
    )
    _tell_offsets(taken)
    tell(show, f"next:   copycar ground annotate {quoted(project)}")


def _tell_offsets(taken: Extracted) -> None:
    starts = ", ".join(f"{name} {frame}" for name, frame in taken.offsets.items())
    if taken.sureness is None:
        return
    if taken.is_sure:
        tell(show, f"what moves tells that cameras began together at frames: {starts}  (written to first_frame.json)")
        return
    fix = "if that is wrong, write 0-calibration/first_frame.json and extract again"
    tell(show, f"what moves does not tell when cameras began: taken as together; {fix}", "yellow")
