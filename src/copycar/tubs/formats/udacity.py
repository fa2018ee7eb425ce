"""Recordings of the Udacity simulator: `driving_log.csv` and `IMG/` with three cameras. Knows nothing of the simulator.

A row is `centre,left,right,steering,throttle,brake,speed`, with or without a header; the paths are absolute and of the
recorder's own computer, often Windows. Steering -1 … +1 stands for 25 degrees, positive = right; throttle and brake
0 … 1; speed in miles per hour (self-driving-car-sim, `CarController.cs`). The time is in the pictures' names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.tubs.formats.format import Format
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.rows import Row, count_lines, finite, load_picture, read_rows
from copycar.tubs.formats.shot import Shot, human_frame
from copycar.tubs.record import file_name

TABLE = "driving_log.csv"
CAMERAS = ("centre", "left", "right")
SPEED, BRAKE, CORRECTION = "udacity/speed_mph", "udacity/brake", "udacity/steering_correction"
MAX_STEERING_DEG = 25.0  # CarController.cs, m_MaximumSteerAngle
RATE_HZ = 12.0  # of the recorder, where a name tells no time (measured: 85 ms between frames)
STAMP = re.compile(r"(\d{4})_(\d\d)_(\d\d)_(\d\d)_(\d\d)_(\d\d)_(\d{1,3})\.")


@dataclass(frozen=True, slots=True)
class Reading:
    """Options of reading.

    Attributes:
        side_cameras: steering that brings the car back from where a side camera is, 0 … 1, or degrees of the front
            wheels, e.g. "5deg"; "" leaves the side cameras out.
    """

    side_cameras: str = ""

    @property
    def correction(self) -> float:
        """Return the steering to add for the left camera and to take away for the right one; 0 leaves them out.

        Raises:
            CopycarError: no number, or none between 0 and 1.
        """
        text = str(self.side_cameras).strip().lower()
        value = finite(text.removesuffix("deg") or "0") if text else 0.0
        steering = None if value is None else value / MAX_STEERING_DEG if text.endswith("deg") else value
        if steering is None or not 0 <= steering <= 1:
            raise CopycarError(
                f"--side-cameras {self.side_cameras} is not possible",
                fix="give the steering that returns to the middle, e.g. 0.2, or degrees, e.g. 5deg",
            )
        return steering

    def __post_init__(self) -> None:
        _ = self.correction


class _Log(NamedTuple):
    """One row: paths of the three pictures, then steering, throttle, brake and speed."""

    paths: list[str]
    steering: float
    throttle: float
    brake: float | None
    speed: float | None


def detect(path: Path) -> bool:
    """Return whether there is a `driving_log.csv`."""
    return (path / TABLE).is_file()


def read(folder: Path, options: Reading, notes: Notes) -> Iterator[Shot]:
    """Yield the drive seen by the centre camera; then, if asked for, again by the left and by the right one.

    The side cameras are episodes of their own, so that the frames of a sequence show one camera. Braking is negative
    throttle.
    """
    correction = options.correction
    n_cameras = len(CAMERAS) if correction else 1
    notes.expected = count_lines(folder / TABLE) * n_cameras
    notes.inputs.update({SPEED: "float", BRAKE: "float"} | ({CORRECTION: "float"} if correction else {}))
    if not correction:
        notes.say("the left and right cameras are left out; --side-cameras 0.2 takes them in")
    for camera in range(n_cameras):
        yield from _read_camera(folder, camera, (0.0, correction, -correction)[camera], notes)


def _read_camera(folder: Path, camera: int, correction: float, notes: Notes) -> Iterator[Shot]:
    mtime_s = (folder / TABLE).stat().st_mtime
    start_s: float | None = None
    for place, row in enumerate(read_rows(folder / TABLE, notes)):
        log = _log(row, place, notes)
        if log is None:
            continue
        where = f"{row.place}, {CAMERAS[camera]}"
        picture = load_picture([folder / "IMG", folder], log.paths[camera], notes, where)
        if picture is None:
            continue
        wall_s = _stamp_s(log.paths[camera])
        if wall_s is None:
            notes.change("without a time in the picture's name: 12 frames per second are assumed", row.place)
            wall_s = mtime_s + place / RATE_HZ
        start_s = wall_s if start_s is None else start_s
        throttle = -log.brake if log.brake else log.throttle
        extras = {SPEED: log.speed, BRAKE: log.brake} | ({CORRECTION: correction} if correction else {})
        known = {key: value for key, value in extras.items() if value is not None}
        frame = human_frame(Action(log.steering + correction, throttle), wall_s - start_s, known)
        yield Shot(frame, picture, where, camera, wall_s)


def _log(row: Row, place: int, notes: Notes) -> _Log | None:
    """Return what a row says; None for the header and, with a note, where it says too little."""
    *paths, steering, throttle, brake, speed = [""] * 7 + row.fields if len(row.fields) < 7 else row.fields
    numbers = [finite(text) for text in (steering, throttle, brake, speed)]
    if place == 0 and row.fields[0].lower() in {"center", "centre"}:
        return None
    joined = _three(paths)
    if len(row.fields) < 7 or joined is None or numbers[0] is None or numbers[1] is None:
        notes.drop("on a torn row or without a steering and throttle number", row.place)
        return None
    return _Log(joined, numbers[0], numbers[1], numbers[2], numbers[3])


def _three(paths: list[str]) -> list[str] | None:
    """Return three paths, though commas inside of them may have torn each into several; None where they cannot be."""
    n_pieces, rest = divmod(len(paths), 3)
    if rest or not n_pieces:
        return None
    return [",".join(paths[start : start + n_pieces]) for start in range(0, len(paths), n_pieces)]


def _stamp_s(path: str) -> float | None:
    """Return the time in a picture's name, seconds since 1970 (the recorder's local time, read as UTC).

    >>> _stamp_s("IMG/center_2018_11_15_21_17_00_669.jpg")
    1542316620.669
    """
    found = STAMP.search(file_name(path))
    if not found:
        return None
    *date, millisecond = (int(part) for part in found.groups())
    try:
        return datetime(*date, millisecond * 1000, tzinfo=UTC).timestamp()  # type: ignore[misc, arg-type]
    except ValueError:
        return None


FORMAT = Format("a recording of the Udacity simulator", detect, read, reading=Reading)
