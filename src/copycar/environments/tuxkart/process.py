"""Starts the process with the game in it, talks to it, and says so when it has died. Knows nothing of driving.

The game gets a folder of its own for everything that it writes, so that the settings and records of somebody who plays
SuperTuxKart stay as they are.
"""

import os
import re
import subprocess
import sys
from multiprocessing.connection import Pipe
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from copycar.core.errors import DeviceError
from copycar.environments.tuxkart.data import lay_out
from copycar.environments.tuxkart.messages import Press, Put, RaceWish, Seen, TrackShape

_OPENING_S = 180.0
"""Longest time to load a track: 5 to 12 s here, with a cold disk and two busy cores."""

_ANSWER_S = 60.0
"""Longest time for one step; usually 3 to 15 ms."""

_SLOW_FILTER = "-GL_EXT_texture_filter_anisotropic -GL_ARB_texture_filter_anisotropic"
"""Mesa draws on the processor 5 to 100 times faster without this filter, at which nobody looks in small pictures:
160x120 of `lighthouse` 91 instead of 3.7 pictures/s here. Drivers of graphics cards do not read the variable."""


_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""The game colours its errors, and takes the colour back on a line of its own."""


class GameProcess:
    """A running game.

    Args:
        wish: the race to open.
        data: the game's tracks and karts.

    Attributes:
        shape: of the track.

    Raises:
        DeviceError: the game does not start.
    """

    def __init__(self, wish: RaceWish, data: Path) -> None:
        self._home = TemporaryDirectory(prefix="copycar-supertuxkart-", ignore_cleanup_errors=True)
        home = Path(self._home.name)
        lay_out(data, home / "cache")
        self._said = home / "said.txt"
        ours, theirs = Pipe()
        command = [sys.executable, "-m", "copycar.environments.tuxkart.game", str(theirs.fileno())]
        with self._said.open("w") as said:
            self._process = subprocess.Popen(
                command,
                env=_surroundings(home),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                pass_fds=[theirs.fileno()],
            )
        theirs.close()
        self._pipe = ours
        self.shape: TrackShape = self._ask(wish, _OPENING_S)

    @property
    def is_over(self) -> bool:
        """Whether the game has ended, by itself or by `close`."""
        return self._process.poll() is not None

    def put(self, wish: Put) -> Seen:
        """Put the kart somewhere.

        Raises:
            DeviceError: the game has died.
        """
        return self._ask(wish, _ANSWER_S)  # type: ignore[no-any-return]

    def press(self, wish: Press) -> Seen:
        """Drive for one step.

        Raises:
            DeviceError: the game has died.
        """
        return self._ask(wish, _ANSWER_S)  # type: ignore[no-any-return]

    def close(self) -> None:
        """End the game. Harmless twice."""
        self._pipe.close()
        self._process.kill()
        self._process.wait()
        self._home.cleanup()

    def _ask(self, wish: Any, within_s: float) -> Any:
        try:
            self._pipe.send(wish)
            if self._pipe.poll(within_s):
                return self._pipe.recv()
            why = f"it has not answered for {within_s:.0f} s"
        except (EOFError, OSError):
            why = self._last_words()
        self.close()
        raise DeviceError("SuperTuxKart stopped", why, _FIX)

    def _last_words(self) -> str:
        said = _COLOUR.sub("", self._said.read_text(errors="replace"))
        lines = [line for line in said.splitlines() if line.strip()]
        status = self._process.wait()
        return f"its process ended with status {status}" + (f" and said: {lines[-1]}" if lines else "")


_FIX = (
    "start again; where it never starts, install what it draws with: "
    "apt-get install libgl1 libegl1 libglib2.0-0 (no X server is needed)"
)


def _surroundings(home: Path) -> dict[str, str]:
    usual_cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return {
        **os.environ,
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR") or str(home),
        "MESA_SHADER_CACHE_DIR": os.environ.get("MESA_SHADER_CACHE_DIR") or str(usual_cache / "mesa_shader_cache"),
        "MESA_EXTENSION_OVERRIDE": os.environ.get("MESA_EXTENSION_OVERRIDE") or _SLOW_FILTER,
        "SDL_AUDIODRIVER": "dummy",
        "ALSOFT_DRIVERS": "null",
    }
