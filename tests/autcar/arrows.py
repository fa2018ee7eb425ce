"""Small recordings as AutCar's Capture leaves them: every command is an arrow of its own direction and colour."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from copycar.core.frame import Image
from copycar.tubs.formats.autcar_commands import CLASSES, action_of, command_of
from copycar.tubs.formats.png import encode_png

SIZE = (48, 64)
RARE = ("left_light_backwards", "right_light_backwards", "stop")


def draw_arrow(name: str, rng: np.random.Generator, size: tuple[int, int] = SIZE) -> Image:
    """Draw a command: it leans to where it steers, points up or down as it drives, in a colour of its speed."""
    action = action_of(name)
    assert action is not None
    height, width = size
    rows, columns = np.mgrid[0:height, 0:width]
    up = (rows / height - 0.5) * (1 if action.throttle >= 0 else -1)  # -0.5 at the tip
    centre = width * (0.5 + 0.5 * action.steering * (0.5 - up))
    is_arrow = np.abs(columns - centre) < width * (0.04 + 0.12 * np.clip(up + 0.5, 0, 1))
    speed = abs(action.throttle)
    colour = np.array([220.0, 80.0 + 140.0 * speed, 240.0 - 200.0 * speed])
    floor = np.full((height, width, 3), 60.0) + rng.normal(0, 6, (height, width, 1))
    image: Image = np.clip(np.where(is_arrow[..., None], colour, floor), 0, 255).astype(np.uint8)
    return image


def drive(n: int, seed: int = 0, names: Sequence[str] = CLASSES) -> list[str]:
    """Return the commands of a drive of n captures: each is held for some, rare ones come seldom."""
    rng = np.random.default_rng(seed)
    weights = np.array([1.0 if name in RARE else 3.0 for name in names])
    commands: list[str] = []
    while len(commands) < n:
        commands += [str(rng.choice(names, p=weights / weights.sum()))] * int(rng.integers(2, 5))
    return commands[:n]


def write_captures(folder: Path, commands: Sequence[str | dict], seed: int = 0, size: tuple[int, int] = SIZE) -> Path:
    """Write `training.csv` and a picture per command; a dict is written as it is and drawn as going straight on."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    rows = []
    for number, command in enumerate(commands):
        name = command if isinstance(command, str) else "move_medium_forward"
        (folder / f"{number}_car_snapshot.png").write_bytes(encode_png(draw_arrow(name, rng, size)))
        written = command_of(command) if isinstance(command, str) else command
        rows.append(f"{number}_car_snapshot.png;{written}\r\n")
    (folder / "training.csv").write_text("".join(rows), newline="")
    return folder
