"""The real server in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = f"{HERE.parents[1] / 'src'}{os.pathsep}{HERE}"  # ours, and the fake car
START_S = 120.0  # until the server answers, on a machine that is busy with other tests


class StudioProcess:
    """`copycar …` with a server in it.

    Args:
        folder: where it is started.
        arguments: after `copycar`; `--port` is added.
        port: TCP port; a free one by default.
    """

    def __init__(self, folder: Path, *arguments: str, port: int = 0) -> None:
        self.folder, self.arguments, self.port = folder, arguments, port or free_port()
        self.environment = {**os.environ, "XDG_STATE_HOME": str(folder.parent / "state"), "PYTHONPATH": MODULES}
        self.log = folder.parent / f"{folder.name}.log"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "copycar", *self.arguments, "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdout=subprocess.PIPE, stderr=log, text=True, env=self.environment
            )
        until = time.monotonic() + START_S
        while "Ctrl-C" not in self.log.read_text().rpartition("killed")[2]:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)  # another process has to do its work

    @property
    def token(self) -> str:
        return self.log.read_text().rpartition("token=")[2].split()[0]

    @property
    def origin(self) -> str:
        return f"http{'s' if '--https' in self.arguments else ''}://localhost:{self.port}"

    def link(self, path: str) -> str:
        return f"{self.origin}{path}?token={self.token}"

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()
        with self.log.open("a") as log:
            log.write("killed\n")

    def stop(self) -> str:
        """End it as Ctrl-C does; return what it printed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        printed, _ = self.process.communicate(timeout=20)
        return printed


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
