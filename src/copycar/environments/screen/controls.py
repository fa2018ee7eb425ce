"""How steering and throttle get into a game: keys in pulses, a virtual gamepad, or not at all. Knows no game."""

import threading
from typing import Protocol

from copycar.core.frame import STOP, Action
from copycar.environments.screen.keyboard import Keyboard
from copycar.environments.screen.options import Keys, Pad
from copycar.environments.screen.pulses import Pulses
from copycar.environments.screen.virtual_pad import VirtualPad


class Controls(Protocol):
    """Something a game is driven with."""

    def apply(self, action: Action) -> None:
        """Steer and drive like this from now on."""

    def let_go(self) -> None:
        """Touch nothing any more, until the next `apply`."""

    def close(self) -> None:
        """Let go for good; harmless twice."""


class NoControls:
    """For a game that a person plays: nothing is pressed."""

    def apply(self, action: Action) -> None:
        """Do nothing."""

    def let_go(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class PadControls:
    """Moves a virtual gamepad.

    Args:
        pad: the gamepad.
        how: which buttons, and how far the stick goes.
    """

    def __init__(self, pad: VirtualPad, how: Pad) -> None:
        self._pad, self._how = pad, how

    def apply(self, action: Action) -> None:
        """Move the stick, press the buttons."""
        self._pad.stick(action.steering * self._how.stick, 0.0)
        self._pad.button(self._how.gas, max(action.throttle, 0.0))
        self._pad.button(self._how.brake, max(-action.throttle, 0.0))
        self._pad.send()

    def let_go(self) -> None:
        """Centre the stick, let the buttons go."""
        self.apply(STOP)

    def close(self) -> None:
        """Unplug it."""
        self._pad.close()


class KeyControls:
    """Presses keys from a thread of its own, so that pulses are even however slow the drive loop is.

    Args:
        keyboard: of the game's display; this object alone uses it.
        keys: which ones.
        pulse_s: length of a pulse.
        starts: whether the thread runs; tests call `pulse` themselves.
    """

    def __init__(self, keyboard: Keyboard, keys: Keys, pulse_s: float, *, starts: bool = True) -> None:
        self._keyboard, self._keys, self._pulse_s = keyboard, keys, pulse_s
        self._steering, self._throttle = Pulses(), Pulses()
        self._wanted, self._held = STOP, frozenset[str]()
        self._lock, self._over = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="copycar-keys", daemon=True)
        if starts:
            self._thread.start()

    def apply(self, action: Action) -> None:
        """Press like this from the next pulse on."""
        self._wanted = action

    def let_go(self) -> None:
        """Release everything at once."""
        self._wanted = STOP
        with self._lock:
            self._hold(frozenset())

    def close(self) -> None:
        """Release everything and end the thread."""
        if self._over.is_set():
            return
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self.let_go()
        self._keyboard.close()

    def pulse(self) -> None:
        """Press what the coming moment wants."""
        with self._lock:
            if not self._over.is_set():
                steering, throttle = (
                    self._steering.next(self._wanted.steering),
                    self._throttle.next(self._wanted.throttle),
                )
                chosen = (
                    {1: self._keys.right, -1: self._keys.left}.get(steering),
                    {
                        1: self._keys.gas,
                        -1: self._keys.brake,
                    }.get(throttle),
                )
                self._hold(frozenset(key for key in chosen if key))

    def _hold(self, keys: frozenset[str]) -> None:
        for key in self._held - keys:
            self._keyboard.release(key)
        for key in keys - self._held:
            self._keyboard.press(key)
        self._held = keys

    def _run(self) -> None:
        while not self._over.wait(self._pulse_s):
            self.pulse()
