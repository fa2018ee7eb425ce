"""Sets of frame numbers in the short way people and files write them: `3`, `10:20`, `:50`, `900:`.

Knows nothing of what the numbers mean.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from copycar.core.errors import CopycarError

_RANGE = re.compile(r"(\d*)(:?)(\d*)")


def to_ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return half-open runs (start, stop) of the numbers, ascending.

    >>> to_ranges([7, 1, 2, 3])
    [(1, 4), (7, 8)]
    """
    ordered = sorted(set(numbers))
    if not ordered:
        return []
    starts = [ordered[0], *(after for before, after in pairwise(ordered) if after != before + 1)]
    stops = [*(before + 1 for before, after in pairwise(ordered) if after != before + 1), ordered[-1] + 1]
    return list(zip(starts, stops, strict=True))


def ranges_text(numbers: Iterable[int]) -> str:
    """Return the numbers as the text that `pick` reads.

    >>> ranges_text([7, 1, 2, 3])
    '1:4 7'
    """
    return " ".join(str(a) if b == a + 1 else f"{a}:{b}" for a, b in to_ranges(numbers))


def pick(texts: Sequence[str], known: Iterable[int]) -> set[int]:
    """Return those of the `known` numbers that the texts name; a single number must be one of them.

    Args:
        texts: each a number, or a range `first:after` without its end; either side may be left out.
        known: every number that there is.

    Raises:
        CopycarError: a text is neither, or names nothing that is there.

    >>> sorted(pick(["2", "5:"], range(8)))
    [2, 5, 6, 7]
    """
    numbers = set(known)
    chosen: set[int] = set()
    for text in texts:
        found = _pick_one(text.strip(), numbers)
        if not found:
            listing = ranges_text(numbers)
            raise CopycarError(f"no frame {text}", f"there are {listing[:200] or 'none'}")
        chosen |= found
    return chosen


def _pick_one(text: str, numbers: set[int]) -> set[int]:
    parts = _RANGE.fullmatch(text)
    if not parts or not text:
        raise CopycarError(
            f"{text!r} is neither a frame number nor a range", fix="write 17, or 10:20 for the frames 10 to 19"
        )
    first, colon, after = parts.groups()
    if not colon:
        return numbers & {int(first)}
    start, stop = int(first or 0), int(after) if after else None
    return {number for number in numbers if number >= start and (stop is None or number < stop)}
