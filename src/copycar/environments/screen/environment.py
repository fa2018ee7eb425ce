"""`screen:<window>`: a game on the screen as a place to drive. Knows nothing of any game's rules.

The world is live: it runs on while nobody steps. A step waits for the next picture's moment, takes the picture and
tells how old it is.
"""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from copycar.core.clock import Clock, RealClock
from copycar.core.errors import CopycarError, DeviceError
from copycar.core.frame import Action, Image
from copycar.environments.capture import ScreenCapture
from copycar.environments.hud import Rectangle, mask
from copycar.environments.resize import resized
from copycar.environments.screen.controls import Controls, KeyControls, NoControls, PadControls
from copycar.environments.screen.drag import drag_region
from copycar.environments.screen.human_keys import HumanKeys
from copycar.environments.screen.keyboard import Keyboard, open_keyboard
from copycar.environments.screen.options import ScreenOptions, options_for
from copycar.environments.screen.virtual_pad import open_virtual_pad
from copycar.environments.screen.window import Window, find_window
from copycar.environments.starts import refuse_starts

Observation = dict[str, Any]
Info = dict[str, Any]

BLACK_CONTRAST = 3
"""Grey levels between the darkest and the lightest pixel; the darkest real game picture has dozens."""

BLACK_TRIES = 20

HOT_KEYS = ("F8", "F9")
"""Pause or go on, and stop: keys that few games use."""

LOOKED_FOR_EVERY_S = 0.25


class ScreenEnvironment(gymnasium.Env[Observation, NDArray[np.float32]]):
    """A game in a window.

    Observation: `{"image": uint8 (H, W, 3) RGB}`. Action: float32 `[steering, throttle]` in [-1, 1]. There is no reward
    and no road. `info` tells `frame_age_s` and `n_repeated`, pictures equal to the one before: of a game that is slower
    than the loop there are many. A drive ends as truncated when the window is closed.

    Args:
        name: a window's title, `drag`, a TOML file, or the name of settings that copycar brings.
        render_mode: None or "rgb_array", which shows what the policy sees.
        hands: instead of the system's keys or pad.
        clock: time, for tests.
        options: fields of `ScreenOptions`.

    Raises:
        CopycarError: an option is wrong.
        DeviceError: no such window, display or virtual gamepad.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}  # noqa: RUF012 - gymnasium's own declaration

    def __init__(
        self,
        name: str,
        render_mode: str | None = None,
        *,
        hands: Controls | None = None,
        clock: Clock | None = None,
        **options: Any,
    ) -> None:
        self.options = options_for(name, options)
        self.render_mode = render_mode
        self.metadata = {**self.metadata, "render_fps": round(self.options.rate_hz)}
        size = (self.options.height, self.options.width, 3)
        self.observation_space = gymnasium.spaces.Dict({"image": gymnasium.spaces.Box(0, 255, size, np.uint8)})
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32)
        self._clock = clock or RealClock()
        self._window: Window | None = None
        self._hot_keyboard: Keyboard | None = None
        self._capture: ScreenCapture | None = None
        if self.options.window:
            self._window = find_window(self.options.window, self.options.display)
        self._region = drag_region(self.options.display) if self.options.drag else self._where()
        self._controls = hands
        self._plays = True
        self._image: Image = np.zeros(size, np.uint8)
        self._taken_ns = self._due_ns = self._looked_ns = 0
        self._n_repeated = 0

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Observation, Info]:
        """Let go of the controls, restart the game where the options say how, and look.

        Raises:
            DeviceError: the window is gone, or all that is seen is black.
            CopycarError: `options` ask for a start; a game begins where it is.
        """
        refuse_starts(options, "a game on the screen")
        super().reset(seed=seed)
        self.stop()
        if self._window:
            self._region = self._where()
            self._forget_capture()
            self._window.focus()
        if self.options.restart and self._plays:
            self._restart()
        self._n_repeated, self._due_ns = 0, self._clock.monotonic_ns()
        for _ in range(BLACK_TRIES):
            self._look()
            if not self._is_black():
                return self._told()
            self._wait()
        raise self._black_error()

    def step(self, action: Any) -> tuple[Observation, float, bool, bool, Info]:
        """Press what the action says, wait for the next picture's moment, and take it.

        Raises:
            CopycarError: a number of the action is none (NaN, infinite).
        """
        wanted = Action(float(action[0]), float(action[1]))
        if not wanted.is_finite:
            raise CopycarError(f"the game got {wanted}", "a driver must return numbers", "look at who drives")
        if self._plays:
            self._press(wanted.clipped())
        self._wait()
        is_there = self._follow()
        if is_there:
            self._look()
        else:
            self.stop()
        observation, info = self._told()
        return observation, 0.0, False, not is_there, info

    def stop(self) -> None:
        """Let go of every key or stick at once."""
        if self._controls:
            self._controls.let_go()

    def let_human_play(self) -> None:
        """Touch nothing from now on: a person plays the game with a keyboard or gamepad of his own."""
        self._plays = False
        self.stop()

    def human_keys(self) -> HumanKeys:
        """Return a driver for a person who plays the game with its keys; nothing is pressed any more."""
        self.let_human_play()
        return HumanKeys(open_keyboard(self.options.display), self.options.keys, self._clock)

    def hot_keys(self) -> Callable[[], frozenset[str]]:
        """Return what tells which of the drive's own keys are down (`HOT_KEYS`), whoever has the focus.

        Raises:
            DeviceError: the display is gone.
        """
        self._hot_keyboard = self._hot_keyboard or open_keyboard(self.options.display)
        self._hot_keyboard.watch(*HOT_KEYS)
        return self._hot_keyboard.down

    def render(self) -> Image | None:
        """Return what the policy saw last, or None without a `render_mode`."""
        return None if self.render_mode is None else self._image.copy()

    def close(self) -> None:
        """Let go of controls, window and screen. Harmless twice."""
        if self._controls:
            self._controls.close()
        self._forget_capture()
        for held in (self._window, self._hot_keyboard):
            if held:
                held.close()
        self._window = self._hot_keyboard = None

    def _press(self, action: Action) -> None:
        """Drive like this; a virtual gamepad is plugged in only when a program plays, and not for a person."""
        self._controls = self._controls or _controls(self.options)
        self._controls.apply(action)

    def _where(self) -> Rectangle:
        """Return the part of the screen to look at.

        Raises:
            DeviceError: the window is closed.
        """
        part = self.options.region
        if self._window is None:
            assert part is not None, "the options say where the game is"
            return part
        place = self._window.place()
        if place is None:
            raise DeviceError(f"the window {self.options.window!r} is gone", fix="start the game again")
        if part is None:
            return place
        return Rectangle(left=place.left + part.left, top=place.top + part.top, width=part.width, height=part.height)

    def _follow(self) -> bool:
        """Look now and then where the window is; return whether it still is."""
        now_ns = self._clock.monotonic_ns()
        if self._window is None or now_ns - self._looked_ns < LOOKED_FOR_EVERY_S * 1e9:
            return True
        self._looked_ns = now_ns
        try:
            place = self._where()
        except DeviceError:
            return False
        if place != self._region:
            self._region = place
            self._forget_capture()
        return True

    def _forget_capture(self) -> None:
        """Look at another place from the next picture on."""
        if self._capture:
            self._capture.close()
        self._capture = None

    def _look(self) -> None:
        if self._capture is None:
            part = self._region
            self._capture = ScreenCapture(
                part.width, part.height, part.left, part.top, display=self.options.display or None
            )
        self._taken_ns = self._clock.monotonic_ns()
        seen = resized(self._capture.take(), self.options.width, self.options.height)
        self._n_repeated += bool(np.array_equal(seen, self._image))
        self._image = seen

    def _wait(self) -> None:
        """Wait for the next picture's moment; a moment that was missed is not made up for."""
        period_ns = round(1e9 / self.options.rate_hz)
        now_ns = self._clock.monotonic_ns()
        self._due_ns = max(self._due_ns + period_ns, now_ns)
        self._clock.sleep((self._due_ns - now_ns) / 1e9)

    def _told(self) -> tuple[Observation, Info]:
        age_s = (self._clock.monotonic_ns() - self._taken_ns) / 1e9
        info = {"frame_age_s": age_s, "n_repeated": self._n_repeated}
        return {"image": mask(self._image.copy(), self.options.hud)}, info

    def _restart(self) -> None:
        keyboard = open_keyboard(self.options.display)
        try:
            for key in self.options.restart:
                if key.startswith("wait:"):
                    self._clock.sleep(float(key.removeprefix("wait:")))
                    continue
                keyboard.press(key)
                self._clock.sleep(PRESS_S)
                keyboard.release(key)
                self._clock.sleep(PRESS_S)
        finally:
            keyboard.close()

    def _is_black(self) -> bool:
        return int(self._image.max()) - int(self._image.min()) < BLACK_CONTRAST

    def _black_error(self) -> DeviceError:
        path = Path(tempfile.gettempdir()) / "copycar-black.jpg"
        path.write_bytes(simplejpeg.encode_jpeg(self._image, quality=90))
        part = self._region
        return DeviceError(
            f"what is on the screen is of one colour: {path}",
            f"looked at {part.width}x{part.height} pixels at {part.left}, {part.top}",
            "show the game's window, leave exclusive full screen, and check the display",
        )


PRESS_S = 0.08
"""Long enough for a game that looks at its keys 20 times a second."""


def _controls(options: ScreenOptions) -> Controls:
    if options.controls == "none":
        return NoControls()
    if options.controls == "gamepad":
        return PadControls(open_virtual_pad(), options.pad)
    keyboard = open_keyboard(options.display)
    keyboard.watch(options.keys.left, options.keys.right, options.keys.gas, options.keys.brake)
    return KeyControls(keyboard, options.keys, options.pulse_s)
