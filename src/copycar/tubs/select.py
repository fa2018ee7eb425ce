"""Choose which records to learn from: by an expression, every n-th, with labels moved in time. Edits nothing on disk.

Knows nothing of learning. `select` applies all three in the only order that makes sense: labels are moved while the
recording is still whole, then frames are chosen.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from copycar.core.errors import CopycarError
from copycar.tubs.episodes import find_gaps
from copycar.tubs.record import Record
from copycar.tubs.records import Records, as_records
from copycar.tubs.where import matches


def select(
    records: Sequence[Record], *, expression: str | None = None, every_n: int = 1, shift_frames: int = 0
) -> Records:
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


def where(records: Sequence[Record], expression: str | None) -> Records:
    """Return the records that fulfil the expression; all of them for None.

    Raises:
        CopycarError: a bad expression.
    """
    records = as_records(records)
    return records if expression is None else records.take(np.flatnonzero(matches(records, expression)))


def every(records: Sequence[Record], n: int) -> Records:
    """Return the first of each `n` records of every uninterrupted stretch.

    Raises:
        CopycarError: `n` is less than 1.
    """
    if n < 1:
        raise CopycarError(f"every {n} frames makes no sense", fix="use 1 for all frames, 2 for every second one")
    records = as_records(records)
    return records.take([place for stretch in _stretches(records) for place in stretch[::n]]) if n > 1 else records


def shift(records: Sequence[Record], frames: int) -> Records:
    """Give every picture the action that was recorded `frames` frames later; negative: earlier.

    Labels never cross a gap. Frames at the edge of a stretch that have no such partner are left out.

    Args:
        records: in the order of recording, nothing filtered out yet.
        frames: what the data doctor's lag check names.
    """
    records = as_records(records)
    if not frames:
        return records
    stretches = _stretches(records)
    places = np.array([p for stretch in stretches for p in stretch if p + frames in stretch], dtype=np.int64)
    return records.take(places).with_actions(records.actions[places + frames])


def _stretches(records: Sequence[Record]) -> list[range]:
    edges = [0, *find_gaps(records), len(records)]
    return [range(a, b) for a, b in pairwise(edges)]
