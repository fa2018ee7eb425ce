"""Finds a game's window and says where it is. Knows nothing of pictures or keys."""

import ctypes
import sys
from typing import Any, Protocol

from copycar.core.errors import CopycarError, DeviceError, did_you_mean
from copycar.environments.hud import Rectangle
from copycar.environments.screen.keyboard import open_x


class Window(Protocol):
    """A window on the screen."""

    def place(self) -> Rectangle | None:
        """Return where its inside is on the screen; None when it is closed or not shown."""

    def focus(self) -> None:
        """Let it have the keyboard."""

    def close(self) -> None:
        """Stop looking after it; the window stays open."""


class XWindow:
    """A window of an X display.

    Args:
        title: part of its title.
        display: name of the display.

    Raises:
        DeviceError: no such display, or no such window.
    """

    def __init__(self, title: str, display: str = "") -> None:
        self._x = open_x(display)
        titled = [(name, window) for name, window in _windows(self._x) if name]
        found = [window for name, window in titled if title.lower() in name.lower()]
        if not found:
            self._x.close()
            raise DeviceError(
                f"there is no window {title!r} on display {display or '($DISPLAY)'}",
                "" if titled else "there is no window at all",
                did_you_mean(title, [name for name, _ in titled]) if titled else "start the game first",
            )
        self._window = found[0]

    def place(self) -> Rectangle | None:
        """Return where its inside is, in pixels of the screen."""
        from Xlib.error import XError  # noqa: PLC0415 - an extra, and only under X

        try:
            size, shown = self._window.get_geometry(), self._window.get_attributes().map_state
            corner = self._x.screen().root.translate_coords(self._window, 0, 0)
        except XError:
            return None
        if shown != 2:  # X.IsViewable
            return None
        return Rectangle(left=max(corner.x, 0), top=max(corner.y, 0), width=size.width, height=size.height)

    def focus(self) -> None:
        """Let it have the keyboard: a display without a window manager gives it to nobody."""
        self._window.set_input_focus(1, 0)  # X.RevertToPointerRoot, X.CurrentTime
        self._x.sync()

    def close(self) -> None:
        """Let go of the display."""
        self._x.close()


def _windows(x: Any) -> list[tuple[str, Any]]:
    """Return (title, window) of all windows of a display, those nearest to the root first."""
    from Xlib.error import XError  # noqa: PLC0415 - an extra, and only under X

    found, waiting = [], [x.screen().root]
    while waiting:
        window = waiting.pop(0)
        try:
            found.append((_title(x, window), window))
            waiting += window.query_tree().children
        except XError:  # closed in the meantime
            continue
    return found


def _title(x: Any, window: Any) -> str:
    """Return a window's title: programs of today write it as UTF-8, older ones the old way."""
    told = window.get_full_property(x.intern_atom("_NET_WM_NAME"), 0)  # X.AnyPropertyType
    name = told.value if told else window.get_wm_name()
    return name.decode("utf-8", errors="replace") if isinstance(name, bytes) else name or ""


class WindowsWindow:
    """A window of Windows. Not tried on a real Windows yet.

    Args:
        title: part of its title.
        user32: the system's library; given by tests.

    Raises:
        DeviceError: no such window.
    """

    def __init__(self, title: str, user32: Any = None) -> None:
        self._user32 = user32 or ctypes.WinDLL("user32")  # type: ignore[attr-defined, unused-ignore]
        handle = 0
        while handle := self._user32.FindWindowExW(0, handle, None, None):
            text = ctypes.create_unicode_buffer(512)
            self._user32.GetWindowTextW(handle, text, 512)
            if title.lower() in text.value.lower() and self._user32.IsWindowVisible(handle):
                self._handle = handle
                return
        raise DeviceError(f"there is no window {title!r}", fix="start the game first, and look at its title")

    def place(self) -> Rectangle | None:
        """Return where its inside is, in pixels of the screen."""
        if not self._user32.IsWindow(self._handle) or self._user32.IsIconic(self._handle):
            return None
        inside, corner = (ctypes.c_long * 4)(), (ctypes.c_long * 2)()
        self._user32.GetClientRect(self._handle, inside)
        self._user32.ClientToScreen(self._handle, corner)
        left, top = corner
        return Rectangle(left=max(left, 0), top=max(top, 0), width=inside[2], height=inside[3])

    def focus(self) -> None:
        """Bring it to the front."""
        self._user32.SetForegroundWindow(self._handle)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


def find_window(title: str, display: str) -> Window:
    """Return the window whose title has `title` in it.

    Raises:
        DeviceError: no such window, or no such display.
        CopycarError: windows cannot be found on this system.
    """
    if sys.platform == "win32":
        return WindowsWindow(title)
    if sys.platform == "darwin" and not display:
        raise CopycarError("windows cannot be found on macOS", fix="name the part of the screen: region = {…}")
    return XWindow(title, display)
