"""Pictures from a Panda3D scene without a window: one engine, one buffer per view. Knows nothing of roads or cars.

No `ShowBase`: it is one per process, and every environment here has its own engine, so that several live side by side.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from panda3d.core import (
    BitMask32,
    FrameBufferProperties,
    GraphicsEngine,
    GraphicsOutput,
    GraphicsPipe,
    LMatrix4,
    PerspectiveLens,
    RenderState,
    Texture,
    TransformState,
    WindowProperties,
)
from panda3d.core import Camera as CameraNode

from copycar.core.camera import Camera
from copycar.core.errors import DeviceError
from copycar.core.frame import Image
from copycar.environments.track.pipe import open_pipe

_NEAR_M, _FAR_M = 0.03, 200.0

_SOFTWARE_TRIM_PX = 0.5
"""The software renderer spreads a picture over its size less half a pixel and rounds corners towards the top left.
Lenses make up for it: painted lines then lie within 0.15 px of where the camera model says, on average."""

Rectangle = tuple[int, int, int, int]
"""Columns and rows of a picture, half open: left, top, right, bottom."""


class View:
    """One camera's buffer. Made by `Renderer.view`.

    Args:
        buffer: where Panda3D draws.
        camera_node: the Panda3D camera, hung into the scene or onto a car.
        size_px: (width, height) of the finished picture.
        supersample: how much larger it is drawn.
    """

    def __init__(self, buffer: Any, camera_node: Any, size_px: tuple[int, int], supersample: int) -> None:
        self.buffer, self.camera_node = buffer, camera_node
        self._size_px, self._supersample = size_px, supersample
        self._trim_px = _SOFTWARE_TRIM_PX / supersample if is_software(buffer) else 0.0
        self._texture = Texture()
        buffer.addRenderTexture(self._texture, GraphicsOutput.RTMCopyRam, GraphicsOutput.RTPColor)
        buffer.setActive(False)

    def hang(self, parent: Any, camera: Camera) -> None:
        """Move to the node `parent` (of another scene, perhaps) and see as `camera` does from there."""
        self.camera_node.reparentTo(parent)
        aim(self.camera_node, camera, self._trim_px)

    def picture(self) -> Image:
        """Return what was drawn last, a new array (H, W, 3) RGB."""
        pixels = self._pixels()
        return rgb(_halved(pixels) if self._supersample == 2 else pixels)

    def remove(self) -> None:
        """Take its camera out of the scene."""
        self.camera_node.removeNode()

    def _pixels(self) -> NDArray[np.uint8]:
        """What is in the buffer, (H, W, 4) BGRA, top row first; valid until the next drawing."""
        width, height = (size * self._supersample for size in self._size_px)
        return np.frombuffer(self._texture.getRamImage(), dtype=np.uint8).reshape(height, width, 4)[::-1]


class Renderer:
    """An engine and its views.

    Args:
        kind: "software", "gpu", or "auto": the graphics card where there is one.

    Raises:
        DeviceError: the renderer cannot start; the message says what to install.
    """

    def __init__(self, kind: str) -> None:
        self._pipe = open_pipe(kind)
        self._engine = GraphicsEngine(self._pipe)
        self._host: Any = None
        self._views: list[View] = []

    @property
    def name(self) -> str:
        """What draws: "TinyPanda" for software, "OpenGL" for a graphics card."""
        return str(self._pipe.getInterfaceName())

    def view(self, parent: Any, camera: Camera, supersample: int = 1, hidden_bit: int | None = None) -> View:
        """Return a new view whose camera hangs on the node `parent`; it does not see nodes hidden for `hidden_bit`."""
        buffer = self.buffer(camera.width_px * supersample, camera.height_px * supersample)
        node = CameraNode("camera")
        if hidden_bit is not None:
            node.setCameraMask(BitMask32.bit(hidden_bit))
        camera_node = parent.attachNewNode(node)
        buffer.makeDisplayRegion().setCamera(camera_node)
        view = View(buffer, camera_node, (camera.width_px, camera.height_px), supersample)
        view.hang(parent, camera)
        self.add(view)
        return view

    def add(self, view: View) -> None:
        """Take over a view that was made on one of this renderer's buffers."""
        self._views.append(view)

    def draw(self, *views: View) -> list[Image]:
        """Draw the given views and return their pictures."""
        for view in self._views:
            view.buffer.setActive(view in views)
        self._engine.renderFrame()
        TransformState.garbageCollect()  # `ShowBase` would do this every frame; without it memory grows
        RenderState.garbageCollect()
        return [view.picture() for view in views]

    def close(self) -> None:
        """Free all buffers; the renderer cannot be used afterwards."""
        for view in self._views:
            view.remove()
            view.buffer.removeAllDisplayRegions()
            # Panda3D 1.10's software renderer gives a buffer's memory back only when it is resized.
            view.buffer.setSize(1, 1)
            view.buffer.setActive(True)
        self._engine.renderFrame()
        self._views = []
        self._engine.removeAllWindows()
        self._host = None

    def buffer(self, width_px: int, height_px: int) -> Any:
        """Return a new place to draw.

        Raises:
            DeviceError: the renderer refuses this size.
        """
        properties = FrameBufferProperties()
        properties.setRgbColor(True)
        properties.setRgbaBits(8, 8, 8, 8)
        properties.setDepthBits(24)
        size = WindowProperties.size(width_px, height_px)
        shared = () if self._host is None else (self._host.getGsg(), self._host)
        flags = GraphicsPipe.BFRefuseWindow | GraphicsPipe.BFResizeable  # `close` must shrink it
        buffer = self._engine.makeOutput(self._pipe, "view", 0, properties, size, flags, *shared)
        if buffer is None:
            raise DeviceError(
                f"the renderer {self.name} gives no picture of {width_px}x{height_px}",
                fix='choose renderer="software", or a smaller picture',
            )
        self._host = self._host or buffer
        return buffer


def is_software(buffer: Any) -> bool:
    """Whether Panda3D's own software renderer draws here."""
    return str(buffer.getPipe().getInterfaceName()) == "TinyPanda"


def aim(camera_node: Any, camera: Camera, trim_px: float) -> None:
    """Give a Panda3D camera the lens of `camera` and its pose, relative to what the node hangs on."""
    camera_node.node().setLens(lens_of(camera, (0, 0, camera.width_px, camera.height_px), trim_px))
    right, down, forward = camera.rotation
    axes = np.vstack([right, forward, -down, camera.position_m])  # Panda3D: x right, y forward, z up; rows
    camera_node.setMat(LMatrix4(*np.column_stack([axes, [0, 0, 0, 1]]).ravel().tolist()))


def lens_of(camera: Camera, rectangle: Rectangle, trim_px: float) -> Any:
    """Return the lens that draws a rectangle of the picture of `camera`; its film is measured in pixels.

    Args:
        camera: intrinsics of the whole picture.
        rectangle: the part to draw.
        trim_px: how much smaller the renderer thinks its buffer is, see `_SOFTWARE_TRIM_PX`.
    """
    left, top, right, bottom = rectangle
    lens = PerspectiveLens()
    lens.setFilmSize(right - left - trim_px, bottom - top - trim_px)
    across, up = (left + right - camera.width_px) / 2, (camera.height_px - top - bottom) / 2
    lens.setFilmOffset(across - trim_px / 2, up + trim_px / 2)
    lens.setFocalLength(camera.focal_px[0])
    lens.setNearFar(_NEAR_M, _FAR_M)
    return lens


def rgb(pixels: NDArray[np.uint8]) -> Image:
    """Return BGRA pixels as a new RGB picture. Channel by channel is three times faster than a reversed slice."""
    picture = np.empty((*pixels.shape[:2], 3), np.uint8)
    for channel in range(3):
        picture[..., channel] = pixels[..., 2 - channel]
    return picture


def _halved(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the picture (2H, 2W, 4) averaged over 2x2 pixels, all four channels of a pixel in one 32-bit word."""
    words = pixels.view(np.uint32)[..., 0]
    rows = _average(words[0::2], words[1::2])
    pixel: NDArray[np.uint8] = _average(rows[:, 0::2], rows[:, 1::2])[..., None].view(np.uint8)
    return pixel


def _average(one: Any, two: Any) -> Any:
    return (one & two) + (((one ^ two) >> 1) & np.uint32(0x7F7F7F7F))
