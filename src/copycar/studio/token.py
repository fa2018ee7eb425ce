"""The studio's token: made once, kept readable for its owner alone, so that a phone stays let in after a restart."""

import contextlib
import os
import secrets
from pathlib import Path

from copycar.core.errors import CopycarError

FILE = "studio-token"
RANDOM_BYTES = 16  # 128 bits: nobody guesses it, and it still fits a QR code that is read across a table


def own_token(folder: Path, *, new: bool = False) -> str:
    """Return the token kept in `folder`; made where there is none.

    Args:
        folder: the user's own; created where missing.
        new: make another one, so that whoever had the old one is no longer let in.

    Raises:
        CopycarError: the folder cannot be written.
    """
    path = folder / FILE
    if not new and (kept := _read(path)):
        return kept
    token = secrets.token_urlsafe(RANDOM_BYTES)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - its mode
            file.write(token)
    except OSError as error:
        raise CopycarError(
            f"{path} cannot be written", error.strerror or str(error), "make the folder writable"
        ) from error
    return token


def _read(path: Path) -> str:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return path.read_text("ascii").strip()
    return ""
