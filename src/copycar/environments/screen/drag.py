"""Lets a person draw a rectangle on the screen with the mouse. Knows nothing of games. X only."""

from copycar.core.errors import DeviceError
from copycar.environments.hud import Rectangle
from copycar.environments.screen.keyboard import open_x

LEAST_PX = 16


def drag_region(display: str) -> Rectangle:
    """Return the rectangle between where the mouse button was pressed and where it was let go.

    Raises:
        DeviceError: no display, another program holds the mouse, or the rectangle is tiny.
    """
    x = open_x(display)
    from Xlib import X  # noqa: PLC0415 - an extra, and only under X

    try:
        root = x.screen().root
        events = X.ButtonPressMask | X.ButtonReleaseMask
        if root.grab_pointer(False, events, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime) != 0:
            raise DeviceError("another program holds the mouse", fix="close its menu, or name a region in a TOML file")
        corners: dict[int, tuple[int, int]] = {}
        while X.ButtonRelease not in corners:
            event = x.next_event()
            if event.type == X.ButtonPress or (event.type == X.ButtonRelease and X.ButtonPress in corners):
                corners[event.type] = (event.root_x, event.root_y)
        x.ungrab_pointer(X.CurrentTime)
        x.sync()
    finally:
        x.close()
    return between(corners[X.ButtonPress], corners[X.ButtonRelease])


def between(first: tuple[int, int], second: tuple[int, int]) -> Rectangle:
    """Return the rectangle with these opposite corners, whichever they are.

    Raises:
        DeviceError: it is smaller than a picture can be.

    >>> between((50, 40), (10, 20)).model_dump()
    {'left': 10, 'top': 20, 'width': 40, 'height': 20}
    """
    (left, right), (top, bottom) = sorted((first[0], second[0])), sorted((first[1], second[1]))
    if right - left < LEAST_PX or bottom - top < LEAST_PX:
        raise DeviceError(
            f"a region of {right - left}x{bottom - top} pixels is too small", fix="press, drag, and let go"
        )
    return Rectangle(left=left, top=top, width=right - left, height=bottom - top)
