"""What a mirror image does to names and numbers: left becomes right. Knows nothing of pictures."""

import re
from collections.abc import Mapping, Sequence

from copycar.learning.columns import Category, Column

SIDES = {"left": "right", "right": "left"}


def mirrored_names(names: Sequence[str]) -> list[int] | None:
    """Return the place of every name's mirror image; None where one's partner is missing.

    Args:
        names: such as `left_light_forward` or `Right-Lane`; those without a side are their own image.

    >>> mirrored_names(["Left_Lane", "Right_Lane", "stop"])
    [1, 0, 2]
    >>> mirrored_names(["left", "straight"]) is None
    True
    """
    place = {name.lower(): number for number, name in enumerate(names)}
    images = [place.get(_other_side(name.lower())) for name in names]
    found = [image for image in images if image is not None]
    return found if len(found) == len(names) else None


def mirrored_places(column: Category) -> list[int] | None:
    """Return the number of every category's mirror image; None where there is none."""
    return mirrored_names(column.names) if column.mirrors else None


def unmirrorable(columns: Mapping[str, Column]) -> list[str]:
    """Return the names of the columns of which nobody knows what a mirror image would have."""
    return [
        name
        for name, column in columns.items()
        if (mirrored_places(column) if isinstance(column, Category) else column.mirror) is None
    ]


def _other_side(name: str) -> str:
    return re.sub(r"(?<![a-z])(left|right)(?![a-z])", lambda found: SIDES[found[0]], name)
