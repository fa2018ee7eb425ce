"""The guide to Mario Kart 64: starts a time trial, and reads lap, time and progress off the screen.

Reading is tested on recorded frames of the game; the menus are tested against a model of them, not with the cartridge.
"""

from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError
from copycar.core.frame import Image, Info
from copycar.environments.n64.guide import Play
from copycar.environments.n64.mario_kart.course_map import CourseMap, Mark
from copycar.environments.n64.mario_kart.dashboard import Shift, find_shift, native, read_dashboard
from copycar.environments.n64.mario_kart.marker import find_marker
from copycar.environments.n64.mario_kart.menus import way_to_time_trial
from copycar.environments.n64.pad import NOTHING

LAPS = 3
_LONGEST_LOADING_POLLS = 300
_LOOK_EVERY_POLLS = 15
_LONGEST_LIGHTS_POLLS = 300
_OVER_S = 4.0
"""After the last lap the dashboard is gone for good; at the end of the others the time blinks for two seconds."""


class MarioKart:
    """Follows one time trial after the other.

    Args:
        course: by its name on the course menu, e.g. "Luigi-Raceway".
        character: e.g. "mario".
        map_file: where the course's map is kept; the first full lap draws it, and from then on `progress` is told.

    Raises:
        CopycarError: no such course or character, or a broken map.
    """

    def __init__(self, course: str = "Luigi-Raceway", character: str = "mario", map_file: str = "") -> None:
        self._way = way_to_time_trial(course, character)
        self._map_file = Path(map_file) if map_file else None
        self._map = CourseMap.load(self._map_file) if self._map_file and self._map_file.is_file() else None
        self._shift: Shift = (0, 0)
        self._begin()

    def start(self, play: Play) -> None:
        """Press on from the switched-on machine until the lights are green.

        Raises:
            CopycarError: the race does not begin.
        """
        screen = play(self._way)
        self._shift = self._found_start(play, screen)
        for _ in range(_LONGEST_LIGHTS_POLLS):
            if read_dashboard(native(play([NOTHING]), self._shift)).time_s:
                return self._begin()
        raise _lost("the lights do not turn green")

    def info(self, screen: Image, time_s: float) -> Info:
        """Return `lap` (finished), `race_time_s`, `lap_time_s`, `is_over`, and `progress` where the map is known."""
        picture = native(screen, self._shift)
        lap, race_time_s, _ = read_dashboard(picture)
        if race_time_s is not None:
            self._race_time_s, self._last_read_s = race_time_s, time_s
        if lap == self._lap + 1:
            self._finish_lap()
        self._follow(find_marker(picture))
        told: dict[str, Any] = {
            "lap": self._lap - 1,
            "race_time_s": self._race_time_s,
            "lap_time_s": self._lap_time_s,
            "is_over": self._lap == LAPS and time_s - self._last_read_s > _OVER_S,
        }
        return told if self._map is None else {**told, "progress": self._progress}

    def _found_start(self, play: Play, screen: Image) -> Shift:
        """Wait for the start line, where the time stands at 0, and return how the picture lies on the screen."""
        for _ in range(0, _LONGEST_LOADING_POLLS, _LOOK_EVERY_POLLS):
            shift = find_shift(screen)
            if shift and read_dashboard(native(screen, shift)).time_s == 0.0:
                return shift
            screen = play([NOTHING] * _LOOK_EVERY_POLLS)
        raise _lost("the race does not begin")

    def _begin(self) -> None:
        self._lap, self._lap_began_s = 1, 0.0
        self._lap_time_s: float | None = None
        self._race_time_s = self._last_read_s = self._progress = 0.0
        self._marks: list[Mark] = []

    def _finish_lap(self) -> None:
        self._lap += 1
        self._lap_time_s, self._lap_began_s = self._race_time_s - self._lap_began_s, self._race_time_s
        if self._map is None:
            self._map = CourseMap.through(self._marks)
            if self._map_file:
                self._map.save(self._map_file)
        self._progress = 0.0

    def _follow(self, mark: Mark | None) -> None:
        """Take where the mark is; in a dark tunnel it stays where it was seen last."""
        if mark is None:
            return
        if self._map is None:
            self._marks.append(mark)
        elif (progress := self._map.progress_at(mark, self._progress)) is not None:
            self._progress = progress


def _lost(what: str) -> CopycarError:
    return CopycarError(
        what,
        "the menus did not lead there",
        "watch it (vnc_port, see docs/games.md): another version of the cartridge may have other menus",
    )
