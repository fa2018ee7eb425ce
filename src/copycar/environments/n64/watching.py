"""Lets somebody watch the hidden screen with a VNC viewer. Knows nothing of what is on it."""

import shutil
import subprocess
from pathlib import Path

from copycar.core.errors import CopycarError


class Window:
    """A view of a hidden screen, for any number of VNC viewers on this machine; they see, and touch nothing.

    Args:
        screen: its name, such as ":1".
        port: where viewers connect, e.g. 5900.
        log: file for what the server says.

    Raises:
        CopycarError: x11vnc is not installed.
    """

    def __init__(self, screen: str, port: int, log: Path) -> None:
        program = shutil.which("x11vnc")
        if program is None:
            raise CopycarError("nobody can watch the game", "x11vnc is not installed", "apt-get install x11vnc")
        command = [program, "-display", screen, "-viewonly", "-forever", "-shared", "-localhost", "-nopw"]
        with log.open("w") as said:
            self._process = subprocess.Popen(
                [*command, "-rfbport", str(port)], stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )

    def close(self) -> None:
        """Close it. Harmless twice."""
        self._process.terminate()
        self._process.wait()
