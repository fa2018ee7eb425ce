"""A screen that nobody sees, and windows on it."""

import os
import shutil
import subprocess
import sys
import time

import pytest

from copycar.core.errors import DeviceError
from copycar.environments.screen.window import XWindow
from copycar.testing.key_window import TITLE

pytest.importorskip("mss", reason="the extra [games] is not installed")
pytest.importorskip("Xlib", reason="the extra [games] is not installed")


@pytest.fixture(scope="session")
def screen():
    """Start Xvfb and return its display's name."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed: apt-get install xvfb")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as told:
            name = f":{told.readline().strip()}"
        yield name
        server.terminate()


@pytest.fixture
def shown(screen):
    """Return what opens a program's window on the hidden screen and waits for it; all are closed in the end."""
    open_ones = []

    def show(command, title):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environment = {**os.environ, "DISPLAY": screen, "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "dummy"}
        open_ones.append(subprocess.Popen(command, env=environment, **quiet))
        until_s = time.monotonic() + 30
        while True:
            try:
                XWindow(title, screen).close()
            except DeviceError:
                assert time.monotonic() < until_s, f"{command} shows no window {title!r}"
                assert open_ones[-1].poll() is None, f"{command} ended"
                open_ones[-1].poll()
            else:
                return open_ones[-1]

    yield show
    for one in open_ones:
        one.kill()
        one.wait()


@pytest.fixture
def key_window(shown):
    """Show the window that tells which keys are down."""
    pytest.importorskip("pygame", reason="the extra [games] is not installed")
    return shown([sys.executable, "-m", "copycar.testing.key_window", "60"], TITLE)
