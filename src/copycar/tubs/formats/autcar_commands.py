"""AutCar's commands in words, and what they mean for steering and throttle. Knows nothing of files.

A command is a dict such as `{"type": "left", "style": "medium", "direction": "forward"}`; its name joins the parts as
AutCar's `Trainer` does. AutCar steers by running its wheels at different speeds and has no numbers for it: the third
parts of the range are ours.
"""

import ast
from typing import Any

from copycar.core.frame import Action

STYLES = {"light": 0.33, "medium": 0.66, "harsh": 1.0}
SPEEDS = {"slow": 0.25, "medium": 0.5, "fast": 1.0}
TURNING_THROTTLE = 0.5
CLASSES = (
    "left_light_backwards",
    "left_light_forward",
    "left_medium_backwards",
    "left_medium_forward",
    "move_fast_forward",
    "move_medium_backwards",
    "move_medium_forward",
    "right_light_backwards",
    "right_light_forward",
    "right_medium_backwards",
    "right_medium_forward",
    "stop",
)
"""The twelve that AutCar's models know, in the order of their numbers (`AutTrainer.py`)."""


def command_name(command: Any) -> str:
    """Return a command's name; "" where it is none.

    >>> command_name({"type": "left", "direction": "forward", "style": "medium"})
    'left_medium_forward'
    >>> command_name({"type": "stop"})
    'stop'
    """
    if not (isinstance(command, dict) and isinstance(command.get("type"), str)):
        return ""
    kind: str = command["type"]
    if kind == "move":
        return f"move_{command.get('speed')}_{command.get('direction')}"
    if kind in {"left", "right"}:
        return f"{kind}_{command.get('style')}_{command.get('direction')}"
    return kind


def parse_command(text: str) -> Any:
    """Return the Python literal that a row holds; None where it is torn. Nothing is executed."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None


def command_of(name: str) -> dict[str, str]:
    """Return the command that a name stands for.

    >>> command_of("move_fast_forward")
    {'type': 'move', 'direction': 'forward', 'speed': 'fast'}
    """
    kind, _, rest = name.partition("_")
    if kind not in {"move", "left", "right"}:
        return {"type": name}
    how, _, direction = rest.partition("_")
    return {"type": kind, "direction": direction, "speed" if kind == "move" else "style": how}


def action_of(name: str) -> Action | None:
    """Return steering and throttle of a command's name; None where it is unknown.

    A turn whose direction is `None`, which AutCar records before its first move, goes forward.

    >>> action_of("right_light_backwards")
    Action(steering=0.33, throttle=-0.5)
    """
    if name in {"stop", "started"}:
        return Action(0.0, 0.0)
    kind, _, rest = name.partition("_")
    how, _, direction = rest.partition("_")
    sign = {"forward": 1.0, "None": 1.0, "backwards": -1.0}.get(direction)
    if sign is None:
        return None
    if kind == "move" and how in SPEEDS:
        return Action(0.0, sign * SPEEDS[how])
    if kind in {"left", "right"} and how in STYLES:
        return Action(STYLES[how] * (1 if kind == "right" else -1), sign * TURNING_THROTTLE)
    return None


def nearest_command(action: Action, recorded: object = None) -> str:
    """Return the name of the one of the twelve commands that is nearest to `action`.

    Args:
        action: what the car did.
        recorded: the name that the frame came with; kept as long as it means this action.

    >>> nearest_command(Action(-0.5, 0.4))
    'left_medium_forward'
    """
    if isinstance(recorded, str) and action_of(recorded) == action:
        return recorded
    return min(CLASSES, key=lambda name: _distance(action, action_of(name) or Action(0.0, 0.0)))


def _distance(a: Action, b: Action) -> float:
    return (a.steering - b.steering) ** 2 + (a.throttle - b.throttle) ** 2
