"""The one error of copycar: what happened, why, and how to fix it. Knows nothing of who prints it."""

import difflib
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType

EXIT_DONE = 0
EXIT_GATE_FAILED = 1
EXIT_USER = 2
EXIT_DEVICE = 3
EXIT_OUR_BUG = 70  # sysexits.h EX_SOFTWARE
EXIT_TRY_AGAIN = 75  # sysexits.h EX_TEMPFAIL
EXIT_INTERRUPTED = 130  # 128 + SIGINT


class CopycarError(Exception):
    """Something a person can understand and mend.

    Args:
        what: what went wrong, in one line, naming the thing ("data/tub has no manifest.json").
        why: the cause, where it is known.
        fix: what to do about it, best as a command to type.
    """

    exit_code = EXIT_USER

    def __init__(self, what: str, why: str = "", fix: str = "") -> None:
        super().__init__(what, why, fix)
        self.what, self.why, self.fix = what, why, fix

    def __str__(self) -> str:
        lines = [self.what]
        if self.why:
            lines.append(f"why: {self.why}")
        if self.fix:
            lines.append(f"fix: {self.fix}")
        return "\n".join(lines)


class DeviceError(CopycarError):
    """A camera, motor, gamepad or simulator that is missing, silent or refuses to start."""

    exit_code = EXIT_DEVICE


class GateError(CopycarError):
    """A check or an evaluation that ran well and found that the result is not good enough."""

    exit_code = EXIT_GATE_FAILED


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the sentence that helps somebody who mistyped `name`.

    >>> did_you_mean("liner", ["linear", "pilotnet"])
    'did you mean linear? Known: linear, pilotnet'
    >>> did_you_mean("blur", ["blur_sigma_px", "colour"])
    'did you mean blur_sigma_px? Known: blur_sigma_px, colour'
    """
    names = sorted(known)
    close = [known for known in names if name and known.startswith(name)] or difflib.get_close_matches(name, names, n=1)
    listing = f"Known: {', '.join(names)}"
    return f"did you mean {close[0]}? {listing}" if close else listing


def require(module: str, extra: str) -> ModuleType:
    """Import an optional dependency, or say which extra brings it.

    Raises:
        CopycarError: `module` is not installed; the fix is the exact install line.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name != module.partition(".")[0]:
            raise
        raise CopycarError(
            f"{module} is not installed",
            f"it belongs to the extra [{extra}]",
            f'pip install "copycar[{extra}]"',
        ) from missing
