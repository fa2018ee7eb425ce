"""Takes pictures of a screen. Knows nothing of games or windows."""

from typing import Any

import mss
import numpy as np

from copycar.core.errors import DeviceError
from copycar.core.frame import Image


class ScreenCapture:
    """Pictures of one part of a screen.

    Args:
        display: of X, such as ":1"; None takes the desktop that this program runs on.
        width, height: of that part, px.
        left, top: of its upper left corner.

    Raises:
        DeviceError: there is no such screen.
    """

    def __init__(self, width: int, height: int, left: int = 0, top: int = 0, display: str | None = None) -> None:
        self._region = {"left": left, "top": top, "width": width, "height": height}
        try:
            self._screen: Any = mss.MSS(display=display) if display else mss.MSS()
        except mss.ScreenShotError as error:
            raise DeviceError(
                f"there is no screen {display or 'here'}", str(error), "start it, or name another"
            ) from error

    def take(self) -> Image:
        """Return what is there now, uint8 (height, width, 3) RGB, a new array.

        Raises:
            DeviceError: the screen is gone.
        """
        try:
            grabbed = self._screen.grab(self._region)
        except mss.ScreenShotError as error:
            raise DeviceError("the screen is gone", str(error), "start again") from error
        return np.array(grabbed)[:, :, 2::-1].copy()

    def close(self) -> None:
        """Let go of the screen. Harmless twice."""
        self._screen.close()
