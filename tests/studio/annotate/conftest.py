"""A project without labels, a real server on it, and a real browser."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from copycar.ground.layouts.write_project import ProjectWriter
from copycar.ground.scene import SMALL_CAR, Truth
from ground.scenes import blob_pictures, four_cameras

SOURCE = Path(__file__).resolve().parents[3] / "src"
N_FRAMES = 24
AREA = (-2.0, -1.5, 2.0, 1.5)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four cameras, one moving thing, and nobody who labelled it."""
    folder = tmp_path_factory.mktemp("annotate") / "project"
    cameras = four_cameras((180, 320))
    writer = ProjectWriter(folder, cameras, SMALL_CAR, 20.0, AREA)
    for number in range(N_FRAMES):
        points = np.array([[-1.0 + 0.08 * number, 0.2]])
        writer.add("train", number, blob_pictures(cameras, points), Truth(points, np.array([1])))
    for path in folder.glob("1-annotation/labels/train/*.json"):
        path.unlink()
    return folder


class Server:
    """A program that serves pages, started and killed at will."""

    def __init__(self, arguments: list[str], state: Path) -> None:
        self._arguments, self._state, self.port = arguments, state, 0
        self._process: subprocess.Popen[str] | None = None
        self.link = ""

    def start(self) -> None:
        command = [sys.executable, "-m", "copycar", *self._arguments, "--port", str(self.port), "--json"]
        environment = {**os.environ, "XDG_STATE_HOME": str(self._state), "PYTHONPATH": str(SOURCE)}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self._process.stdout is not None
        text = ""
        while not text.endswith("}\n"):
            line = self._process.stdout.readline()
            assert line, "the server ended"
            text += line
        told = json.loads(text)
        self.port, self.link = told["port"], told["links"][0]

    def kill(self, number: int = signal.SIGKILL) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        code = self._process.wait(20)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start `copycar` with arguments and return it; everything is killed at the end."""
    started: list[Server] = []

    def start(*arguments: str) -> Server:
        server = Server(list(arguments), tmp_path_factory.mktemp("state"))
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        if server._process is not None and server._process.poll() is None:
            server.kill()


@pytest.fixture(scope="module")
def browser(chromium: Any) -> Any:
    """Debian's Chromium; tests that need it skip where it is not installed."""
    return chromium
