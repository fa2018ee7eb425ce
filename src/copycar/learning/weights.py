"""Torch states on disk: written whole or not at all, and read without running what a file might hide.

Knows nothing of runs or networks.
"""

import io
import pickle
from pathlib import Path
from typing import Any

import torch

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic


def save_state(path: Path, state: Any) -> None:
    """Replace `path` by `state` in one step: a full disk or a power cut leaves the old file.

    Raises:
        OSError: the disk is full or the folder not writable.
    """
    buffer = io.BytesIO()
    torch.save(state, buffer)
    write_atomic(path, buffer.getvalue())


def load_state(path: Path, device: torch.device | str = "cpu") -> Any:
    """Return what `save_state` wrote, on `device`.

    Raises:
        CopycarError: the file is missing or damaged.
    """
    try:
        return torch.load(path, map_location=device, weights_only=True)
    except (OSError, EOFError, RuntimeError, LookupError, ValueError, pickle.UnpicklingError) as error:
        why = next(iter(str(error).splitlines()), "it is empty")
        raise CopycarError(f"{path} cannot be read", why, "train again, or bring back a copy of the file") from error
