"""Frames to label out of the footage of all cameras, taken at the same moments. Knows films and the project's layout.

Footage lies as MARMOT has it: one folder per camera, whose films (or pictures) follow each other in natural order, and
`first_frame.json` says by camera which frame was at the common start (`{"cam1": 12, "cam2": 0}`). Validation frames are
one stretch without gaps; training frames are evenly spread over all that is a second or more away from it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.frame import Image
from copycar.ground.footage import count_pictures, pictures_in, rate_of
from copycar.ground.layouts.config_yaml import write_config
from copycar.ground.layouts.json_file import read_json
from copycar.ground.layouts.project import ANNOTATION, CALIBRATIONS, CONFIG, data_folder
from copycar.ground.pictures import write_picture
from copycar.ground.scene import PERSON, SPLITS, natural

GAP_S = 1.0
"""Between training and validation frames: nearer ones show the same things at the same places."""

FIRST_FRAMES = "first_frame.json"

Place = tuple[str, int]
"""Split and number of a frame."""

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """What to take.

    Attributes:
        n_train: frames to learn from.
        n_val: frames to judge on, without gaps.
        every: of the footage, for validation frames: 3 of 30 frames a second makes 10.
        val_start_s: where the validation frames begin; None: they are the last ones.
    """

    n_train: int = 300
    n_val: int = 100
    every: int = 1
    val_start_s: float | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was taken.

    Attributes:
        cameras: their names.
        n_train, n_val: frames of each.
        rate_hz: of the validation frames.
    """

    cameras: tuple[str, ...]
    n_train: int
    n_val: int
    rate_hz: float


def extract(project: Path, footage: Path, choice: Choice, on_progress: OnProgress | None = None) -> Extracted:
    """Write the chosen moments of all cameras into `1-annotation/{train,val}` of the project.

    Raises:
        CopycarError: no footage, too little of it, or frames are there already.
    """
    folders = sorted((path for path in footage.glob("cam*") if path.is_dir()), key=lambda path: natural(path.name))
    if not folders:
        raise CopycarError(f"{footage} holds no cameras", fix="one folder per camera: cam1, cam2 …, with its films")
    root = data_folder(project)
    _require_empty(root)
    offsets = _offsets(root, [folder.name for folder in folders])
    n_moments = min(count_pictures(folder) - offsets[folder.name] for folder in folders)
    rate_hz = rate_of(folders[0])
    chosen = choose(n_moments, rate_hz, choice)
    done, total = 0, len(chosen) * len(folders)
    for folder in folders:
        for (split, number), picture in _taken(folder, offsets[folder.name], chosen):
            path = root / ANNOTATION / split / folder.name / f"{folder.name}_{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_picture(path, picture)
            done += 1
            if on_progress:
                on_progress(done, total)
    if not (root / CONFIG).exists():
        write_config(root / CONFIG, rate_hz / choice.every, PERSON, None)
    counts = {split: sum(place[0] == split for place in chosen.values()) for split in SPLITS}
    names = tuple(folder.name for folder in folders)
    return Extracted(names, counts["train"], counts["val"], rate_hz / choice.every)


def choose(n_moments: int, rate_hz: float, choice: Choice) -> dict[int, Place]:
    """Return which moments of the footage become which frames.

    Raises:
        CopycarError: the footage is too short.
    """
    length = choice.n_val * choice.every
    start = n_moments - length if choice.val_start_s is None else round(choice.val_start_s * rate_hz)
    if start < 0 or start + length > n_moments:
        raise CopycarError(
            f"{choice.n_val} validation frames do not fit into {n_moments} frames of footage",
            "every camera must show them",
            "choose fewer (--val), or let them begin earlier (--val-start-s)",
        )
    gap = round(GAP_S * rate_hz)
    is_free = np.ones(n_moments, dtype=bool)
    is_free[max(0, start - gap) : start + length + gap] = choice.n_val == 0
    free = np.flatnonzero(is_free)
    if len(free) < choice.n_train:
        raise CopycarError(
            f"only {len(free)} frames are left to learn from, {choice.n_train} are asked for",
            fix="choose fewer: --train",
        )
    spread = free[np.linspace(0, len(free) - 1, choice.n_train).round().astype(int)] if choice.n_train else free[:0]
    chosen: dict[int, Place] = {moment: ("train", number) for number, moment in enumerate(spread.tolist())}
    return chosen | {start + number * choice.every: ("val", number) for number in range(choice.n_val)}


def _taken(folder: Path, offset: int, chosen: Mapping[int, Place]) -> Iterator[tuple[Place, Image]]:
    last = max(chosen)
    for moment, picture in enumerate(pictures_in(folder), -offset):
        if moment in chosen:
            yield chosen[moment], picture
        if moment >= last:
            return


def _offsets(root: Path, cameras: list[str]) -> dict[str, int]:
    path = root / CALIBRATIONS.parent / FIRST_FRAMES
    values = read_json(path) if path.is_file() else {}
    try:
        return {name: int(values.get(name, 0)) for name in cameras}
    except (AttributeError, TypeError, ValueError) as error:
        raise CopycarError(f"{path} is damaged", json.dumps(values)[:60], 'write {"cam1": 12, "cam2": 0}') from error


def _require_empty(root: Path) -> None:
    taken = [path for split in SPLITS for path in (root / ANNOTATION / split).glob("cam*/*")]
    if taken:
        raise CopycarError(
            f"{taken[0].parent} holds frames already", "labels may belong to them", "name a new project, or remove them"
        )
