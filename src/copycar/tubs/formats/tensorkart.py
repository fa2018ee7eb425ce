"""TensorKart samples: `data.csv` and PNG pictures of a game. Knows nothing of controllers.

A row is `path,x,y,a,b,rb` without a header: path from wherever the recorder was started, stick axes -1 … +1 (x positive
= right, y positive = up on Windows, down on Linux), buttons 0 or 1; `b` is the X button of an Xbox pad, which brakes in
Mario Kart 64 (TensorKart `record.py`, `utils.py`). There is no time: the recorder's timer waits 200 ms.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from copycar.core.frame import Action
from copycar.tubs.formats.export import as_png, tell_left_out
from copycar.tubs.formats.format import Export, Format, positive
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.rows import Row, count_lines, finite, load_picture, read_rows
from copycar.tubs.formats.shot import Shot, human_frame
from copycar.tubs.record import Record
from copycar.tubs.tub import Tub

TABLE = "data.csv"
Y, A, B, RB = "tensorkart/y", "tensorkart/a", "tensorkart/b", "tensorkart/rb"
KEYS = (Y, A, B, RB)
RATE_HZ = 5.0  # the recorder's timer, 200 ms


@dataclass(frozen=True, slots=True)
class Reading:
    """Options of reading.

    Attributes:
        rate: frames per second, which the recording does not tell.
    """

    rate: float = RATE_HZ

    def __post_init__(self) -> None:
        positive("--rate", self.rate)


def detect(path: Path) -> bool:
    """Return whether there is a `data.csv`."""
    return (path / TABLE).is_file()


def read(folder: Path, options: Reading, notes: Notes) -> Iterator[Shot]:
    """Yield the samples: steering = x, throttle = A minus B, every column kept under `tensorkart/…`."""
    table = folder / TABLE
    notes.expected = count_lines(table)
    notes.inputs.update(dict.fromkeys(KEYS, "float"))
    notes.say(f"the recording tells no time: {options.rate:g} frames per second are assumed (--rate)")
    start_s = table.stat().st_mtime - notes.expected / options.rate
    for place, row in enumerate(read_rows(table, notes)):
        numbers = [finite(field) for field in row.fields[1:6]]
        if _is_header(place, row, numbers):
            continue
        if len(numbers) < 5 or None in numbers:
            notes.drop("without five numbers", row.place)
            continue
        picture = load_picture([folder], row.fields[0], notes, row.place)
        if picture is not None:
            x, y, a, b, rb = (number or 0.0 for number in numbers)
            t_s = place / options.rate
            frame = human_frame(Action(x, a - b), t_s, dict(zip(KEYS, (y, a, b, rb), strict=True)))
            yield Shot(frame, picture, row.place, wall_s=start_s + t_s)


def write(tub: Tub, export: Export, advance: Callable[[], None]) -> int:
    """Write `data.csv` and a PNG per frame; paths are as TensorKart's tools expect them, from above `samples/`."""
    export.destination.mkdir()
    tell_left_out(tub, export.notes, KEYS)
    export.notes.say(f"the table's paths begin with samples/{export.name}: move the folder into TensorKart's samples")
    if tub.gaps:
        export.notes.say(f"{len(tub.gaps)} gaps between frames cannot be told in this format")
    n_frames = 0
    with (export.destination / TABLE).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        for n_frames, (record, png) in enumerate(as_png(tub.records, export.notes, advance), 1):
            name = f"img_{n_frames - 1}.png"
            (export.destination / name).write_bytes(png)
            table.writerow([f"samples/{export.name}/{name}", *columns(record)])
    return n_frames


def _is_header(place: int, row: Row, numbers: list[float | None]) -> bool:
    return place == 0 and len(row.fields) > 1 and not any(number is not None for number in numbers)


def columns(record: Record) -> list[float | int]:
    """Return x, y, a, b, rb: as they were read, else what the throttle says."""
    throttle = record.action.throttle
    told = [finite(record.values.get(key)) for key in KEYS]
    if (told[1] or 0.0) - (told[2] or 0.0) != throttle:  # not from TensorKart, or changed since
        told[1], told[2] = float(throttle > 0), float(throttle < 0)
    y, *buttons = (number or 0.0 for number in told)
    return [record.action.steering, y, *(int(button) if button.is_integer() else button for button in buttons)]


FORMAT = Format("a TensorKart recording", detect, read, write, Reading)
