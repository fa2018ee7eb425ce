"""A recording in memory, and what a disk can do to it. Knows nothing of tubs."""

import errno

from copycar.core.frame import Frame


class ListWriter:
    """Keeps frames in a list, as a tub writer keeps them on disk.

    Args:
        full_at: the disk is full when so many frames are written; None has room for ever.

    Attributes:
        frames: what was written and not erased.
        is_closed: whether the recording was finished.
    """

    def __init__(self, full_at: int | None = None) -> None:
        self.frames: list[Frame] = []
        self.is_closed = False
        self._full_at = full_at

    def append(self, frame: Frame) -> int:
        """Keep one frame; return its position.

        Raises:
            OSError: the disk is full.
        """
        if len(self.frames) == self._full_at:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.frames.append(frame)
        return len(self.frames) - 1

    def erase_last(self, n: int) -> int:
        """Forget the newest `n` frames; return how many there were."""
        kept = max(0, len(self.frames) - n)
        erased = len(self.frames) - kept
        del self.frames[kept:]
        return erased

    def close(self) -> None:
        """Finish the recording."""
        self.is_closed = True
