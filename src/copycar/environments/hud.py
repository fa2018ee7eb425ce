"""Black out what a game writes over its picture: a map, a score, a dial that shows the answer. Knows no game."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from copycar.core.config import Settings
from copycar.core.frame import Image


class Rectangle(Settings):
    """A part of a picture, in pixels from its upper left corner."""

    left: Annotated[int, Field(ge=0)]
    """First column."""

    top: Annotated[int, Field(ge=0)]
    """First row."""

    width: Annotated[int, Field(gt=0)]
    """Columns."""

    height: Annotated[int, Field(gt=0)]
    """Rows."""


def mask(picture: Image, hud: Sequence[Rectangle]) -> Image:
    """Make each rectangle of `picture` black, in place, and return it; what lies beyond the picture is ignored.

    >>> import numpy as np
    >>> mask(np.full((2, 3, 3), 9, np.uint8), [Rectangle(left=1, top=0, width=9, height=1)])[..., 0].tolist()
    [[9, 0, 0], [9, 9, 9]]
    """
    for part in hud:
        picture[part.top : part.top + part.height, part.left : part.left + part.width] = 0
    return picture
