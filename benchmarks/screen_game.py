"""How far drivers come in a real game's window, told by the game's own map on the screen: SuperTuxKart, Debian's.

Each driver gets a race of its own on a screen that nobody sees, is driven through `screen:` with the arrow keys, and is
followed by the kart's mark on the map in the corner of the window. The first driver has to finish a lap, which draws
the line that all are measured along; `--line` keeps it for later. Needs `apt-get install supertuxkart xvfb`.

    python benchmarks/screen_game.py runs/window/policy.onnx nobody random --seconds 120 --record films
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.frame import STOP, Action, Image
from copycar.driving.driver import Driver
from copycar.driving.loop import Tick, drive
from copycar.driving.make import make_driver
from copycar.driving.recorder import Recorder
from copycar.environments import make_environment
from copycar.environments.capture import ScreenCapture
from copycar.environments.n64.display import HiddenScreen
from copycar.environments.n64.mario_kart.course_map import CourseMap, Mark
from copycar.testing.driver import ScriptedDriver
from copycar.tubs.write import TubWriter

GAME = "/usr/games/supertuxkart"
WIDTH, HEIGHT = 320, 240
PLAINLY = ["--disable-particles", "--disable-dynamic-lights", "--disable-animated-characters", "--shadows=0"]
RACE = ["--mode=1", "--numkarts=1", "--difficulty=0", "--laps=20"]
PULSE_S = 0.2
"""The game turns the wheel while a key is held, and back three times as quickly: shorter presses do not steer."""

SETTINGS = '<?xml version="1.0"?>\n<stkconfig version="8"><Video max_fps="40"/></stkconfig>\n'
"""More pictures than are looked at would only take the processor from the driver."""

MAP_TOP, MAP_RIGHT = 140, 110
"""The map is below and to the left of these, in pixels of the window."""

LEAST_RING_PX = 8  # of the mark's pure red ring, 20 where nothing covers it
LOADING_S = 180.0
LOOKS_EVERY_S = 0.2
AWAY_PX, BACK_PX = 20.0, 3.0
"""A lap is over when the mark, having been so far from where the race began, is so near to it again."""


def find_mark(window: Image) -> Mark | None:
    """Return the middle (x, y) of the kart's mark on the map; None where there is none."""
    corner = window[MAP_TOP:, :MAP_RIGHT].astype(int)
    rows, columns = np.nonzero((corner[..., 0] > 200) & (corner[..., 1:].max(axis=2) < 40))
    return (float(columns.mean()), float(rows.mean())) if len(rows) >= LEAST_RING_PX else None


@contextmanager
def race(track: str, home: Path) -> Iterator[str]:
    """Run a race for one kart in a window and return the screen that it is on, once the map is shown."""
    with closing(HiddenScreen(WIDTH, HEIGHT, home / "screen.log")) as screen:
        command = [GAME, "--windowed", f"--screensize={WIDTH}x{HEIGHT}", "--race-now", *RACE]
        environment = {
            **os.environ,
            **dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"), str(home)),
            "DISPLAY": screen.name,
            "SDL_AUDIODRIVER": "dummy",
            "MESA_EXTENSION_OVERRIDE": "-GL_EXT_texture_filter_anisotropic",  # see docs/games.md
        }
        settings = home / "supertuxkart" / "config-0.10" / "config.xml"
        settings.parent.mkdir(parents=True)
        settings.write_text(SETTINGS)
        with (home / "game.log").open("w") as said:
            game = subprocess.Popen([*command, f"--track={track}", *PLAINLY], env=environment, stdout=said, stderr=said)
        try:
            wait_for_the_map(screen.name, game)
            yield screen.name
        finally:
            game.kill()
            game.wait()


def wait_for_the_map(screen: str, game: "subprocess.Popen[bytes]") -> None:
    """Wait until the race is shown."""
    until_s = time.monotonic() + LOADING_S
    with closing(ScreenCapture(WIDTH, HEIGHT, display=screen)) as seen:
        while find_mark(seen.take()) is None:
            if game.poll() is not None or time.monotonic() > until_s:
                sys.exit(f"{GAME} shows no race; it said what is in its game.log")
            time.sleep(0.5)


class Watcher:
    """Looks at the map now and then while somebody drives.

    Args:
        screen: the game's.

    Attributes:
        marks: where the mark was, in the order of driving.
        n_repeated: pictures so far that were equal to the one before.
    """

    def __init__(self, screen: str) -> None:
        self._capture = ScreenCapture(WIDTH, HEIGHT, display=screen)
        self._due_s = 0.0
        self.marks: list[Mark] = []
        self.n_repeated = 0

    def __call__(self, tick: Tick) -> None:
        """Take where the mark is, if it is time to."""
        self.n_repeated = tick.outcome["n_repeated"]
        if (now_s := time.monotonic()) < self._due_s:
            return
        self._due_s = now_s + LOOKS_EVERY_S
        if mark := find_mark(self._capture.take()):
            self.marks.append(mark)

    def close(self) -> None:
        """Look no more."""
        self._capture.close()


def make(name: str, environment: Any, noise: float) -> Driver:
    """Return the driver called `name`: `nobody` presses nothing, `random` full gas and any steering."""
    if name == "nobody":
        return ScriptedDriver(lambda *_: STOP)
    if name == "random":
        dice = np.random.default_rng(0)
        return ScriptedDriver(lambda *_: Action(float(dice.uniform(-1, 1)), 1.0))
    return make_driver(name, environment, noise=noise)


def one_drive(name: str, asked: argparse.Namespace) -> tuple[dict[str, Any], list[Mark]]:
    """Let a driver play one race; return what was measured, and the marks on the map in the order of driving."""
    with (
        tempfile.TemporaryDirectory() as home,
        race(asked.track, Path(home)) as screen,
        closing(Watcher(screen)) as watcher,
        closing(make_environment("screen:SuperTuxKart", display=screen, pulse_s=PULSE_S)) as environment,
    ):
        recorder = None
        if asked.record:
            recorder = Recorder(TubWriter(asked.record / f"{asked.track}-{Path(name).parent.name or name}"))
        driver = make(name, environment, asked.noise)
        report = drive(environment, driver, recorder=recorder, seconds=asked.seconds, on_frame=watcher)
    new = report.frames - watcher.n_repeated
    return {
        "rate_hz": round(report.rate_hz or 0.0, 1),
        "game_hz": round(new / report.seconds, 1),
        "latency_ms": report.latency_ms,
    }, watcher.marks


def line_of(file: Path | None, marks: list[Mark]) -> CourseMap:
    """Return the line in `file`; where there is none yet, the one that the first lap of `marks` draws."""
    if file and file.is_file():
        return CourseMap.load(file)
    line = CourseMap.through(first_lap(marks))
    if file:
        line.save(file)
    return line


def first_lap(marks: list[Mark]) -> list[Mark]:
    """Return the marks of the first lap."""
    is_away = False
    for place, mark in enumerate(marks):
        away_px = math.dist(mark, marks[0])
        is_away = is_away or away_px > AWAY_PX
        if is_away and away_px < BACK_PX:
            return marks[:place]
    sys.exit("the first driver finished no lap: give it more --seconds, or begin with a better one")


def laps_driven(line: CourseMap, marks: list[Mark]) -> float:
    """Return how many laps `marks` went along the line; backwards counts against them."""
    laps, place = 0.0, 0.0
    for mark in marks:
        if (found := line.progress_at(mark, place)) is not None:
            laps += (found - place + 0.5) % 1.0 - 0.5
            place = found
    return laps


def main() -> None:
    """Print how far each driver came."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("drivers", nargs="+", help="policy files, nobody, random")
    parser.add_argument("--track", default="lighthouse")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--noise", type=float, default=0.0, help="as in copycar drive, of policies")
    parser.add_argument("--record", type=Path, help="folder for a tub of each drive")
    parser.add_argument("--line", type=Path, help="where the line of the track is kept")
    asked = parser.parse_args()
    told, line = {}, None
    for name in asked.drivers:
        measured, marks = one_drive(name, asked)
        line = line or line_of(asked.line, marks)
        told[name] = {"laps": round(laps_driven(line, marks), 2), **measured}
    json.dump(told, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
