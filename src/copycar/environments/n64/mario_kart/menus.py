"""The way through the game's menus to a time trial, as buttons and waits. Knows nothing of pictures.

Counted in polls of the controller from the switched-on machine. The waits are those with which gym-mupen64plus, which
did this for years, comes through; nothing here looks at the screen.
"""

from copycar.core.errors import CopycarError, did_you_mean
from copycar.environments.n64.pad import NOTHING, Pad, held

COURSES = (
    ("Luigi-Raceway", "Moo-Moo-Farm", "Koopa-Troopa-Beach", "Kalimari-Desert"),
    ("Toads-Turnpike", "Frappe-Snowland", "Choco-Mountain", "Mario-Raceway"),
    ("Wario-Stadium", "Sherbet-Land", "Royal-Raceway", "Bowsers-Castle"),
    ("DKs-Jungle-Parkway", "Yoshi-Valley", "Banshee-Boardwalk", "Rainbow-Road"),
)
"""The four cups and their courses, in the order of the menus."""

CHARACTERS = (("mario", "luigi", "peach", "toad"), ("yoshi", "d.k.", "wario", "bowser"))

_FULL = 127  # menus want the stick all the way
_UP, _DOWN = held(y=_FULL), held(y=-_FULL)
_LEFT, _RIGHT = held(x=-_FULL), held(x=_FULL)
_A = held("A_BUTTON")


def way_to_time_trial(course: str, character: str) -> list[Pad]:
    """Return what to hold, poll by poll, to start a time trial.

    Args:
        course: e.g. "Luigi-Raceway".
        character: e.g. "mario".

    Raises:
        CopycarError: the game has no such course or character.
    """
    series, choice = _place(course, COURSES, "course")
    row, column = _place(character, CHARACTERS, "character")
    return [
        *_wait(10), *_press(_A),  # the title
        *_wait(68), *_press(_A),
        *_wait(68), *_press(_A), *_wait(3), *_press(_DOWN), *_wait(3),  # one player, time trials
        *_press(_A, 3), *_wait(14),
        *_press(_UP), *_press(_LEFT, 3), *_press(_DOWN, row), *_press(_RIGHT, column), *_press(_A, 2), *_wait(31),
        *_press(_LEFT, 3), *_press(_RIGHT, series), *_press(_A),
        *_press(_UP, 3), *_press(_DOWN, choice), *_press(_A, 2), *_wait(46),
    ]  # fmt: skip


def _press(pad: Pad, times: int = 1) -> list[Pad]:
    return [pad, NOTHING] * times


def _wait(polls: int) -> list[Pad]:
    return [NOTHING] * polls


def _place(name: str, table: tuple[tuple[str, ...], ...], kind: str) -> tuple[int, int]:
    for row, names in enumerate(table):
        if name in names:
            return row, names.index(name)
    known = [one for names in table for one in names]
    raise CopycarError(f"Mario Kart 64 has no {kind} {name!r}", fix=did_you_mean(name, known))
