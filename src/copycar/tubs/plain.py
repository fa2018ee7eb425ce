"""Lines of a catalog just as recorders write them, judged all at once. Knows nothing of what is wrong with others.

Nearly all lines are like that, and column by column they take two fifths of the time that they take one by one.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from copycar.tubs.blocks import Block
from copycar.tubs.cells import pack_columns
from copycar.tubs.record import ANGLE, MOST, THROTTLE, Raw, file_name

_ACTION = (ANGLE, THROTTLE)
_TAKEN = frozenset({"_index", "_session_id", "_timestamp_ms", "_t_ns", *_ACTION})


def plain_block(
    lines: Sequence[Raw | None],
    numbers: Sequence[int],
    folder: str,
    image_key: str,
    picture_bytes: Callable[[str], int | None],
) -> Block | None:
    """Return the lines side by side; None where one of them needs a closer look.

    Args:
        lines: neighbouring lines of a catalog, none of them deleted or told again later.
        numbers: of their frames.
        folder: where their pictures lie.
        image_key: under which key they name them.
        picture_bytes: tells the size of a picture file; None where there is none.
    """
    columns = _columns(lines)
    if columns is None or "__empty__" in columns or not {image_key, "_session_id", *_ACTION} <= columns.keys():
        return None
    stamps = [columns.get(key) for key in ("_timestamp_ms", "_t_ns")]
    if not (_are(str, columns[image_key]) and _are(str, columns["_session_id"]) and all(map(_are_stamps, stamps))):
        return None
    names = _file_names(columns[image_key])
    sizes = [picture_bytes(name) for name in names]
    steering, throttle = (columns[key] for key in _ACTION)
    if not (all(sizes) and _are_in_range(steering) and _are_in_range(throttle)):
        return None
    nothing = [None] * len(lines)
    values = {key: column for key, column in columns.items() if key not in _TAKEN and key != image_key}
    return Block(
        [folder] * len(lines),
        numbers,
        columns["_session_id"],
        stamps[0] or nothing,
        stamps[1] or nothing,
        names,
        sizes,
        steering,
        throttle,
        pack_columns(values),
    )


def _columns(lines: Sequence[Raw | None]) -> Mapping[str, Sequence[Any]] | None:
    """Return the values under every key; None where the lines do not all have the same keys."""
    first = lines[0]
    if not first or len(first) == 1 or any(line is None or len(line) != len(first) for line in lines):
        return None
    values_of: Callable[[Any], Any] = itemgetter(*first)
    try:
        return dict(zip(first, zip(*map(values_of, lines), strict=True), strict=True))
    except KeyError:
        return None


def _file_names(names: Sequence[str]) -> Sequence[str]:
    together = "".join(names)
    return names if "/" not in together and "\\" not in together else [file_name(name) for name in names]


def _are(kind: type, column: Sequence[Any]) -> bool:
    return set(map(type, column)) == {kind}


def _are_stamps(column: Sequence[Any] | None) -> bool:
    return column is None or (_are(int, column) and max(map(abs, column)) < MOST)


def _are_in_range(column: Sequence[Any]) -> bool:
    return _are(float, column) and bool((np.abs(column) <= 1).all())  # NaN is not
