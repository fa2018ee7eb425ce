"""Turns what a command raised into one to three lines and an exit code. Knows nothing of what commands do."""

import contextlib
import errno
import os
import sys
import traceback
from collections.abc import Sequence

from cyclopts import CycloptsError

from copycar import __version__
from copycar.core.errors import EXIT_INTERRUPTED, EXIT_OUR_BUG, EXIT_USER, CopycarError

EXTRA_OF = {
    "ai_edge_litert": "tflite",
    "av": "sim",
    "cv2": "ground",
    "gymnasium": "sim",
    "h5py": "ground",
    "keras": "keras",
    "matplotlib": "train",
    "onnx": "train",
    "onnxscript": "train",
    "optuna": "sweep",
    "panda3d": "sim",
    "pyarrow": "formats",
    "scipy": "ground",
    "torch": "train",
    "yaml": "ground",
}
"""Optional packages and the extra that brings them."""

FIX_OF = {
    errno.ENOSPC: "make room on the disk, then run it again",
    errno.EDQUOT: "make room in your quota, then run it again",
    errno.EFBIG: "raise the limit of the size of files, then run it again",
    errno.EROFS: "name a folder on a disk that can be written to",
    errno.EACCES: "name a folder that you may use, or change its permissions",
    errno.EPERM: "name a folder that you may use, or change its permissions",
}
"""What a person can mend when the disk refuses."""


def explain(error: BaseException) -> int:
    """Print `error` in words on stderr and return its exit code; the traceback only where we do not know it."""
    text, exit_code = "", EXIT_USER
    match error:
        case CopycarError() | CycloptsError(__cause__=CopycarError()):
            cause = error if isinstance(error, CopycarError) else error.__cause__
            text, exit_code = f"copycar: {cause}", getattr(cause, "exit_code", EXIT_USER)
        case CycloptsError():
            text = f"copycar: {_misused(error)}"
        case KeyboardInterrupt():
            text, exit_code = "copycar: interrupted; everything finished so far is safe", EXIT_INTERRUPTED
        case BrokenPipeError() | SystemExit():  # rich leaves with the latter
            exit_code = EXIT_INTERRUPTED  # the reader (head, less) has gone: not our fault and not worth a word
            _write_no_more()
        case OSError() if error.errno in FIX_OF:
            text = f"copycar: {disk_refusal(error)}\nfix: {FIX_OF[error.errno]}"
        case ImportError() if package := _missing_extra(error):
            text = f'copycar: {package} is not installed\nfix: pip install "copycar[{EXTRA_OF[package]}]"'
        case _:
            traceback.print_exception(error)
            text = f"copycar {__version__}: this is our bug, sorry. Please report the lines above."
            exit_code = EXIT_OUR_BUG
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(text + "\n" if text else "")
    return exit_code


def disk_refusal(error: OSError) -> str:
    """Return what the disk refuses, in one line."""
    return f"cannot write {error.filename}: {error.strerror}" if error.filename else str(error.strerror)


def _misused(error: CycloptsError) -> str:
    verb = " ".join(error.command_chain or ())
    return f"{_faults(error)}\nfix: copycar {verb}{' ' if verb else ''}--help"


def _faults(error: CycloptsError) -> str:
    """Return what was wrong; where pydantic found it, every fault in one line and by the option's name."""
    list_errors = getattr(error.__cause__, "errors", None)
    if list_errors is None:
        return str(error)
    return "; ".join(f"{_option(fault['loc'])}: {fault['msg']} (got {fault['input']!r})" for fault in list_errors())


def _option(location: Sequence[str | int]) -> str:
    return "--" + ".".join(str(part) for part in location).replace("_", "-")


def _write_no_more() -> None:
    """Send what is still to be written nowhere: Python would complain about the closed pipe when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _missing_extra(error: ImportError) -> str | None:
    """Return the optional package that is missing; a verb that is loaded late wraps the error that names it."""
    cause = error.__cause__ if isinstance(error.__cause__, ModuleNotFoundError) else error
    package = (cause.name or "").partition(".")[0] if isinstance(cause, ImportError) else ""
    return package if package in EXTRA_OF else None
