"""Choose which records to learn from: by an expression, every n-th, with labels moved in time. Edits nothing on disk.

Knows nothing of learning. `select` applies all three in the only order that makes sense: labels are moved while the
recording is still whole, then frames are chosen.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from copycar.core.errors import CopycarError
from copycar.tubs.episodes import find_gaps
from copycar.tubs.record import Record
from copycar.tubs.where import matches


def select(
    records: Sequence[Record], *, expression: str | None = None, every_n: int = 1, shift_frames: int = 0
) -> list[Record]:
    """Return the chosen records, in order.

    Args:
        records: of one tub or several, one after the other.
        expression: keep what fulfils it (`copycar.tubs.where`); None keeps all.
        every_n: keep every n-th frame of each uninterrupted stretch.
        shift_frames: as in `shift`.

    Raises:
        CopycarError: a bad expression, or nothing is left.
    """
    chosen = every(where(shift(records, shift_frames), expression), every_n)
    if records and not chosen:
        raise CopycarError(f"none of {len(records)} frames is left", f"asked for: {expression}", "ask for less")
    return chosen


def where(records: Sequence[Record], expression: str | None) -> list[Record]:
    """Return the records that fulfil the expression; all of them for None.

    Raises:
        CopycarError: a bad expression.
    """
    if expression is None:
        return list(records)
    return [record for record, fits in zip(records, matches(records, expression), strict=True) if fits]


def every(records: Sequence[Record], n: int) -> list[Record]:
    """Return the first of each `n` records of every uninterrupted stretch.

    Raises:
        CopycarError: `n` is less than 1.
    """
    if n < 1:
        raise CopycarError(f"every {n} frames makes no sense", fix="use 1 for all frames, 2 for every second one")
    return [records[place] for stretch in _stretches(records) for place in stretch[::n]] if n > 1 else list(records)


def shift(records: Sequence[Record], frames: int) -> list[Record]:
    """Give every picture the action that was recorded `frames` frames later; negative: earlier.

    Labels never cross a gap. Frames at the edge of a stretch that have no such partner are left out.

    Args:
        records: in the order of recording, nothing filtered out yet.
        frames: what the data doctor's lag check names.
    """
    if not frames:
        return list(records)
    return [
        replace(records[place], action=records[place + frames].action)
        for stretch in _stretches(records)
        for place in stretch
        if place + frames in stretch
    ]


def _stretches(records: Sequence[Record]) -> list[range]:
    edges = [0, *find_gaps(records), len(records)]
    return [range(a, b) for a, b in pairwise(edges)]
