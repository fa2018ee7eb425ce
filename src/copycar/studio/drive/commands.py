"""What a page may ask of the drive, by name. The driver may ask for all of it; whoever watches may stop the car.

Knows nothing of sockets: a command is a name and a value as they came out of JSON.
"""

from collections.abc import Callable, Mapping
from typing import Any

from copycar.core.errors import CopycarError, did_you_mean
from copycar.studio.drive.session import DriveSession

FOR_EVERYBODY = frozenset({"stop"})
"""Whoever sees that the car is about to hit somebody may stop it."""

LIMITS = ("throttle_max", "throttle_scale")
STATES = ("mode", "is_constant_throttle")


def obey(session: DriveSession, name: str, value: Any, *, is_driver: bool) -> None:
    """Do what is asked; may take a moment (a policy is loaded, a tub is opened).

    Args:
        session: the drive.
        name: of the command.
        value: its argument, a plain value or a mapping of them.
        is_driver: whether the one who asks sits behind the wheel.

    Raises:
        CopycarError: unknown, not allowed, or it did not work.
    """
    if name not in COMMANDS:
        raise CopycarError(f"unknown command {name!r}", fix=did_you_mean(name, COMMANDS))
    if not is_driver and name not in FOR_EVERYBODY:
        raise CopycarError("somebody else drives", fix="wait until the wheel is free, then take it")
    try:
        COMMANDS[name](session, value)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise CopycarError(f"{name} cannot be {value!r}", f"{type(error).__name__}: {error}") from error


def _change(session: DriveSession, value: Mapping[str, Any]) -> None:
    wanted = {name: float(value[name]) for name in LIMITS if name in value}
    wanted |= {name: type(getattr(session.driver.controls, name))(value[name]) for name in STATES if name in value}
    if wanted.get("mode", "manual") != "manual" and not session.policy:
        raise CopycarError("there is no policy to drive", fix="choose one first")
    session.driver.change(**wanted)


def _start(session: DriveSession, value: Mapping[str, Any]) -> None:
    rate = value.get("rate_hz")
    session.start(str(value["environment"]), float(rate) if rate else None)


def _record(session: DriveSession, value: Mapping[str, Any]) -> None:
    session.record(str(value["when"]), str(value.get("tub", session.tub)))


def _stop(session: DriveSession, value: Any) -> None:
    session.driver.change(is_stopped=True)


def _go(session: DriveSession, value: Any) -> None:
    session.driver.change(is_stopped=False, mode="manual")


def _close_message(session: DriveSession, value: Any) -> None:
    session.message = None


COMMANDS: dict[str, Callable[[DriveSession, Any], None]] = {
    "start": _start,
    "end": lambda session, value: session.end(),
    "change": _change,
    "policy": lambda session, value: session.choose_policy(str(value)),
    "behavior": lambda session, value: session.choose_behavior(str(value)),
    "record": _record,
    "erase": lambda session, value: session.erase(float(value)),
    "stop": _stop,
    "go": _go,
    "close message": _close_message,
}
