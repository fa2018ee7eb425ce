"""A screen that nobody sees: Xvfb. Knows nothing of what is shown on it."""

import os
import select
import shutil
import subprocess
import time
from pathlib import Path

from copycar.core.errors import CopycarError, DeviceError

_STARTING_S = 20.0


class HiddenScreen:
    """A running Xvfb that ends with the last program that draws on it.

    Args:
        width, height: px.
        log: file for what it says.

    Attributes:
        name: for the environment variable DISPLAY.

    Raises:
        CopycarError: Xvfb is not installed.
        DeviceError: it does not start.
    """

    def __init__(self, width: int, height: int, log: Path) -> None:
        program = shutil.which("Xvfb")
        if program is None:
            raise CopycarError("there is no hidden screen", "Xvfb is not installed", "apt-get install xvfb")
        reading, writing = os.pipe()
        with log.open("w") as said:
            self._process = subprocess.Popen(
                [
                    program,
                    "-displayfd",
                    str(writing),
                    "-screen",
                    "0",
                    f"{width}x{height}x24",
                    "-nolisten",
                    "tcp",
                    "-terminate",
                ],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                pass_fds=[writing],
            )
        os.close(writing)
        number = _first_line(reading, _STARTING_S)
        os.close(reading)
        if not number:
            self.close()
            raise DeviceError(
                "the hidden screen does not start", log.read_text(errors="replace").strip()[-200:], "Xvfb :99"
            )
        self.name = f":{number}"

    def close(self) -> None:
        """End it. Harmless twice."""
        self._process.terminate()
        self._process.wait()


def _first_line(descriptor: int, within_s: float) -> str:
    line, until_s = b"", time.monotonic() + within_s
    while not line.endswith(b"\n") and (left_s := until_s - time.monotonic()) > 0:
        if not select.select([descriptor], [], [], left_s)[0] or not (some := os.read(descriptor, 64)):
            return ""
        line += some
    return line.decode().strip()
