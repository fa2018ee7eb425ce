"""What the other processes of a training with several workers do: compute, and neither judge, write nor speak."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.learning.parallel import joined
from copycar.learning.run import Run
from copycar.learning.training import Training


def assist(folder: Path, rank: int, size: int, meeting: str) -> None:
    """Compute this process's share of the training in `folder` until it ends.

    Args:
        folder: of the run, whose settings and checkpoint are read once the first process has written them.
        rank: this process's number.
        size: how many there are.
        meeting: where they meet, as torch's `init_method`.
    """
    # the first process says what happened; the others would only repeat it
    with (
        contextlib.suppress(KeyboardInterrupt, CopycarError),
        tempfile.TemporaryDirectory() as scratch,
        joined(rank, size, meeting) as workers,
    ):
        training, own = Training.resume(folder), Run(Path(scratch))
        for file in (Run(folder).checkpoint, Run(folder).best):
            if file.exists():
                shutil.copy(file, own.folder)
        training.assist(own, workers)
