"""The way through the menus, against a model of them; the cartridge itself cannot be here."""

import itertools

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.environments.n64.mario_kart import guide as guides
from copycar.environments.n64.mario_kart.dashboard import Dashboard
from copycar.environments.n64.mario_kart.guide import MarioKart
from copycar.environments.n64.mario_kart.menus import CHARACTERS, COURSES, way_to_time_trial
from copycar.environments.n64.pad import NOTHING


class Menus:
    """The game's pages, one after the other, with cursors that stop at the edges; loading takes `wait` polls."""

    PAGES = (("title", 5), ("opening", 60), ("players", 60), ("mode", 0), ("rules", 0), ("sure", 0), ("cast", 10))
    PAGES += (("cups", 25), ("courses", 0), ("ready", 0), ("race", 40))

    def __init__(self) -> None:
        self.page, self.loading, self.held = 0, self.PAGES[0][1], NOTHING
        self.cursor = {name: [0, 0] for name, _ in self.PAGES}
        self.cursor["cast"] = [0, 1]  # the cursor does not stand in the corner at first

    @property
    def name(self) -> str:
        return self.PAGES[self.page][0]

    def poll(self, pad) -> None:
        if self.loading:
            self.loading -= 1
        elif self.held == NOTHING and pad != NOTHING:  # a press
            self._press(pad)
        self.held = pad

    def _press(self, pad) -> None:
        if "A_BUTTON" in pad.buttons:
            if self.name == "cast" and self.cursor["cast"][-1:] and not getattr(self, "chosen", None):
                self.chosen = tuple(self.cursor["cast"])  # first the character, then "OK?"
                return
            self.page += 1
            self.loading = self.PAGES[self.page][1]
            return
        limits = {"cast": (1, 3), "cups": (0, 3), "courses": (3, 0), "mode": (1, 0), "players": (1, 3)}
        row, column = self.cursor[self.name]
        down, right = limits.get(self.name, (0, 0))
        row = min(max(row - np.sign(pad.y), 0), down)
        self.cursor[self.name] = [int(row), int(min(max(column + np.sign(pad.x), 0), right))]


@pytest.mark.parametrize(
    ("course", "character"),
    list(itertools.zip_longest(itertools.chain(*COURSES), itertools.chain(*CHARACTERS), fillvalue="toad")),
)
def test_every_course_and_character_is_reached(course, character):
    menus = Menus()
    for pad in way_to_time_trial(course, character):
        menus.poll(pad)
    assert menus.name == "race"
    assert CHARACTERS[menus.chosen[0]][menus.chosen[1]] == character
    assert COURSES[menus.cursor["cups"][1]][menus.cursor["courses"][0]] == course
    assert menus.cursor["mode"][0] == 1  # time trials


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [({"course": "Luigi-Racway"}, "did you mean Luigi-Raceway"), ({"character": "maria"}, "did you mean mario")],
)
def test_unknown_names_get_the_nearest(wrong, fault):
    with pytest.raises(CopycarError, match=fault):
        MarioKart(**wrong)


class Show:
    """Plays what the dashboard shows, poll by poll: None before the race."""

    def __init__(self, monkeypatch, times) -> None:
        self._times, self.polls = iter(times), 0
        self.shown = None
        monkeypatch.setattr(guides, "native", lambda screen, shift: screen)
        monkeypatch.setattr(guides, "find_shift", lambda screen: None if screen is None else (0, 0))
        monkeypatch.setattr(guides, "read_dashboard", lambda screen: Dashboard(1, screen, 0.0))

    def __call__(self, pads):
        self.polls += len(pads)
        self.shown = next(self._times, self.shown)
        return self.shown


def test_the_drive_begins_when_the_lights_turn_green(monkeypatch):
    play = Show(monkeypatch, [None, None, 0.0, 0.0, 0.0, 0.03, 0.07])
    MarioKart().start(play)
    assert play.shown == 0.03


@pytest.mark.parametrize(
    ("times", "fault"), [([None], "the race does not begin"), ([0.0], "the lights do not turn green")]
)
def test_a_start_that_fails_says_so(monkeypatch, times, fault):
    with pytest.raises(CopycarError, match=fault):
        MarioKart().start(Show(monkeypatch, times))
