"""What every key of the annotation page does: the table that the page obeys and its help shows. Knows the desk."""

from collections.abc import Callable
from typing import NamedTuple

from copycar.ground.annotating.desk import FAR_STEP_M, STEP_M, Desk


class Action(NamedTuple):
    """What a key does.

    Attributes:
        keys: their names; shown joined in the help. `^` stands for Ctrl, `+` for Shift.
        words: for the help.
        act: what to do; what it returns is said to the person.
    """

    keys: tuple[str, ...]
    words: str
    act: Callable[[Desk], str | None]


FAR_FRAMES = 10


def _large(view: int | None) -> Callable[[Desk], None]:
    def act(desk: Desk) -> None:
        desk.large = view if view is None or view < len(desk.annotations.scene.cameras) else desk.large

    return act


def _nudged(right: int, up: int, step_m: float) -> Callable[[Desk], None]:
    return lambda desk: desk.nudge(right, up, step_m)


ARROWS = {"ArrowRight": (1, 0), "ArrowLeft": (-1, 0), "ArrowUp": (0, 1), "ArrowDown": (0, -1)}

ACTIONS: tuple[Action, ...] = (
    Action(("d", "PageDown"), "next frame", lambda desk: desk.step(1)),
    Action(("a", "PageUp"), "frame before", lambda desk: desk.step(-1)),
    Action(("+D",), f"{FAR_FRAMES} frames on", lambda desk: desk.step(FAR_FRAMES)),
    Action(("+A",), f"{FAR_FRAMES} frames back", lambda desk: desk.step(-FAR_FRAMES)),
    Action(("g",), "next frame without labels", lambda desk: desk.next_unlabelled()),
    Action(("s",), "training or validation frames", lambda desk: desk.other_split()),
    Action(("Tab",), "select the next thing", lambda desk: desk.select_next(1)),
    Action(("+Tab",), "select the one before", lambda desk: desk.select_next(-1)),
    Action(("n", "Escape"), "the next click places a new thing", lambda desk: desk.select_none()),
    *(Action((key,), "move it 1 cm on the plan", _nudged(*way, STEP_M)) for key, way in ARROWS.items()),
    *(Action((f"+{key}",), "move it 10 cm", _nudged(*way, FAR_STEP_M)) for key, way in ARROWS.items()),
    Action(("Delete", "Backspace"), "remove it from this frame", lambda desk: desk.remove()),
    Action(("c",), "take over what the frame before has", lambda desk: desk.take_over()),
    Action(("i",), "fill it in between the frames it is labelled in", lambda desk: desk.interpolate()),
    Action(("e",), "nothing is in this frame (on, off)", lambda desk: desk.toggle_empty()),
    Action(("u", "^z"), "undo", lambda desk: desk.undo()),
    Action(("r", "^y", "^+Z"), "redo", lambda desk: desk.redo()),
    *(Action((str(view + 1),), "enlarge that camera", _large(view)) for view in range(9)),
    Action(("0",), "show all cameras", _large(None)),
)

ACTION_OF = {key: action for action in ACTIONS for key in action.keys}


def key_name(name: str, *, ctrl: bool, shift: bool) -> str:
    """Return a key as `ACTIONS` writes it, whether or not Caps Lock is on.

    >>> key_name("Tab", ctrl=False, shift=True), key_name("D", ctrl=True, shift=False)
    ('+Tab', '^d')
    """
    letter = (name.upper() if shift else name.lower()) if len(name) == 1 else name
    return ("^" if ctrl else "") + ("+" if shift else "") + letter


def help_lines() -> list[tuple[str, str]]:
    """Return keys and what they do, those that do alike in one line."""
    lines: dict[str, list[str]] = {}
    for action in ACTIONS:
        lines.setdefault(action.words, []).extend(_readable(key) for key in action.keys)
    return [(_shortened(keys), words) for words, keys in lines.items()]


def _readable(key: str) -> str:
    words = key.replace("^", "Ctrl+").removeprefix("+").replace("++", "+Shift+")
    return f"Shift+{words}" if key.startswith("+") else words


def _shortened(keys: list[str]) -> str:
    if len(keys) == 9:
        return f"{keys[0]} … {keys[-1]}"
    if len(keys) == 4:
        return "Shift+arrows" if keys[0].startswith("Shift") else "arrows"
    return ", ".join(keys)
