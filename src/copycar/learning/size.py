"""Picture sizes as people write them."""

import re

from copycar.core.errors import CopycarError


def parse_size(text: str) -> tuple[int, int]:
    """Return (height, width) of "WIDTHxHEIGHT".

    Raises:
        CopycarError: it is written otherwise.

    >>> parse_size("80x60")
    (60, 80)
    """
    found = re.fullmatch(r"(\d+)x(\d+)", text)
    if found is None:
        raise CopycarError(f"{text!r} is no picture size", fix="write WIDTHxHEIGHT, for example 80x60")
    return int(found[2]), int(found[1])
