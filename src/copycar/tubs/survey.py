"""One pass over a recording that keeps a few numbers per frame: a million frames take 60 MB. Judges nothing.

Every picture is decoded, in threads, and forgotten.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.tubs.contents import Contents
from copycar.tubs.episodes import Timeline
from copycar.tubs.fingerprint import TubFingerprint
from copycar.tubs.jpeg import decode_jpeg_into, what_is_wrong
from copycar.tubs.judge import IMAGES, Judge, picture_bytes
from copycar.tubs.load import picture_size
from copycar.tubs.parallel import map_in_order
from copycar.tubs.read import read_pictures
from copycar.tubs.record import Row, file_name

CHUNK = 64  # pictures per task: some 5 ms of work
SIZE_SAMPLE = 15  # about as many pictures are looked at to learn the size

Looked = tuple[Row, str | None]
"""A record and what is wrong with its picture."""


@dataclass(frozen=True, slots=True)
class FirstBad:
    """The first unusable picture: its frame's number and what is wrong with it."""

    index: int
    reason: str


@dataclass(slots=True)
class Survey:
    """A recording as numbers; the columns have a row for every record that is neither deleted nor left out.

    Attributes:
        image_size: (height, width) in pixels that most pictures have, by a sample; None without records.
        sessions: session id of every episode.
        deleted: how many records are marked as deleted.
        repairs: what was left out, in plain words.
        n_bad: how many pictures cannot be used.
        first_bad: the first of them.
        fingerprint: as `copycar.tubs.fingerprint.fingerprint`.
    """

    image_size: tuple[int, int] | None
    sessions: list[str] = field(default_factory=list)
    deleted: int = 0
    repairs: list[str] = field(default_factory=list)
    n_bad: int = 0
    first_bad: FirstBad | None = None
    fingerprint: str = ""
    _index: "array[int]" = field(default_factory=lambda: array("q"))
    _drive: "array[int]" = field(default_factory=lambda: array("i"))
    _monotonic_s: "array[float]" = field(default_factory=lambda: array("d"))
    _wall_s: "array[float]" = field(default_factory=lambda: array("d"))
    _actions: "array[float]" = field(default_factory=lambda: array("d"))

    def __len__(self) -> int:
        return len(self._index)

    @property
    def timeline(self) -> Timeline:
        """The columns that tell where the recording was interrupted, (N,) each."""
        return Timeline(
            np.frombuffer(self._index, dtype=np.int64),
            np.frombuffer(self._drive, dtype=np.intc),
            np.frombuffer(self._monotonic_s),
            np.frombuffer(self._wall_s),
        )

    @property
    def actions(self) -> NDArray[np.float64]:
        """Steering and throttle of the frames whose picture can be used, (N - n_bad, 2)."""
        return np.frombuffer(self._actions).reshape(-1, 2)

    def add(self, record: Row, fault: str | None) -> None:
        """Count a record; `fault` says what is wrong with its picture."""
        if not self.sessions or self.sessions[-1] != record.session:
            self.sessions.append(record.session)
        self._index.append(record.number)
        self._drive.append(len(self.sessions))
        self._monotonic_s.append(np.nan if record.t_ns is None else record.t_ns / 1e9)
        self._wall_s.append(np.nan if record.timestamp_ms is None else record.timestamp_ms / 1e3)
        if not fault:
            self._actions.extend((record.steering, record.throttle))
            return
        self.n_bad += 1
        self.first_bad = self.first_bad or FirstBad(record.number, fault)


def survey(contents: Contents) -> Survey:
    """Look at every record and picture once.

    Raises:
        CopycarError: not one picture can be used.
    """
    judge = Judge(contents, partial(picture_bytes, contents.folder))
    found, fingerprint = Survey(_usual_size(contents)), TubFingerprint()
    for looked in map_in_order(partial(_look, found.image_size), _chunks(judge.rows())):
        for record, fault in looked:
            fingerprint.add(record)
            found.add(record, fault)
    if found.first_bad and found.n_bad == len(found):
        why = f"frame {found.first_bad.index}: {found.first_bad.reason}"
        raise CopycarError(f"not one of {len(found)} pictures in {contents.folder} can be used", why)
    found.deleted, found.repairs, found.fingerprint = len(judge.deleted), judge.repairs(), fingerprint.text()
    return found


def _chunks(records: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(records)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def _look(size: tuple[int, int] | None, records: list[Row]) -> list[Looked]:
    if size is None:
        return [(record, "no picture of this recording can be read") for record in records]
    scratch = np.empty((*size, 3), dtype=np.uint8)
    paths = [f"{record.folder}/{record.name}" for record in records]
    return [(record, _fault(data, scratch)) for record, data in zip(records, read_pictures(paths), strict=True)]


def _fault(data: bytes, scratch: NDArray[np.uint8]) -> str | None:
    try:
        decode_jpeg_into(data, scratch)
    except ValueError as error:
        return what_is_wrong(data, (scratch.shape[0], scratch.shape[1])) or str(error)
    return None


def _usual_size(contents: Contents) -> tuple[int, int] | None:
    """Return the size of most pictures in a sample; of the first readable one where the whole sample is bad."""
    names = list(_picture_names(contents, max(1, len(contents.catalogs) // SIZE_SAMPLE)))
    sampled = Counter(_sizes(contents, names[:: max(1, len(names) // SIZE_SAMPLE)]))
    return sampled.most_common(1)[0][0] if sampled else next(_sizes(contents, _picture_names(contents, 1)), None)


def _picture_names(contents: Contents, every_nth_catalog: int) -> Iterator[str]:
    key = contents.image_key
    for line in contents.live_lines(every_nth_catalog):
        yield file_name(line.get(key))


def _sizes(contents: Contents, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    for name in names:
        if name and (size := picture_size(contents.folder / IMAGES / name)):
            yield size
