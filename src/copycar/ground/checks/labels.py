"""Whether labels can be true: matched with frames, on the area, seen by somebody, no id twice. Reads no pictures."""

from collections.abc import Callable, Iterator

import numpy as np

from copycar.core.errors import CopycarError
from copycar.ground.calibration import Mask
from copycar.ground.scene import SPLITS, Moment, Scene, Truth
from copycar.tubs.doctor.verdict import Status, Verdict, many

BAD_SHARE = 0.05
"""Up to this share of labels beside the area or unseen is a matter of taste; more is a wrong calibration."""


def check_labels(scene: Scene) -> Iterator[Verdict]:
    """Yield the verdicts about labels."""
    for split in SPLITS:
        yield _matched(scene, split)
    labelled = [moment for split in SPLITS for moment in scene.moments[split] if moment.truth is not None]
    if not labelled:
        return
    yield _share(labelled, lambda truth: ~_on_area(scene, truth), "labels on the area", "outside the area")
    yield _share(labelled, lambda truth: ~_seen(scene, truth), "labels in sight", "seen by no camera")
    yield _unique(labelled)


def _matched(scene: Scene, split: str) -> Verdict:
    name, moments = f"labels {split}", scene.moments[split]
    alone = [moment.number for moment in moments if moment.truth is not None and not any(moment.pictures)]
    without = [moment.number for moment in moments if moment.truth is None]
    counts = [len(moment.truth) for moment in moments if moment.truth is not None]
    if not counts:
        status: Status = "broken" if split == "train" else "look"
        return Verdict(name, status, "there is none", fix="label the frames: copycar learns from nothing else")
    words = f"{many(sum(counts), 'label')} in {many(len(counts), 'frame')}, {min(counts)} to {max(counts)} a frame"
    if alone:
        fix = "labels and pictures number frames alike: cam1_7.png and annotator_7.json"
        return Verdict(name, "broken", f"{words}; {many(len(alone), 'label file')} without any picture", alone, fix)
    if without:
        unused = f"{words}; {many(len(without), 'frame')} without, which stay unused"
        return Verdict(name, "look", unused, without, "label them, or remove them")
    return Verdict(name, "ok", words)


def _share(labelled: list[Moment], is_bad: Callable[[Truth], Mask], name: str, fault: str) -> Verdict:
    truths = [(moment.number, moment.truth) for moment in labelled if moment.truth is not None]
    bad = [(number, int(is_bad(truth).sum())) for number, truth in truths]  # train and val both have a frame 0
    n_bad, n_all = sum(count for _, count in bad), sum(len(truth) for _, truth in truths)
    if not n_bad:
        return Verdict(name, "ok", f"none of {n_all} is {fault}")
    return Verdict(
        name,
        "broken" if n_bad > BAD_SHARE * n_all else "look",
        f"{n_bad} of {n_all} are {fault}",
        [number for number, count in bad if count],
        "the calibration is of other cameras, its unit is wrong, or the ROI is too small",
    )


def _on_area(scene: Scene, truth: Truth) -> Mask:
    try:
        area = scene.area
    except CopycarError:
        return np.ones(len(truth), dtype=bool)
    x, y = truth.points_m.T
    on: Mask = np.logical_and.reduce([x >= area[0], x <= area[2], y >= area[1], y <= area[3]])
    return on


def _seen(scene: Scene, truth: Truth) -> Mask:
    seen: Mask = np.any([calibration.sees(truth.points_m) for calibration in scene.cameras], axis=0)
    return seen


def _unique(labelled: list[Moment]) -> Verdict:
    twice = [m.number for m in labelled if m.truth is not None and len(set(m.truth.ids.tolist())) < len(m.truth)]
    if not twice:
        return Verdict("ids", "ok", "no id is twice in a frame")
    return Verdict(
        "ids", "look", f"an id is twice in {many(len(twice), 'frame')}", twice, "who is who? label them again"
    )
