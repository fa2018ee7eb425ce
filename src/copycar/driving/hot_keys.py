"""Pause, go on and stop by keys that work in any window. Knows nothing of how keys are read."""

from collections.abc import Callable

from copycar.core.frame import Decision, Info, Observation
from copycar.driving.driver import Driver, DriverLeft
from copycar.driving.environment import ability
from copycar.driving.recorder import Recorder

PAUSE, STOP = "F8", "F9"


class HotKeyDriver:
    """Another driver, with keys to pause the recording and to end the drive.

    Args:
        driver: who drives.
        down: tells which keys are down.
        recorder: is paused, where there is one.
        on_change: called with whether the recording is paused, when that changed.
    """

    def __init__(
        self,
        driver: Driver,
        down: Callable[[], frozenset[str]],
        recorder: Recorder | None,
        on_change: Callable[[bool], None] = lambda _: None,
    ) -> None:
        self._driver, self._down, self._recorder, self._on_change = driver, down, recorder, on_change
        self._was_down = frozenset[str]()

    def reset(self) -> None:
        """Begin a drive; keys that are down already do nothing."""
        self._was_down = self._down()
        self._driver.reset()

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return the driver's decision.

        Raises:
            DriverLeft: the key to stop was pressed.
        """
        down = self._down()
        pressed, self._was_down = down - self._was_down, down
        if STOP in pressed:
            raise DriverLeft
        if PAUSE in pressed and self._recorder:
            self._recorder.is_paused = not self._recorder.is_paused
            self._on_change(self._recorder.is_paused)
        return self._driver.act(observation, info)

    def release(self) -> None:
        """Let the driver let go of what it holds."""
        if release := ability(self._driver, "release"):
            release()
