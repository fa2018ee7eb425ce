"""What a recording holds, in numbers, for people and for scripts. Judges nothing."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.tubs.episodes import Timeline
from copycar.tubs.survey import Survey, survey
from copycar.tubs.tub import no_frames, open_contents

STRAIGHT = 0.05  # steering below this is straight ahead: the dead zone of a usual gamepad stick


def describe(path: str | Path) -> dict[str, Any]:
    """Return everything worth knowing about a tub; all values are JSON, what cannot be told is None.

    Every picture is decoded (0.05 ms each); unusable ones are not counted as frames. However long the recording, it is
    read catalog by catalog in less than 200 MB.

    Args:
        path: the recording's folder.

    Returns:
        `path`, `frames` (usable), `deleted`, `episodes` and `gaps` (how many), `repaired` (list of words), `image_size`
        ({"height_px", "width_px"}), `duration_s` (without pauses), `rate_hz` (median), `steering` and `throttle`
        ({"mean", "std", "min", "max"}), `straight_share` (of frames with |steering| < 0.05), `inputs` (key to type),
        `sessions`, `metadata`, `fingerprint`.

    Raises:
        CopycarError: no such folder, not a tub, without any frame, or without any usable picture.
    """
    folder = Path(path).expanduser()
    contents = open_contents(folder)
    seen = survey(contents)
    if not len(seen) and not seen.deleted:
        raise no_frames(folder, [*contents.repairs, *seen.repairs])
    actions, timeline, manifest = seen.actions, seen.timeline, contents.manifest
    gaps = timeline.gaps()
    return {
        "path": str(folder),
        "frames": len(actions),
        "deleted": seen.deleted,
        "episodes": len(seen.sessions),
        "gaps": len(gaps),
        "repaired": [*contents.repairs, *seen.repairs, *_bad_pictures(seen)],
        "image_size": dict(zip(("height_px", "width_px"), seen.image_size, strict=True)) if seen.image_size else None,
        **_times(timeline, gaps),
        "steering": _spread(actions[:, 0]),
        "throttle": _spread(actions[:, 1]),
        "straight_share": float(np.mean(np.abs(actions[:, 0]) < STRAIGHT)) if len(actions) else None,
        "inputs": dict(zip(manifest.inputs, manifest.types, strict=True)),
        "sessions": [name for name in seen.sessions if name],
        "metadata": manifest.metadata,
        "fingerprint": seen.fingerprint,
    }


def _bad_pictures(seen: Survey) -> list[str]:
    first = seen.first_bad
    if not first:
        return []
    return [f"{seen.n_bad} frames with an unusable picture, skipped (first: {first.index}, {first.reason})"]


def _times(timeline: Timeline, gaps: list[int]) -> dict[str, float | None]:
    steps_s = timeline.steps_s()
    is_gap = np.zeros(len(steps_s), dtype=bool)
    is_gap[[place - 1 for place in gaps]] = True
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
