"""AutCar's balanced training sets: `train_map.txt`, `test_map.txt` and numbered PNGs. Knows nothing of training.

A row is `balanced_dataset/image_7.png<tab>left_medium_forward`. AutCar (`AutTrainer.create_balanced_dataset`) copies
rare frames until all commands are equally frequent and throws a dice for each copy whether it trains or tests, so that
most test pictures are among the training pictures. Reading undoes the copies. Writing divides first, by whole stretches
of driving, and then repeats *rows* of the training side: no picture is copied and none is on both sides.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from copycar.tubs.formats.autcar import COMMAND, RATE_HZ
from copycar.tubs.formats.autcar_commands import action_of, nearest_command
from copycar.tubs.formats.export import as_png, tell_left_out
from copycar.tubs.formats.format import Export, Format, positive
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.rows import Row, load_picture, read_rows
from copycar.tubs.formats.shot import Shot, human_frame
from copycar.tubs.record import file_name
from copycar.tubs.split import split_records
from copycar.tubs.tub import Tub

TRAIN, TEST = "train", "test"
MAPS = {TRAIN: "train_map.txt", TEST: "test_map.txt"}
SIDE = "autcar/split"
NUMBER = re.compile(r"(\d+)\.\w+$")


@dataclass(frozen=True, slots=True)
class Reading:
    """Options of reading.

    Attributes:
        rate: frames per second, which the recording does not tell.
        keep_copies: keep every copy of a frame instead of one.
    """

    rate: float = RATE_HZ
    keep_copies: bool = False

    def __post_init__(self) -> None:
        positive("--rate", self.rate)


@dataclass(frozen=True, slots=True)
class Writing:
    """Options of writing.

    Attributes:
        test_share: of the frames, 0 … 1, both excluded.
        seed: same seed, same division.
    """

    test_share: float = 0.2
    seed: int = 0


def detect(path: Path) -> bool:
    """Return whether there is a `train_map.txt`."""
    return (path / MAPS[TRAIN]).is_file()


def read(folder: Path, options: Reading, notes: Notes, maps: Mapping[str, str] = MAPS) -> Iterator[Shot]:
    """Yield every frame once, in the order of their numbers, which is that of the drive; `autcar/split` tells its side.

    A frame that was copied to both sides counts to the side of its first appearance.

    Args:
        folder: of the pictures and the maps.
        options: what is assumed and left out.
        notes: is told what was.
        maps: file name of the map of each side.
    """
    rows = [(row, side) for side, name in maps.items() for row in _rows(folder / name, notes)]
    rows.sort(key=lambda pair: _number(pair[0].fields[0]))
    notes.expected = len(rows)
    notes.inputs.update({COMMAND: "str", SIDE: "str"})
    notes.say(f"the recording tells no time: {options.rate:g} frames per second are assumed (--rate)")
    notes.say("AutCar has no steering numbers: light, medium and harsh turns became 0.33, 0.66 and 1")
    is_copy = _find_copies(folder, [row for row, _ in rows])
    start_s = folder.stat().st_mtime
    for place, (row, side) in enumerate(rows):
        name = row.fields[1] if len(row.fields) > 1 else ""
        action = action_of(name)
        if action is None:
            notes.drop("without a command that AutCar knows", row.place)
        elif is_copy[place] and not options.keep_copies:
            continue
        elif (picture := load_picture([folder], row.fields[0], notes, row.place)) is not None:
            t_s = place / options.rate
            frame = human_frame(action, t_s, {COMMAND: name, SIDE: side})
            yield Shot(frame, picture, row.place, wall_s=start_s + t_s)
    if any(is_copy) and not options.keep_copies:
        notes.say(f"{sum(is_copy)} copies of frames are left out (--keep-copies keeps them)")


def _find_copies(folder: Path, rows: list[Row]) -> list[bool]:
    """Return for each row whether it repeats an earlier one.

    Where rows name a file twice, only those are copies. AutCar copies files: all frames of the drive come before the
    first copy, so equal pictures among them, of a car that stood still, are none; all that lies behind the last new
    picture is.
    """
    names = [file_name(row.fields[0]) for row in rows]
    if len(set(names)) < len(names):
        return _is_repeated(names)
    contents = [_content(folder, row) for row in rows]
    is_repeated = _is_repeated(contents)
    last_new = max((place for place, repeated in enumerate(is_repeated) if not repeated), default=-1)
    return [place > last_new for place in range(len(rows))]


def _is_repeated(values: Sequence[Hashable]) -> list[bool]:
    first = {value: place for place, value in reversed(list(enumerate(values)))}
    return [first[value] != place for place, value in enumerate(values)]


def _content(folder: Path, row: Row) -> bytes:
    """Return a short text that is equal for equal pictures with equal commands."""
    picture = load_picture([folder], row.fields[0], Notes(), row.place)
    return hashlib.blake2b(picture or row.place.encode(), key=row.fields[-1].encode()[:64], digest_size=16).digest()


def write(tub: Tub, export: Export, advance: Callable[[], None]) -> int:
    """Write the pictures and both maps; the training map repeats rows until all its commands are equally frequent."""
    folder, options = export.destination, export.options
    folder.mkdir()
    tell_left_out(tub, export.notes, {COMMAND, SIDE})
    split = split_records(tub.records, fraction=options.test_share, seed=options.seed)
    side_of = dict.fromkeys(split.train.tolist(), TRAIN) | dict.fromkeys(split.validation.tolist(), TEST)
    chosen = [(tub.records[place], side_of[place]) for place in sorted(side_of)]
    sides = {record.index: side for record, side in chosen}
    export.notes.say(f"{split.description}; steering and throttle became the nearest of AutCar's twelve commands")
    pictures = as_png([record for record, _ in chosen], export.notes, advance)
    commands = ((nearest_command(record.action, record.values.get(COMMAND)), record, png) for record, png in pictures)
    return write_set(folder, export.name, ((png, command, sides[record.index]) for command, record, png in commands))


def write_set(folder: Path, prefix: str, frames: Iterable[tuple[bytes, str, str]]) -> int:
    """Write numbered pictures and both maps, and return how many pictures.

    Args:
        folder: an empty one.
        prefix: what the maps put before a picture's name: the folder as it will be called.
        frames: PNG, command and side (`TRAIN` or `TEST`) of each.
    """
    rows: dict[str, dict[str, list[str]]] = {TRAIN: defaultdict(list), TEST: defaultdict(list)}
    n_frames = 0
    for n_frames, (png, command, side) in enumerate(frames, 1):
        name = f"image_{n_frames - 1}.png"
        (folder / name).write_bytes(png)
        rows[side][command].append(f"{prefix}/{name}\t{command}\n")
    most = max(map(len, rows[TRAIN].values()), default=0)
    _write_map(folder / MAPS[TRAIN], [row for command in rows[TRAIN].values() for row in islice(cycle(command), most)])
    _write_map(folder / MAPS[TEST], [row for command in rows[TEST].values() for row in command])
    return n_frames


def _rows(path: Path, notes: Notes) -> Iterator[Row]:
    if not path.is_file():
        notes.say(f"{path.name} is missing")
        return
    yield from read_rows(path, notes, "\t")


def _number(picture: str) -> int:
    found = NUMBER.search(file_name(picture))
    return int(found[1][:15]) if found else 0


def _write_map(path: Path, rows: list[str]) -> None:
    path.write_text("".join(rows), encoding="utf-8", newline="\n")


FORMAT = Format("a balanced AutCar training set", detect, read, write, Reading, Writing)
