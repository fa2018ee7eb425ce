"""A person with a gamepad behind the wheel. Knows nothing of how gamepads are read.

Where the environment is a game that the person plays directly (`let_human_play`), the gamepad is only listened to: the
game reads it by itself.
"""

import os
from collections.abc import Callable
from pathlib import Path

from copycar.core.errors import CopycarError, DeviceError
from copycar.core.frame import Action, Decision, Info, Observation
from copycar.driving.driver import Driver, DriverLeft
from copycar.driving.drivers.keyboard import KeyboardDriver
from copycar.driving.environment import Environment, ability
from copycar.driving.gamepad.pad import Pad, Reading
from copycar.driving.gamepad.pygame_pad import open_pad
from copycar.driving.gamepad.settings import GamepadSettings, load_settings

SETTINGS_VARIABLE = "COPYCAR_GAMEPAD"
"""Names a TOML file with a gamepad's settings."""

SETTINGS_FILE = Path("gamepad.toml")
"""Where settings are looked for without it: the folder copycar is started in."""


class GamepadDriver:
    """Drives as the stick says.

    Args:
        open_pad: takes the gamepad; called by `reset`.
        settings: which stick and which buttons.
    """

    def __init__(self, open_pad: Callable[[], Pad] = open_pad, settings: GamepadSettings | None = None) -> None:
        self._open_pad, self._settings = open_pad, settings or GamepadSettings()
        self._pad: Pad | None = None

    def reset(self) -> None:
        """Take the gamepad.

        Raises:
            DeviceError: there is none.
        """
        self._pad = self._pad or self._open_pad()

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return what the stick says now.

        Raises:
            DriverLeft: the button for it was pressed.
            DeviceError: the gamepad was unplugged.
        """
        action = self._settings.action(self._reading())
        return Decision(action, action, "human")

    def takes_over(self) -> Action | None:
        """Return what the person wants while the button for it is held; None while the policy is to drive.

        Raises:
            DriverLeft: the button for it was pressed.
            DeviceError: the gamepad was unplugged.
        """
        reading = self._reading()
        return self._settings.action(reading) if self._settings.take_over in reading.buttons else None

    def _reading(self) -> Reading:
        """Return what the gamepad says now, unless that ends the drive."""
        reading = self._pad.read() if self._pad else None
        if reading is None:
            raise DeviceError(
                "the gamepad is gone; the car was stopped and what was recorded is safe",
                "it was unplugged, or its battery is empty",
                "plug it in and record on: the same tub is continued",
            )
        if self._settings.leave in reading.buttons:
            raise DriverLeft
        return reading

    def release(self) -> None:
        """Let go of the gamepad."""
        if self._pad:
            self._pad.close()
            self._pad = None


class TakeOverDriver:
    """Another driver, from whom a person takes over while holding a button.

    Args:
        driver: who drives otherwise.
        person: with the gamepad.

    Attributes:
        n_taken: how often the person took over since the reset.
    """

    def __init__(self, driver: Driver, person: GamepadDriver) -> None:
        self._driver, self._person = driver, person
        self._is_taken = False
        self.n_taken = 0

    def reset(self) -> None:
        """Begin a drive."""
        self._driver.reset()
        self._person.reset()
        self._is_taken, self.n_taken = False, 0

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return the person's action while the button is held, else the driver's, who sees every picture anyway.

        Raises:
            DriverLeft: the person ended the drive.
            DeviceError: the gamepad was unplugged.
        """
        decision = self._driver.act(observation, info)
        wanted = self._person.takes_over()
        self.n_taken += wanted is not None and not self._is_taken
        self._is_taken = wanted is not None
        return decision if wanted is None else Decision(wanted, wanted, "human")

    def release(self) -> None:
        """Let go of the gamepad and of what the driver holds."""
        self._person.release()
        if release := ability(self._driver, "release"):
            release()


def usual_settings() -> GamepadSettings:
    """Return the settings in the file that is named by `COPYCAR_GAMEPAD` or lies here; else the usual ones.

    Raises:
        CopycarError: the file has faults.
    """
    named = os.environ.get(SETTINGS_VARIABLE)
    path = Path(named) if named else SETTINGS_FILE
    return load_settings(path) if named or path.is_file() else GamepadSettings()


def make(environment: Environment) -> GamepadDriver:
    """Return a driver that reads the first gamepad."""
    if let_play := ability(environment, "let_human_play"):
        let_play()
    return GamepadDriver(settings=usual_settings())


def make_human(environment: Environment) -> Driver:
    """Return a driver for the person that is there: the gamepad where one is plugged in, else the keyboard."""
    driver = make(environment)
    try:
        driver.reset()
    except CopycarError:  # there is none, or nothing to read it with
        own = ability(environment, "human_keys")  # a game's window gets the keys, and no terminal does
        return own() if own else KeyboardDriver()
    return driver
