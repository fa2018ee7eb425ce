"""What a policy says of the frames of a tub: its answer to each, and what in one picture it hangs on.

Asks the rooms below. Knows nothing of HTTP.
"""

import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Observation
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.explain.occlusion import EARLIER, occlusion_map, painted
from copycar.evaluation.offline.answers import answers
from copycar.evaluation.offline.disagreements import worst
from copycar.evaluation.offline.frames import choose_frames
from copycar.evaluation.offline.reading import inputs_of
from copycar.studio.tubs.desk import Desk
from copycar.tubs.jpeg import encode_jpeg


@dataclass(frozen=True, slots=True)
class Opinions:
    """A policy's answers.

    Attributes:
        numbers: int64 (N,) frame numbers.
        actions: float32 (N, 2) steering and throttle.
        worst: numbers of the frames where policy and human disagree most, the worst first.
    """

    numbers: NDArray[np.int64]
    actions: NDArray[np.float32]
    worst: list[int]


def opinions(desk: Desk, tub: str, policy: str) -> Opinions:
    """Ask a policy about every live frame of a tub; takes about a millisecond a frame.

    Raises:
        CopycarError: no such policy or tub, or they do not fit.
    """
    loaded = _load(desk, policy)
    frames = choose_frames([desk.workplace.path(tub)], [loaded.metadata])
    with _ASKED:
        said, numbers = answers(loaded, frames).actions, frames.records.numbers
    return Opinions(numbers, said, numbers[worst(frames.labels[:, 0], said[:, 0])].tolist())


def saliency(desk: Desk, tub: str, policy: str, number: int) -> bytes:
    """Return one frame's picture with what the steering hangs on marked, as JPEG.

    Raises:
        CopycarError: no such policy or frame, they do not fit, or the frame lacks a sensor that the policy reads.
    """
    loaded = _load(desk, policy)
    asked = _observed(desk, tub, loaded, number)
    earlier = desk.frames_before(tub, number, EARLIER) if loaded.remembered else []
    before = [_observed(desk, tub, loaded, one) for one in earlier]
    with _ASKED:  # a policy answers one at a time
        return encode_jpeg(painted(asked["image"], occlusion_map(loaded, asked, before=before)))


def _observed(desk: Desk, tub: str, policy: Policy, number: int) -> Observation:
    return {"image": desk.image(tub, number), **inputs_of(policy.metadata, desk.record(tub, number))}


_ASKED = threading.Lock()


def _load(desk: Desk, name: str) -> Policy:
    path = desk.workplace.path(name)
    return _loaded(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=4)
def _loaded(path: Path, mtime_ns: int) -> Policy:
    """Load a policy file once for every time it was written."""
    del mtime_ns  # the cache's key
    return Policy.load(path)
