"""Delete a run's folder. Knows nothing of what is in it."""

import shutil
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.learning.run import RUN_FILE
from copycar.learning.training_process import LIVING, PROCESS_FILE, state_of


def delete_run(folder: Path) -> None:
    """Delete a run with its policy, for good.

    Raises:
        CopycarError: it is no run, it still trains, or the disk refuses.
    """
    if folder.is_symlink() or not any((folder / name).is_file() for name in (RUN_FILE, PROCESS_FILE)):
        raise CopycarError(f"{folder} holds no run", fix="list your runs: copycar runs")
    if state_of(folder) in LIVING:
        raise CopycarError(f"{folder.name} still trains", fix="stop it first")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise CopycarError(f"{folder} cannot be deleted", error.strerror or str(error)) from error
