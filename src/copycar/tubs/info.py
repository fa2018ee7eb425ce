"""What a recording holds, in numbers, for people and for scripts. Judges nothing."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.tubs.episodes import step_seconds
from copycar.tubs.fingerprint import fingerprint
from copycar.tubs.load import find_bad_images
from copycar.tubs.tub import Tub

STRAIGHT = 0.05  # steering below this is straight ahead: the dead zone of a usual gamepad stick


def describe(tub: Tub, *, with_images: bool = True) -> dict[str, Any]:
    """Return everything worth knowing about a tub; all values are JSON, what cannot be told is None.

    Args:
        tub: the recording.
        with_images: decode every picture to find the unusable ones (0.05 ms each); they are not counted as frames.

    Returns:
        `path`, `frames` (usable), `deleted`, `episodes` and `gaps` (how many), `repaired` (list of words), `image_size`
        ({"height_px", "width_px"}), `duration_s` (without pauses), `rate_hz` (median), `steering` and `throttle`
        ({"mean", "std", "min", "max"}), `straight_share` (of frames with |steering| < 0.05), `inputs` (key to type),
        `sessions`, `metadata`, `fingerprint`.
    """
    bad = find_bad_images(tub.records) if with_images and tub.records else []
    repaired = list(tub.repairs)
    if bad:
        first = bad[0]
        repaired.append(
            f"{len(bad)} frames with an unusable picture, skipped (first: {first.record.index}, {first.reason})"
        )
    left_out = {image.record.index for image in bad}
    actions = np.array([record.action for record in tub.records if record.index not in left_out]).reshape(-1, 2)
    return {
        "path": str(tub.path),
        "frames": len(actions),
        "deleted": len(tub.deleted),
        "episodes": len(tub.episodes),
        "gaps": len(tub.gaps),
        "repaired": repaired,
        "image_size": dict(zip(("height_px", "width_px"), tub.image_size, strict=True)) if tub.records else None,
        **_times(tub),
        "steering": _spread(actions[:, 0]),
        "throttle": _spread(actions[:, 1]),
        "straight_share": float(np.mean(np.abs(actions[:, 0]) < STRAIGHT)) if len(actions) else None,
        "inputs": tub.inputs,
        "sessions": [episode.id for episode in tub.episodes if episode.id],
        "metadata": tub.metadata,
        "fingerprint": fingerprint(tub),
    }


def _times(tub: Tub) -> dict[str, float | None]:
    steps_s = step_seconds(tub.records)
    is_gap = np.zeros(len(steps_s), dtype=bool)
    is_gap[[place - 1 for place in tub.gaps]] = True
    driven = steps_s[~is_gap & np.isfinite(steps_s)]
    median_s = float(np.median(driven)) if len(driven) else 0.0
    return {
        "duration_s": float(driven.sum()) if len(driven) else None,
        "rate_hz": 1 / median_s if median_s > 0 else None,
    }


def _spread(values: NDArray[np.float64]) -> dict[str, float] | None:
    if not len(values):
        return None
    measures = {"mean": values.mean(), "std": values.std(), "min": values.min(), "max": values.max()}
    return {name: float(value) for name, value in measures.items()}
