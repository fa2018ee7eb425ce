"""A small game window for tests of screens: its picture says which keys are down and how old it is.

Run as `python -m copycar.testing.key_window SECONDS`. Left quarter red while `Left` is down, right quarter green while
`Right` is, the middle blue while `Up` is; below, a white bar wanders one column with every picture it draws.
"""

import os
import sys
import time

TITLE = "copycar key window"
SIZE = (320, 240)
COLOURS = {"left": (255, 0, 0), "right": (0, 255, 0), "up": (0, 0, 255)}
BACKGROUND = (40, 40, 40)


def show(seconds: float, frames_hz: float = 60.0) -> None:
    """Show the window, and move it and close it as its keys `m` and `q` say."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    os.environ["SDL_AUDIODRIVER"] = "dummy"
    import pygame  # noqa: PLC0415 - an extra

    pygame.display.init()
    screen = pygame.display.set_mode(SIZE)
    pygame.display.set_caption(TITLE)
    parts = {"left": (0, 0, 80, 200), "right": (240, 0, 80, 200), "up": (80, 0, 160, 200)}
    until_s, n_drawn = time.monotonic() + seconds, 0
    while time.monotonic() < until_s:
        pygame.event.pump()
        pressed = pygame.key.get_pressed()
        if pressed[pygame.K_q]:
            break
        screen.fill(BACKGROUND)
        for name, part in parts.items():
            if pressed[getattr(pygame, f"K_{name.upper()}")]:
                screen.fill(COLOURS[name], part)
        screen.fill((255, 255, 255), (n_drawn % 300, 210, 20, 20))
        pygame.display.flip()
        n_drawn += 1
        time.sleep(1 / frames_hz)
    pygame.quit()


if __name__ == "__main__":
    show(float(sys.argv[1]))
