"""Shows a drive in the terminal, from a thread of its own: driving and recording never wait for it. Parses nothing."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from copycar.cli.terminal_picture import Screen
from copycar.driving.loop import Tick

PICTURES_PER_S = 15
HISTORY = 40
"""Ticks of the stick's plot."""

_LEVELS = "▁▂▃▄▅▆▇█"


@contextmanager
def preview(say: Callable[[Tick], str]) -> Iterator[Callable[[Tick], None]]:
    """Give a function that takes a tick and returns at once; what it shows is the latest.

    Args:
        say: makes the line below the picture.
    """
    latest: deque[Tick] = deque(maxlen=1)
    steering: deque[float] = deque(maxlen=HISTORY)
    over = threading.Event()

    def take(tick: Tick) -> None:
        steering.append(tick.decision.label.steering)
        latest.append(tick)

    def show() -> None:
        with Screen() as screen:
            while not over.wait(1 / PICTURES_PER_S):
                if latest:
                    tick = latest.pop()
                    screen.draw(tick.observation["image"], f"{plot(list(steering))}  {say(tick)}")

    thread = threading.Thread(target=show, name="copycar-preview", daemon=True)
    thread.start()
    try:
        yield take
    finally:
        over.set()
        thread.join()


def plot(steering: list[float]) -> str:
    """Return the stick's way as bars, oldest first: low is left, high is right.

    >>> plot([-1.0, 0.0, 1.0])
    '▁▅█'
    """
    return "".join(_LEVELS[min(int((value + 1) / 2 * len(_LEVELS)), len(_LEVELS) - 1)] for value in steering)
