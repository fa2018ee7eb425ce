"""Whether labels can be true: matched with frames, on the area, seen by somebody, no id twice. Reads no pictures."""

from collections.abc import Iterator

import numpy as np

from copycar.core.errors import CopycarError
from copycar.ground.calibration import Mask
from copycar.ground.scene import SPLITS, Area, Moment, Scene, within
from copycar.tubs.doctor.verdict import Status, Verdict, many

BAD_SHARE = 0.05
"""Up to this share of labels beside the area or unseen is a matter of taste; more is a wrong calibration."""


EVERYWHERE: Area = (-np.inf, -np.inf, np.inf, np.inf)


def check_labels(scene: Scene) -> Iterator[Verdict]:
    """Yield the verdicts about labels."""
    for split in SPLITS:
        yield _matched(scene, split)
    labelled = [moment for split in SPLITS for moment in scene.moments[split] if moment.truth is not None]
    if not labelled:
        return
    points = np.concatenate([moment.truth.points_m for moment in labelled if moment.truth is not None])
    is_seen = np.any([calibration.sees(points) for calibration in scene.cameras], axis=0)
    yield _share(labelled, ~within(points, _area_of(scene)), "labels on the area", "outside the area")
    yield _share(labelled, ~is_seen, "labels in sight", "seen by no camera")
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


def _share(labelled: list[Moment], is_bad: Mask, name: str, fault: str) -> Verdict:
    """Say how many labels are bad: (N,), those of all moments one after the other."""
    n_bad, n_all = int(is_bad.sum()), len(is_bad)
    if not n_bad:
        return Verdict(name, "ok", f"none of {n_all} is {fault}")
    ends = np.cumsum([len(moment.truth) for moment in labelled if moment.truth is not None])
    of_moments = zip(labelled, np.split(is_bad, ends[:-1]), strict=True)
    return Verdict(
        name,
        "broken" if n_bad > BAD_SHARE * n_all else "look",
        f"{n_bad} of {n_all} are {fault}",
        [moment.number for moment, bad in of_moments if bad.any()],
        "the calibration is of other cameras, its unit is wrong, or the ROI is too small",
    )


def _area_of(scene: Scene) -> Area:
    try:
        return scene.area
    except CopycarError:  # another check says so
        return EVERYWHERE


def _unique(labelled: list[Moment]) -> Verdict:
    twice = [m.number for m in labelled if m.truth is not None and len(set(m.truth.ids.tolist())) < len(m.truth)]
    if not twice:
        return Verdict("ids", "ok", "no id is twice in a frame")
    return Verdict(
        "ids", "look", f"an id is twice in {many(len(twice), 'frame')}", twice, "who is who? label them again"
    )
