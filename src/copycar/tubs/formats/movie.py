"""A film and a table of what was steered: any video that FFmpeg reads, and a CSV. Knows nothing of who filmed it.

The table has a header with `steering` and `throttle` (or donkeycar's `user/angle`, `user/throttle`), one row per
picture; or it has a column `time_s` (seconds since the first picture) too, and then each picture takes the newest row
that is not later than itself. Further columns become record keys.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError, did_you_mean, require
from copycar.core.frame import Action
from copycar.tubs.formats.format import Format
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.rows import finite, read_rows
from copycar.tubs.formats.shot import Shot, human_frame

ENDINGS = {".avi", ".m4v", ".mkv", ".mov", ".mp4", ".webm"}
STEERING = ("steering", "user/angle", "angle")
THROTTLE = ("throttle", "user/throttle")
TIME = "time_s"


@dataclass(frozen=True, slots=True)
class Reading:
    """Options of reading.

    Attributes:
        controls: the table; "" means the one beside the film with the same name and `.csv`.
        size: width and height in pixels of the pictures in the tub, e.g. "160x120"; "" keeps the film's.
        every: keep every n-th picture.
    """

    controls: str | Path = ""
    size: str = ""
    every: int = 1

    def __post_init__(self) -> None:
        if self.every < 1:
            raise CopycarError(f"--every {self.every} is not possible", fix="choose a whole number above 0")
        _ = self.width_height

    @property
    def width_height(self) -> tuple[int, int] | None:
        """(width, height) in pixels, None for the film's own.

        Raises:
            CopycarError: not two whole numbers.
        """
        if not self.size:
            return None
        width, _, height = self.size.lower().partition("x")
        if not (width.isdecimal() and height.isdecimal() and 0 < int(width) <= 10_000 and 0 < int(height) <= 10_000):
            raise CopycarError(f"--size {self.size} is not possible", fix="give width and height, e.g. 160x120")
        return int(width), int(height)


@dataclass(frozen=True, slots=True)
class _Controls:
    """The table: one entry per good row; None marks a torn row of a table without times."""

    actions: list[tuple[Action, dict[str, float | str], str] | None]
    times_s: list[float]

    def at(self, picture: int, time_s: float) -> tuple[Action, dict[str, float | str], str] | None:
        """Return action, further columns and place of the row that belongs to a picture; None where there is none."""
        row = bisect_right(self.times_s, time_s) - 1 if self.times_s else picture
        return self.actions[row] if 0 <= row < len(self.actions) else None


def detect(path: Path) -> bool:
    """Return whether this is a file with the ending of a film."""
    return path.suffix.lower() in ENDINGS and path.is_file()


def read(film: Path, options: Reading, notes: Notes) -> Iterator[Shot]:
    """Yield the pictures of the first video stream with the action of their row.

    Raises:
        CopycarError: no table beside the film, a column is missing, or the film cannot be read at all.
    """
    controls = _read_controls(_table(film, options), notes)
    start_s = film.stat().st_mtime
    for picture, (time_s, image) in enumerate(_pictures(film, options, notes)):
        if picture % options.every:
            continue
        told = controls.at(picture, time_s)
        if told is None:
            notes.drop("of the film without a good row in the table", f"{film.name} picture {picture}")
            continue
        action, extras, place = told
        yield Shot(human_frame(action, time_s, extras), image, place, wall_s=start_s + time_s)
    n_rows = len(controls.actions)
    if not controls.times_s and n_rows > notes.expected:
        notes.say(f"the table has {n_rows} rows for {notes.expected} pictures: the last rows are left out")


def _pictures(film: Path, options: Reading, notes: Notes) -> Iterator[tuple[float, Any]]:
    """Yield (seconds since the first picture, uint8 (H, W, 3) RGB); stops with a note where the film is torn."""
    av: Any = require("av", "formats")
    width, height = options.width_height or (None, None)
    try:
        with av.open(str(film)) as container:
            if not container.streams.video:
                raise CopycarError(f"{film} has no pictures", "there is no video stream in it")
            stream = container.streams.video[0]
            rate_hz = float(stream.average_rate or stream.guessed_rate or 20)
            notes.expected = stream.frames
            first_s, n_pictures = None, 0
            for frame in container.decode(stream):
                time_s = n_pictures / rate_hz if frame.time is None else frame.time
                first_s = time_s if first_s is None else first_s
                n_pictures += 1
                yield time_s - first_s, frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
            notes.expected = n_pictures
    except av.error.FFmpegError as error:
        if not notes.expected:
            raise CopycarError(f"{film} cannot be read", error.strerror or str(error)) from error
        notes.say(f"the film is torn ({error.strerror}): what lies behind is lost")


def _table(film: Path, options: Reading) -> Path:
    path = Path(options.controls) if options.controls else film.with_suffix(".csv")
    if not path.is_file():
        raise CopycarError(
            f"no table of steering and throttle at {path}",
            "a film alone does not tell what was steered",
            "name it: --controls FILE.csv",
        )
    return path


def _read_controls(path: Path, notes: Notes) -> _Controls:
    rows = read_rows(path, notes)
    header = next(rows, None)
    names = [name.lower() for name in header.fields] if header else []
    steering, throttle = _column(path, names, STEERING), _column(path, names, THROTTLE)
    has_time = TIME in names
    found: list[tuple[float, tuple[Action, dict[str, float | str], str]]] = []
    actions: list[tuple[Action, dict[str, float | str], str] | None] = []
    for row in rows:
        values = dict(zip(names, row.fields, strict=False))
        numbers = [finite(values.get(name)) for name in (steering, throttle, TIME)]
        if numbers[0] is None or numbers[1] is None or (has_time and numbers[2] is None):
            notes.change("have no number in their row of the table", row.place)
            actions.append(None)
            continue
        others = {key: text for key, text in values.items() if key not in {steering, throttle, TIME} and text}
        extras = {key: text if (value := finite(text)) is None else value for key, text in others.items()}
        told = (Action(numbers[0], numbers[1]), extras, row.place)
        actions.append(told)
        found.append((numbers[2] or 0.0, told))
    if not has_time:
        return _Controls(actions, [])
    found.sort(key=lambda pair: pair[0])
    return _Controls([told for _, told in found], [time_s for time_s, _ in found])


def _column(path: Path, names: list[str], wanted: tuple[str, ...]) -> str:
    found = next((name for name in wanted if name in names), "")
    if not found:
        hint = did_you_mean(wanted[0], names) if names else "the table is empty"
        raise CopycarError(f"{path} line 1 names no column {wanted[0]}", hint, "correct the header")
    return found


FORMAT = Format("a film", detect, read, reading=Reading)
