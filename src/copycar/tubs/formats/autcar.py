"""AutCar capture folders: `training.csv` and a PNG every two seconds. Knows nothing of AutCar's training.

A row is `3_car_snapshot.png;{'type': 'left', 'direction': 'forward', 'style': 'medium'}`: the command is written as
Python prints a dict (`AutCapture.py`). There is no time. AutCar counts from 0 again whenever it is started and writes
over its old pictures while it appends to the table: rows whose picture is another drive's by now are left out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from copycar.tubs.formats.autcar_commands import action_of, command_name, command_of, nearest_command, parse_command
from copycar.tubs.formats.export import as_png, tell_left_out
from copycar.tubs.formats.format import Export, Format, positive
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.rows import count_lines, load_picture, read_rows
from copycar.tubs.formats.shot import Shot, human_frame
from copycar.tubs.record import file_name
from copycar.tubs.tub import Tub

TABLE = "training.csv"
COMMAND = "autcar/command"
RATE_HZ = 0.5  # AutCapture's default


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
    """Return whether there is a `training.csv`."""
    return (path / TABLE).is_file()


def read(folder: Path, options: Reading, notes: Notes) -> Iterator[Shot]:
    """Yield the captures; the command's name is kept as `autcar/command`."""
    table = folder / TABLE
    notes.expected = count_lines(table)
    notes.inputs[COMMAND] = "str"
    notes.say(f"the recording tells no time: {options.rate:g} frames per second are assumed (--rate)")
    notes.say("AutCar has no steering numbers: light, medium and harsh turns became 0.33, 0.66 and 1")
    start_s = table.stat().st_mtime - notes.expected / options.rate
    newest = {file_name(row.fields[0]): row.place for row in read_rows(table, Notes(), ";")}
    episode, numbers = 0, set[str]()
    for place, row in enumerate(read_rows(table, notes, ";")):
        picture_name = file_name(row.fields[0])
        if picture_name in numbers:  # AutCar was started anew
            episode, numbers = episode + 1, set()
        numbers.add(picture_name)
        name = command_name(parse_command(row.fields[1])) if len(row.fields) > 1 else ""
        action = action_of(name)
        if action is None:
            notes.drop("without a command that AutCar knows", row.place)
        elif newest[picture_name] != row.place:
            notes.drop("whose picture was written over by a later drive", row.place)
        elif (picture := load_picture([folder], row.fields[0], notes, row.place)) is not None:
            t_s = place / options.rate
            frame = human_frame(action, t_s, {COMMAND: name})
            yield Shot(frame, picture, row.place, episode, start_s + t_s)


def write(tub: Tub, export: Export, advance: Callable[[], None]) -> int:
    """Write `training.csv` and a PNG per frame; each action becomes the nearest of AutCar's twelve commands."""
    export.destination.mkdir()
    tell_left_out(tub, export.notes, {COMMAND})
    export.notes.say("steering and throttle became the nearest of AutCar's twelve commands")
    n_frames = 0
    with (export.destination / TABLE).open("w", newline="", encoding="utf-8") as table:
        for n_frames, (record, png) in enumerate(as_png(tub.records, export.notes, advance), 1):
            name = f"{n_frames - 1}_car_snapshot.png"
            (export.destination / name).write_bytes(png)
            command = command_of(nearest_command(record.action, record.values.get(COMMAND)))
            table.write(f"{name};{command}\r\n")
    return n_frames


FORMAT = Format("an AutCar recording", detect, read, write, Reading)
