"""Session names for frames that move into another tub: every interruption of the old drive stays visible in the new.

A new tub numbers its frames without a break, so where frames were left out the drive would look uninterrupted. Hence
each uninterrupted stretch gets a session name of its own; the first one of a drive keeps the drive's name.
"""

import time
from collections.abc import Sequence
from itertools import pairwise

from copycar.tubs.contents import session_number
from copycar.tubs.episodes import find_gaps
from copycar.tubs.record import Record


def session_names(records: Sequence[Record]) -> list[str]:
    """Return a session name for each record, which may come from several tubs, one after the other.

    Names look like donkeycar's, `yy-mm-dd_n`. Records of a tub without session names get names as well.
    """
    names: list[str] = []
    taken: set[str] = {record.session for record in records}
    used: set[str] = set()
    for start, stop in pairwise([0, *find_gaps(records), len(records)]):
        name = records[start].session if start < stop else ""
        if not name or name in used:
            name = _fresh(records[start], taken)
        used.add(name)
        taken.add(name)
        names += [name] * (stop - start)
    return names


def _fresh(record: Record, taken: set[str]) -> str:
    day = record.session.rpartition("_")[0] or time.strftime("%y-%m-%d", time.gmtime((record.timestamp_ms or 0) / 1000))
    number = 1 + max([-1, *(session_number(name) for name in taken if name.rpartition("_")[0] == day)])
    return f"{day}_{number}"
