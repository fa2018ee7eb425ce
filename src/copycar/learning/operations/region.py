"""Operations that choose a part of the picture: crop cuts off, masks make black."""

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from copycar.learning.operations.step import Step


class _Edges(Step):
    """Four distances from the edges of the frame at this point of the pipeline."""

    top: int = Field(default=0, ge=0)
    """Rows above."""
    bottom: int = Field(default=0, ge=0)
    """Rows below."""
    left: int = Field(default=0, ge=0)
    """Columns on the left."""
    right: int = Field(default=0, ge=0)
    """Columns on the right."""

    def _inside(self, images: Tensor) -> Tensor:
        height, width = images.shape[-2:]
        return images[..., self.top : height - self.bottom, self.left : width - self.right]

    def _inner_size(self, height: int, width: int) -> tuple[int, int]:
        return height - self.top - self.bottom, width - self.left - self.right


class Crop(_Edges):
    """Cut rows and columns off; the picture becomes smaller, and everything after it quicker."""

    op: Literal["crop"] = "crop"

    def size_after(self, height: int, width: int) -> tuple[int, int]:
        """Return the (height, width) that remains."""
        return self._inner_size(height, width)

    def apply(self, images: Tensor) -> Tensor:
        """Return the inner rectangle."""
        return self._inside(images)


class Mask(_Edges):
    """Make rows and columns at the edges black; the size stays. This is what donkeycar's CROP does.

    donkeycar keeps one row and one column more at `bottom` and `right`: it fills its rectangle edges included.
    """

    op: Literal["mask"] = "mask"

    def size_after(self, height: int, width: int) -> tuple[int, int]:
        """Return the size unchanged.

        Raises:
            ValueError: nothing of the picture is kept.
        """
        if min(self._inner_size(height, width)) < 1:
            raise ValueError("it makes the whole picture black")
        return height, width

    def apply(self, images: Tensor) -> Tensor:
        """Return the same shape, black outside the rectangle."""
        return functional.pad(self._inside(images), (self.left, self.right, self.top, self.bottom))


class _Quadrangle(Step):
    """Keeps a trapezoid whose upper and lower sides are level; subclasses say where its corners are."""

    def _corners(self, height: int, width: int) -> tuple[int, int, int, int, int, int]:
        """Return upper left, upper right, lower left, lower right, top and bottom, as pixels of the picture."""
        raise NotImplementedError

    def size_after(self, height: int, width: int) -> tuple[int, int]:
        """Return the size unchanged.

        Raises:
            ValueError: nothing of the picture is kept, or the corners are in the wrong order.
        """
        upper_left, upper_right, lower_left, lower_right, top, bottom = self._corners(height, width)
        if top >= bottom or upper_left > upper_right or lower_left > lower_right:
            raise ValueError(
                f"its corners make no trapezoid: rows {top} to {bottom}, columns {upper_left} to {upper_right} above "
                f"and {lower_left} to {lower_right} below"
            )
        if top >= height or min(upper_left, lower_left) >= width:
            raise ValueError("it makes the whole picture black")
        return height, width

    def apply(self, images: Tensor) -> Tensor:
        """Return the same shape, black outside the trapezoid; its corners and sides are inside."""
        upper_left, upper_right, lower_left, lower_right, top, bottom = self._corners(*images.shape[-2:])
        height, width = images.shape[-2:]
        rows = torch.arange(height, device=images.device, dtype=torch.float32)[:, None]  # (H, 1)
        columns = torch.arange(width, device=images.device, dtype=torch.float32)  # (W,)
        lean_left, lean_right = (lower_left - upper_left) / (bottom - top), (lower_right - upper_right) / (bottom - top)
        # a pixel is kept where the side passes through it, as OpenCV draws its outline: half a pixel, or half a row
        left = upper_left + (rows - top) * lean_left - max(0.5, abs(lean_left) / 2)
        right = upper_right + (rows - top) * lean_right + max(0.5, abs(lean_right) / 2)
        inside = columns >= left.clamp(min=min(upper_left, lower_left))
        inside &= columns <= right.clamp(max=max(upper_right, lower_right))
        inside &= (rows >= top) & (rows <= bottom)
        return images * inside.to(images.dtype)


class Trapezoid(_Quadrangle):
    """Keep a trapezoid and make everything else black, by the pixels of its corners: donkeycar's TRAPEZE."""

    op: Literal["trapezoid"] = "trapezoid"
    upper_left: int = Field(default=0, ge=0)
    """Column of the upper left corner."""
    upper_right: int = Field(ge=0)
    """Column of the upper right corner."""
    lower_left: int = Field(default=0, ge=0)
    """Column of the lower left corner."""
    lower_right: int = Field(ge=0)
    """Column of the lower right corner."""
    top: int = Field(ge=0)
    """First row that is kept."""
    bottom: int = Field(ge=0)
    """Last row that is kept; may lie below the picture."""

    def _corners(self, height: int, width: int) -> tuple[int, int, int, int, int, int]:
        del height, width
        return self.upper_left, self.upper_right, self.lower_left, self.lower_right, self.top, self.bottom


class TrapezoidEdges(_Quadrangle):
    """Keep a trapezoid and make everything else black, by its distances from the edges: donkeycar's TRAPEZE_EDGE."""

    op: Literal["trapezoid_edges"] = "trapezoid_edges"
    upper_left: int = Field(default=0, ge=0)
    """Columns left of the upper left corner."""
    upper_right: int = Field(default=0, ge=0)
    """Columns right of the upper right corner."""
    lower_left: int = Field(default=0, ge=0)
    """Columns left of the lower left corner."""
    lower_right: int = Field(default=0, ge=0)
    """Columns right of the lower right corner."""
    top: int = Field(default=0, ge=0)
    """Rows above the trapezoid."""
    bottom: int = Field(default=0, ge=0)
    """Rows below the trapezoid."""

    def _corners(self, height: int, width: int) -> tuple[int, int, int, int, int, int]:
        right, below = width - self.upper_right, height - self.bottom
        return self.upper_left, right, self.lower_left, width - self.lower_right, self.top, below
