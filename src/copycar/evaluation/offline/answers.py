"""Asks a policy about recorded frames, one after the other, as the car would. Knows nothing of judging the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.core.progress import OnProgress
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.offline.frames import RecordedFrames

_CHUNK = 64
"""Frames decoded at once."""

Floats = NDArray[np.float32]
STEERING, THROTTLE = "steering", "throttle"


@dataclass(frozen=True)
class Said:
    """What a policy answered to N frames.

    Attributes:
        actions: steering and throttle, float32 (N, 2).
        more: its further answers, such as probabilities, float32 (N, k) by name.
    """

    actions: Floats
    more: Mapping[str, Floats]


def answers(policy: Policy, frames: RecordedFrames, place: int = 0, on_progress: OnProgress | None = None) -> Said:
    """Return the policy's answers.

    Frames come in their order; where one does not follow the one before it, a policy with a memory starts afresh. One
    that remembers actions remembers its own answers, as on the car, and not what the driver did.

    Args:
        policy: who is asked.
        frames: N frames.
        place: of the policy among those that `frames` were chosen for.
        on_progress: called with (frames done, N).

    Raises:
        CopycarError: frames of another size than the policy takes; or it answers with something that is no number.
    """
    _require_size(policy, frames)
    inputs = frames.inputs(place)
    said = []
    for start in range(0, len(frames), _CHUNK):
        pictures = frames.data.images[frames.rows[start : start + _CHUNK]]
        for number, picture in enumerate(pictures, start):
            if frames.is_start[number]:
                policy.reset()
            said.append(policy.infer({"image": picture, **{name: rows[number] for name, rows in inputs.items()}}))
        if on_progress:
            on_progress(start + len(pictures), len(frames))
    found = _gathered(said)
    _require_numbers(found.actions, frames)
    return found


def _gathered(said: list[dict[str, Any]]) -> Said:
    rows = {name: np.array([one[name].reshape(-1) for one in said], dtype=np.float32) for name in said[0]}
    actions = np.hstack([rows.pop(STEERING), rows.pop(THROTTLE)])
    return Said(actions, rows)


def _require_size(policy: Policy, frames: RecordedFrames) -> None:
    height, width = frames.data.image_size
    if (height, width) != policy.image_size:
        raise CopycarError(
            f"the policy {policy.metadata.run or policy.metadata.network} takes {policy.image_size[1]}x"
            f"{policy.image_size[0]} pictures, and these are {width}x{height}",
            "it was trained with another camera size",
            "evaluate it on a tub recorded with its own camera, or train on this one",
        )


def _require_numbers(said: Floats, frames: RecordedFrames) -> None:
    bad = np.flatnonzero(~np.isfinite(said).all(axis=1))
    if len(bad):
        raise CopycarError(
            f"the policy answers {said[bad[0]].tolist()} on frame {frames.records[bad[0]].index}",
            f"its network is broken: {len(bad)} of {len(said)} answers are no numbers",
            "train it again",
        )
