"""Compiles the emulator's input plugin, which takes a fifth of a second. Knows nothing of what it does."""

import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

from copycar.core.errors import CopycarError

HEADERS = Path("/usr/include/mupen64plus")
"""Where libmupen64plus-dev puts the emulator's headers."""

_INSTALL = "apt-get install gcc libc6-dev libmupen64plus-dev"


def build_plugin(folder: Path) -> Path:
    """Compile the plugin into `folder`; return its file.

    Raises:
        CopycarError: there is no compiler or no header, or it does not compile.
    """
    what = "the emulator's input plugin cannot be made"
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise CopycarError(what, "there is no C compiler here", _INSTALL)
    source = files("copycar.environments.n64").joinpath("pad_plugin.c").read_bytes()
    plugin = folder / "copycar-pad.so"
    command = [compiler, "-shared", "-fPIC", "-O2", f"-I{HEADERS}", "-x", "c", "-", "-o", str(plugin)]
    done = subprocess.run(command, input=source, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise CopycarError(what, said[0] if said else f"{compiler} failed", _INSTALL)
    return plugin
