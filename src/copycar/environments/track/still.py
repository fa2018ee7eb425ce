"""A camera that does not move: draws the world once, and afterwards only where cars are. Knows nothing of roads.

Beside the track nearly every pixel is the same from step to step. The empty world is drawn once per scene and kept;
each step draws small rectangles around the cars, with the trees that may stand before them but nothing flat, and
pastes the cars' own pixels in. That is several times faster than drawing all of it. Only the cars' pixels: the software
renderer rounds differently in a small rectangle, and a trace of that would tell a network where a hidden car is.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from panda3d.core import BitMask32
from panda3d.core import Camera as CameraNode

from copycar.core.camera import Camera
from copycar.core.frame import Image
from copycar.environments.track.renderer import Rectangle, View, aim, lens_of, rgb

_MARGIN_PX = 2


class StillView(View):
    """One camera beside the track.

    Args:
        buffer: where Panda3D draws.
        parent: the scene's root.
        camera: calibration; it never changes.
        n_movers: how many things move.
        movers_bit: cameras with this mask bit do not see what moves.
        flat_bit: cameras with this mask bit see only what can hide a mover, and the movers.
    """

    def __init__(self, buffer: Any, parent: Any, camera: Camera, n_movers: int, movers_bit: int, flat_bit: int) -> None:
        everything = _camera_node(parent, movers_bit)
        super().__init__(buffer, everything, (camera.width_px, camera.height_px), 1)
        self.camera = camera
        self._whole = self._region(everything)
        self._windows = [self._region(_camera_node(parent, flat_bit)) for _ in range(n_movers)]
        for order, region in enumerate((self._whole, *self._windows)):
            region.setSort(order)  # else windows that overlap are drawn in the order of their addresses in memory
        self._rectangles: list[Rectangle] = []
        self._background: Image | None = None
        buffer.setClearColorActive(False)
        buffer.setClearDepthActive(False)
        self.hang(parent, camera)

    def hang(self, parent: Any, camera: Camera) -> None:
        """Move into another scene: the next picture is the empty world, and is to be kept by `keep_background`."""
        for region in (self._whole, *self._windows):
            region.getCamera().reparentTo(parent)
            aim(region.getCamera(), camera, self._trim_px)
            region.setActive(False)
        self._whole.setActive(True)
        self._rectangles, self._background = [], None

    def keep_background(self) -> None:
        """Keep what was drawn last as the empty world."""
        self._background = self._pixels().copy()
        self._whole.setActive(False)

    def look_at(self, boxes: Sequence[NDArray[np.float64]]) -> None:
        """Draw next where these things are, each given by points (K, 3) in metres that enclose it."""
        self._rectangles = []
        for region, box in zip(self._windows, boxes, strict=True):
            rectangle = _around(self.camera.project(box), self.camera)
            region.setActive(rectangle is not None)
            if rectangle:
                self._rectangles.append(rectangle)
                self._frame(region, rectangle)

    def picture(self) -> Image:
        """Return the whole picture, a new array (H, W, 3) RGB."""
        drawn = self._pixels()
        if self._background is None:
            return rgb(drawn)
        whole = self._background.copy()
        for left, top, right, bottom in self._rectangles:
            part, window = whole[top:bottom, left:right], drawn[top:bottom, left:right]
            np.copyto(part, window, where=window[..., 3:] > 0)  # alpha marks the cars
        return rgb(whole)

    def remove(self) -> None:
        """Take its cameras out of the scene."""
        for region in (self._whole, *self._windows):
            region.getCamera().removeNode()

    def _region(self, camera_node: Any) -> Any:
        region = self.buffer.makeDisplayRegion()
        region.setCamera(camera_node)
        region.setClearColor((0, 0, 0, 0))
        region.setClearColorActive(True)
        region.setClearDepthActive(True)
        region.setActive(False)
        return region

    def _frame(self, region: Any, rectangle: Rectangle) -> None:
        """Let a region draw this part of the picture: the same lens with a smaller film beside its axis."""
        left, top, right, bottom = rectangle
        width, height = self.camera.width_px, self.camera.height_px
        region.setDimensions(left / width, right / width, 1 - bottom / height, 1 - top / height)
        region.getCamera().node().setLens(lens_of(self.camera, rectangle, self._trim_px))


def _camera_node(parent: Any, mask_bit: int) -> Any:
    node = CameraNode("still")
    node.setCameraMask(BitMask32.bit(mask_bit))
    return parent.attachNewNode(node)


def _around(pixels: NDArray[np.float64], camera: Camera) -> Rectangle | None:
    """Return the rectangle around projected points; all of the picture where one is behind; None where all are out."""
    width, height = camera.width_px, camera.height_px
    if np.isnan(pixels).any():
        return 0, 0, width, height
    left, top = (np.floor(pixels.min(axis=0)).astype(int) - _MARGIN_PX).tolist()
    right, bottom = (np.ceil(pixels.max(axis=0)).astype(int) + 1 + _MARGIN_PX).tolist()
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    return (left, top, right, bottom) if left < right and top < bottom else None
