"""A running mupen64plus: a game on a hidden screen, moved on poll by poll. Knows nothing of driving.

Everything that the emulator writes goes into a folder of its own, which goes with it: every game begins without saved
games and settings.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from copycar.core.errors import CopycarError, DeviceError
from copycar.core.frame import Image
from copycar.environments.capture import ScreenCapture
from copycar.environments.n64.display import HiddenScreen
from copycar.environments.n64.pad import Pad
from copycar.environments.n64.pad_server import PadServer
from copycar.environments.n64.plugin import build_plugin
from copycar.environments.n64.rom import Rom
from copycar.environments.n64.watching import Window

_FIRST_POLL_S = 60.0
"""Longest time from the start to the game's first question for the controller; 2 s here, with long titles 20."""

_MOST_DARK = 8
"""Brightest pixel of a screen that is called black."""


@dataclass(frozen=True, slots=True)
class Machine:
    """How the emulator is to run.

    Attributes:
        width, height: of its screen, px.
        video: name of its video plugin.
        input_plugin: file of another plugin that speaks mupen64plus-input-bot's protocol; "" is copycar's own.
        is_live: whether it keeps to the console's own speed; else it is as fast as this machine.
        vnc_port: where VNC viewers may watch; 0 is nowhere.
    """

    width: int
    height: int
    video: str
    input_plugin: str
    is_live: bool
    vnc_port: int = 0


class Emulator:
    """A game that has just been switched on and asks for its controller for the first time.

    Args:
        rom: the cartridge.
        machine: how it runs.

    Raises:
        CopycarError: something is not installed.
        DeviceError: it does not start.
    """

    def __init__(self, rom: Rom, machine: Machine) -> None:
        program = _program()
        with ExitStack() as opened:  # whatever fails on the way, what was opened before is closed again
            folder = Path(opened.enter_context(TemporaryDirectory(prefix="copycar-n64-", ignore_cleanup_errors=True)))
            plugin = Path(machine.input_plugin) if machine.input_plugin else build_plugin(folder)
            self._server = opened.enter_context(closing(PadServer(lambda: not self.is_over)))
            size = (machine.width, machine.height)
            screen = opened.enter_context(closing(HiddenScreen(*size, folder / "screen.txt")))
            command = [program, *_arguments(rom, machine, plugin, self._server.port, folder)]
            self._process = _started(command, folder, screen.name, self._server.port)
            opened.callback(self._kill)
            self._wait_for_the_game(folder / _SAID)
            self._capture = opened.enter_context(closing(ScreenCapture(*size, display=screen.name)))
            if machine.vnc_port:
                opened.enter_context(closing(Window(screen.name, machine.vnc_port, folder / "watching.txt")))
            self._opened = opened.pop_all()

    @property
    def is_over(self) -> bool:
        """Whether the emulator has ended, by itself or by `close`."""
        return self._process.poll() is not None

    def play(self, pads: Sequence[Pad]) -> None:
        """Let the game run for as many polls of its controller as there are `pads`; it then stands still.

        Raises:
            DeviceError: the emulator has died, or the game does not ask any more.
        """
        self._server.play(pads)

    def picture(self) -> Image:
        """Return the emulator's screen, uint8 (height, width, 3).

        Raises:
            DeviceError: the screen is gone.
        """
        return self._capture.take()

    def close(self) -> None:
        """Switch it off. Harmless twice."""
        self._opened.close()

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _wait_for_the_game(self, said: Path) -> None:
        try:
            self._server.play([], _FIRST_POLL_S)
        except DeviceError as error:
            lines = [line for line in said.read_text(errors="replace").splitlines() if "rror" in line]
            words = f"; it said: {lines[-1]}" if lines else ""
            raise DeviceError("the emulator does not run this game", error.what + words, INSTALL) from error


def is_black(picture: Image) -> bool:
    """Return whether nothing can be seen."""
    return int(picture.max()) <= _MOST_DARK


_SAID = "emulator.txt"
_PLUGIN_FOLDERS = ("/usr/lib/mupen64plus", "/usr/lib64/mupen64plus", "/usr/local/lib/mupen64plus")

INSTALL = (
    "apt-get install --no-install-recommends xvfb mupen64plus-ui-console mupen64plus-video-glide64mk2 "
    "mupen64plus-rsp-hle libmupen64plus-dev gcc libc6-dev"
)


def _program() -> str:
    program = shutil.which("mupen64plus") or shutil.which("mupen64plus", path="/usr/games")
    if program is None:
        raise CopycarError("there is no emulator", "mupen64plus is not installed", INSTALL)
    return program


def _started(command: list[str], folder: Path, screen: str, port: int) -> "subprocess.Popen[bytes]":
    surroundings = {
        **os.environ,
        "DISPLAY": screen,
        "COPYCAR_PAD_PORT": str(port),
        "SDL_AUDIODRIVER": "dummy",
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }
    with (folder / _SAID).open("w") as said:
        return subprocess.Popen(
            command, env=surroundings, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )


def _plugin_folder(video: str) -> Path:
    """Return where the emulator's own plugins are; given an input plugin from elsewhere, it finds none itself."""
    for folder in (*Path("/usr/lib").glob("*/mupen64plus"), *map(Path, _PLUGIN_FOLDERS)):
        if (folder / f"{video}.so").is_file():
            return folder
    raise CopycarError(f"the emulator has no video plugin {video!r}", "it is not installed", INSTALL)


def _arguments(rom: Rom, machine: Machine, plugin: Path, port: int, folder: Path) -> list[str]:
    settings = {  # for mupen64plus-input-bot, where it is used in place of copycar's own plugin
        "Input-Bot-Control0[plugged]": "1",
        "Input-Bot-Control0[host]": "127.0.0.1",
        "Input-Bot-Control0[port]": str(port),
    }
    return [
        "--noosd", "--windowed", "--nosaveoptions",
        *([] if machine.is_live else ["--nospeedlimit"]),
        "--resolution", f"{machine.width}x{machine.height}",
        "--configdir", str(folder),
        "--plugindir", str(_plugin_folder(machine.video)), "--gfx", machine.video, "--audio", "dummy",
        "--rsp", "mupen64plus-rsp-hle", "--input", str(plugin),
        *(word for name, value in settings.items() for word in ("--set", f"{name}={value}")),
        str(rom.path.resolve()),
    ]  # fmt: skip
