"""Asks a policy about recorded frames, one after the other, as the car would. Knows nothing of judging the answers."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.offline.frames import RecordedFrames

_CHUNK = 64
"""Frames decoded at once."""


def answers(
    policy: Policy, frames: RecordedFrames, on_progress: Callable[[int, int], None] | None = None
) -> NDArray[np.float32]:
    """Return the policy's steering and throttle, float32 (N, 2).

    Frames come in their order; where one does not follow the one before it, a policy with a memory starts afresh.

    Args:
        policy: who is asked.
        frames: N frames.
        on_progress: called with (frames done, N).

    Raises:
        CopycarError: frames of another size than the policy takes; or it answers with something that is no number.
    """
    _require_size(policy, frames)
    said = np.empty((len(frames), 2), dtype=np.float32)
    for start in range(0, len(frames), _CHUNK):
        pictures = frames.data.images[frames.rows[start : start + _CHUNK]]
        for place, picture in enumerate(pictures, start):
            if frames.is_start[place]:
                _forget(policy)
            said[place] = policy.act({"image": picture})
        if on_progress:
            on_progress(start + len(pictures), len(frames))
    _require_numbers(said, frames)
    return said


def _forget(policy: Policy) -> None:
    getattr(policy, "reset", lambda: None)()


def _require_size(policy: Policy, frames: RecordedFrames) -> None:
    height, width = frames.data.image_size
    if (height, width) != policy.image_size:
        raise CopycarError(
            f"the policy {policy.metadata.run or policy.metadata.network} takes {policy.image_size[1]}x"
            f"{policy.image_size[0]} pictures, and these are {width}x{height}",
            "it was trained with another camera size",
            "evaluate it on a tub recorded with its own camera, or train on this one",
        )


def _require_numbers(said: NDArray[np.float32], frames: RecordedFrames) -> None:
    bad = np.flatnonzero(~np.isfinite(said).all(axis=1))
    if len(bad):
        raise CopycarError(
            f"the policy answers {said[bad[0]].tolist()} on frame {frames.records[bad[0]].index}",
            f"its network is broken: {len(bad)} of {len(said)} answers are no numbers",
            "train it again",
        )
