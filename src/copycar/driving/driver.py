"""The contract of a driver: who or whatever decides. Knows nothing of the loop, nor of any particular driver."""

from typing import Protocol

from copycar.core.frame import Decision, Info, Observation


class Driver(Protocol):
    """Anything that decides, tick by tick.

    A driver that holds something (a terminal, a gamepad) also has `release() -> None`, which lets go of it; the next
    `reset` takes it again. One that may be gone before the next tick has `must_stand() -> bool`, which tells from any
    thread whether the latest decision must not go on; the watchdog asks it.
    """

    def reset(self) -> None:
        """Get ready for a new drive; called once, after the environment's own reset."""

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return what to do now.

        Args:
            observation: what the camera sees; the image may be kept, it is never written to again.
            info: what the environment tells besides; a policy does not look at it.

        Raises:
            DriverLeft: the driver wants to end the drive.
        """


class DriverLeft(Exception):  # noqa: N818 - a normal end, as StopIteration is
    """Raised by `Driver.act` to end the drive: somebody pressed "quit"."""
