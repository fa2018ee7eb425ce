"""Opens Panda3D's way to the pixels: its software renderer, or OpenGL on a graphics card. Knows nothing of scenes.

When the software renderer does not load, that is nearly always libX11: Panda3D's wheel brings all else.
"""

import ctypes
import sys
from pathlib import Path
from typing import Any

from panda3d.core import GraphicsPipeSelection

from copycar.core.errors import DeviceError

_SOFTWARE = ("TinyOffscreenGraphicsPipe", "p3tinydisplay")
_GPU = ("eglGraphicsPipe", "p3headlessgl") if sys.platform == "linux" else ("", "pandagl")


def open_pipe(kind: str) -> Any:
    """Return a graphics pipe.

    Args:
        kind: "software", "gpu", or "auto": the graphics card where the machine shows one.

    Raises:
        DeviceError: it cannot be opened; the message says what to install.
    """
    if kind == "gpu" or (kind == "auto" and _has_graphics_card()):
        pipe = _opened(*_GPU)
        if pipe is not None:
            return pipe
        if kind == "gpu":
            raise DeviceError(
                "no OpenGL renderer starts here", "Panda3D found no usable driver", 'choose renderer="software"'
            )
    pipe = _opened(*_SOFTWARE)
    if pipe is None:
        raise software_fault()
    return pipe


def software_fault() -> DeviceError:
    """Return the error that explains why the software renderer does not load on this machine."""
    what = "the software renderer does not start"
    if sys.platform == "linux" and (reason := _load_error("libX11.so.6")):
        return DeviceError(what, f"Panda3D needs the library libX11: {reason}", "apt-get install libx11-6")
    return DeviceError(what, "Panda3D's p3tinydisplay does not load", "pip install --force-reinstall --no-deps panda3d")


def _opened(type_name: str, module: str) -> Any:
    selection = GraphicsPipeSelection.getGlobalPtr()
    pipe = selection.makePipe(type_name, module) if type_name else selection.makeModulePipe(module)
    return pipe if pipe is not None and pipe.isValid() else None


def _load_error(library: str) -> str:
    try:
        ctypes.CDLL(library)
    except OSError as error:
        return str(error)
    return ""


def _has_graphics_card() -> bool:
    if sys.platform != "linux":
        return True
    return any(Path("/dev/dri").glob("renderD*")) or Path("/dev/nvidiactl").exists()
