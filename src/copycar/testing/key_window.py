"""A small game window for tests of screens: its picture says which keys are down and how old it is.

Run as `python -m copycar.testing.key_window SECONDS`. In its lower half the left quarter is red while `Left` is down,
the right one green while `Right` is, the middle blue while `Up` is. In its upper half a bright bar wanders from left to
right in five seconds, again and again: something to steer after.
"""

import os
import sys
import time

TITLE = "copycar key window"
SIZE = (320, 240)
COLOURS = {"left": (255, 0, 0), "right": (0, 255, 0), "up": (0, 0, 255)}
BACKGROUND = (40, 40, 40)
LAP_S = 5.0


def show(seconds: float, frames_hz: float = 60.0) -> None:
    """Show the window; its key `q` closes it."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    os.environ["SDL_AUDIODRIVER"] = "dummy"
    import pygame  # noqa: PLC0415 - an extra

    pygame.display.init()
    screen = pygame.display.set_mode(SIZE)
    pygame.display.set_caption(TITLE)
    parts = {"left": (0, 120, 80, 120), "right": (240, 120, 80, 120), "up": (80, 120, 160, 120)}
    began_s = time.monotonic()
    while (now_s := time.monotonic() - began_s) < seconds:
        pygame.event.pump()
        pressed = pygame.key.get_pressed()
        if pressed[pygame.K_q]:
            break
        screen.fill(BACKGROUND)
        for name, part in parts.items():
            if pressed[getattr(pygame, f"K_{name.upper()}")]:
                screen.fill(COLOURS[name], part)
        screen.fill((255, 255, 255), (round(now_s % LAP_S / LAP_S * 280), 20, 40, 60))
        pygame.display.flip()
        time.sleep(1 / frames_hz)
    pygame.quit()


if __name__ == "__main__":
    show(float(sys.argv[1]))
