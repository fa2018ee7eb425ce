"""What the other processes of a training with several workers do: compute, and neither judge, write nor speak."""

import contextlib
import tempfile
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.learning.parallel import hand_over, joined
from copycar.learning.run import Run
from copycar.learning.training import Training


def assist(rank: int, size: int, meeting: str) -> None:
    """Compute this process's share of the training that the first process leads, until it ends.

    Args:
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
        own = Path(scratch)
        hand_over(own)
        Training.resume(own).assist(Run(own), workers)
