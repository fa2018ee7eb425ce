"""A plan of the ground as a picture that can be drawn on: where metres are in it. Knows nothing of cameras or files."""

from dataclasses import dataclass

import cv2
import numpy as np

from copycar.core.camera import Array
from copycar.core.frame import Image
from copycar.ground.scene import Area

Colour = tuple[int, int, int]

BACK, FRAME, INK, SOFT = (24, 28, 34), (96, 106, 118), (236, 240, 245), (150, 160, 172)
COLOURS: tuple[Colour, ...] = (
    *((63, 201, 193), (240, 197, 63), (255, 107, 120), (120, 200, 90)),
    *((150, 130, 255), (255, 160, 80), (90, 160, 255), (230, 120, 210)),
)
"""Of cameras and of ids, in turn."""

_MARGIN = 28


@dataclass(frozen=True, slots=True)
class Plan:
    """How ground metres become pixels of a plan; +Y is up.

    Attributes:
        area: what is shown.
        scale: pixels per metre.
        margin: pixels around it.
    """

    area: Area
    scale: float
    margin: int = _MARGIN

    @classmethod
    def fitting(cls, area: Area, longest_px: int) -> "Plan":
        """Return the plan whose longer side has `longest_px` pixels, margins included."""
        x0, y0, x1, y1 = area
        return cls(area, (longest_px - 2 * _MARGIN) / max(x1 - x0, y1 - y0))

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) px, both even as films want them."""
        x0, y0, x1, y1 = self.area
        sides = ((y1 - y0) * self.scale, (x1 - x0) * self.scale)
        height, width = (round(side) + 2 * self.margin for side in sides)
        return height + height % 2, width + width % 2

    def pixels(self, points_m: Array) -> Array:
        """Return the pixels (N, 2) x, y of ground points (N, 2)."""
        placed: Array = (points_m - (self.area[0], self.area[3])) * (self.scale, -self.scale) + self.margin
        return placed

    def ground(self, pixel: tuple[float, float]) -> tuple[float, float]:
        """Return the ground point at a pixel, the inverse of `pixels`."""
        x0, _, _, y1 = self.area
        return x0 + (pixel[0] - self.margin) / self.scale, y1 - (pixel[1] - self.margin) / self.scale

    def blank(self) -> Image:
        """Return an empty plan with the area's frame."""
        picture = np.full((*self.size, 3), BACK, dtype=np.uint8)
        corners = np.array([self.area[:2], self.area[2:]])
        (left, bottom), (right, top) = np.rint(self.pixels(corners)).astype(int).tolist()
        cv2.rectangle(picture, (left, top), (right, bottom), FRAME, 1)
        return picture

    def draw_line(self, picture: Image, points_m: Array, colour: Colour, *, is_closed: bool = False) -> None:
        """Draw a line through ground points into a picture of this plan."""
        points = np.rint(self.pixels(points_m) * 8).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(picture, [points], is_closed, colour, 1, cv2.LINE_AA, 3)

    def draw_dots(self, picture: Image, points_m: Array, colour: Colour, radius_px: float) -> None:
        """Draw filled circles at ground points."""
        for x, y in np.rint(self.pixels(points_m) * 8).astype(int).tolist():
            cv2.circle(picture, (x, y), round(radius_px * 8), colour, -1, cv2.LINE_AA, 3)

    def spread(self, values: Array) -> Array:
        """Return grid values (rows, columns, …) over the area as an image of the plan's size; the margin is 0."""
        height, width = self.size
        inner = width - 2 * self.margin, height - 2 * self.margin
        image = np.zeros((height, width, *values.shape[2:]))
        resized = cv2.resize(values[::-1], inner, interpolation=cv2.INTER_LINEAR)
        image[self.margin : -self.margin, self.margin : -self.margin] = resized
        return image


def write_text(picture: Image, text: str, place: tuple[int, int], colour: Colour = INK, scale: float = 0.45) -> None:
    """Write a line of text whose left lower corner is at `place` (x, y)."""
    cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, 1, cv2.LINE_AA)
