"""How far a policy's actions are from a driver's, frame by frame, on recordings. Knows nothing of driving.

Open loop: shown beside its baselines, and never used to rank policies; closed-loop trials do that.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError, did_you_mean
from copycar.driving.runtime.policy import Policy
from copycar.learning.dataset import DrivingData, load_driving_data
from copycar.learning.judgement import offline_figures
from copycar.tubs.store import ImageStore

Split = Literal["train", "validation", "all"]

VALIDATION_SHARE = 0.2
"""What training holds out unless told otherwise (`TrainSettings`, whose import would bring torch along)."""

_CHUNK = 64
"""Frames decoded at once."""


def evaluate_offline(
    policy: str | Path | Policy,
    tubs: str | Path | Sequence[str | Path],
    *,
    split: Split = "all",
    seed: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Return `{"steering": {...}, "throttle": {...}, "n_frames", "split", "is_training_data", "latency_ms"}`.

    Each axis has `mae`, `rmse`, `r2`, `baseline_mean_mae` (always say the training mean) and `baseline_last_mae`
    (repeat the frame before, never across episodes); see `copycar.learning.judgement`.

    Args:
        policy: a policy file, or a loaded policy.
        tubs: one or more tub folders or glob patterns.
        split: which frames; "validation" are those that the policy's own training holds out.
        seed: of the split; default: the seed that the policy was trained with.
        on_progress: called with (frames done, frames in all).

    Raises:
        CopycarError: unknown split; no or an unfit policy; no usable frame; or frames of another size.
    """
    if split not in get_args(Split):
        raise CopycarError(f"unknown split {split!r}", fix=did_you_mean(split, get_args(Split)))
    policy = policy if isinstance(policy, Policy) else Policy.load(policy)
    paths = [tubs] if isinstance(tubs, str | Path) else list(tubs)
    data = load_driving_data(paths, **_choice(policy, seed))
    rows = _rows(data, split)
    predicted = predict(policy, data.images, rows, on_progress)
    return {
        **offline_figures(predicted, data.labels[rows], data.previous[rows], data.train_mean),
        "split": split,
        "is_training_data": data.fingerprint == policy.metadata.data_fingerprint,
        "latency_ms": policy.latency_ms(),
    }


def predict(
    policy: Policy,
    images: ImageStore,
    rows: NDArray[np.int64],
    on_progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.float32]:
    """Return the policy's actions (len(rows), 2), one frame at a time, as the car would ask for them."""
    actions = np.empty((len(rows), 2), dtype=np.float32)
    for start in range(0, len(rows), _CHUNK):
        frames = images[rows[start : start + _CHUNK]]
        for place, frame in enumerate(frames, start):
            actions[place] = policy.act({"image": frame})
        if on_progress:
            on_progress(start + len(frames), len(rows))
    return actions


def _choice(policy: Policy, seed: int | None) -> dict[str, Any]:
    """Return how the policy's training chose and split its frames, with another seed where one is asked for."""
    usual = {"seed": policy.metadata.seed or 0, "validation_share": VALIDATION_SHARE}
    return usual | dict(policy.metadata.data_choice) | ({} if seed is None else {"seed": seed})


def _rows(data: DrivingData, split: Split) -> NDArray[np.int64]:
    if split == "all":
        return np.arange(len(data.labels))
    return data.train if split == "train" else data.validation
