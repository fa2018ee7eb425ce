"""Frames to label out of the footage of all cameras, taken at the same moments. Knows films and the project's layout.

Footage lies as MARMOT has it: one folder per camera, whose films (or pictures) follow each other in natural order, and
`first_frame.json` says by camera which frame was at the common start (`{"cam1": 12, "cam2": 0}`); where it is missing,
what moves tells. Validation frames are one stretch without gaps. Training frames are spread over all that is a second
or more away from it: of equal stretches, the frame in which most moves.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.core.frame import Image
from copycar.core.progress import OnProgress
from copycar.ground.annotating.area import with_area
from copycar.ground.footage import camera_folders, pictures_in, rate_of
from copycar.ground.layouts.config_yaml import write_config
from copycar.ground.layouts.json_file import read_json
from copycar.ground.layouts.project import ANNOTATION, CALIBRATIONS, CONFIG, data_folder, is_here, read_whole
from copycar.ground.motion import Motion, floor_grid, watch
from copycar.ground.pictures import write_picture
from copycar.ground.scene import PERSON, SPLITS
from copycar.ground.synchronise import SURE, Offsets, estimate_offsets, read_offsets, write_offsets
from copycar.tubs.parallel import usable_cores

GAP_S = 1.0
"""Between training and validation frames: nearer ones show the same things at the same places."""

Place = tuple[str, int]
"""Split and number of a frame."""


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
        offsets: by camera, the frame at the common start.
        sureness: of the offsets, where motion told them; None where somebody had written them down.
    """

    cameras: tuple[str, ...]
    n_train: int
    n_val: int
    rate_hz: float
    offsets: Mapping[str, int]
    sureness: float | None

    @property
    def is_sure(self) -> bool:
        """Whether the offsets can be believed."""
        return self.sureness is None or self.sureness >= SURE


def extract(project: Path, footage: Path, choice: Choice, on_progress: OnProgress | None = None) -> Extracted:
    """Write the chosen moments of all cameras into `1-annotation/{train,val}` of the project.

    Raises:
        CopycarError: no footage, too little of it, or frames are there already.
    """
    folders = camera_folders(footage)
    root = data_folder(project)
    _require_empty(root)
    rate_hz = rate_of(next(iter(folders.values())))
    motions = _motions(project, folders)
    known = read_offsets(root, list(folders)) if len(folders) > 1 else dict.fromkeys(folders, 0)
    told = None if known is not None else estimate_offsets(motions, rate_hz)
    offsets = _believed(root, known, told, list(folders))
    n_moments = _common_length(motions, offsets)
    energy = np.mean([motions[name].energy[start : start + n_moments] for name, start in offsets.items()], axis=0)
    chosen = choose(n_moments, rate_hz, choice, energy)
    _write(root, folders, offsets, chosen, on_progress)
    if not (root / CONFIG).exists():
        write_config(root / CONFIG, rate_hz / choice.every, PERSON, None)
    counts = {split: sum(place[0] == split for place in chosen.values()) for split in SPLITS}
    sureness = told.sureness if told else None
    return Extracted(tuple(folders), counts["train"], counts["val"], rate_hz / choice.every, offsets, sureness)


def choose(n_moments: int, rate_hz: float, choice: Choice, energy: Array) -> dict[int, Place]:
    """Return which moments of the footage become which frames.

    Args:
        n_moments: of the footage.
        rate_hz: of them.
        choice: what to take.
        energy: (n_moments,) how much moves at each.

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
    lively = _liveliest(free, energy, choice.n_train)
    chosen: dict[int, Place] = {moment: ("train", number) for number, moment in enumerate(lively)}
    return chosen | {start + number * choice.every: ("val", number) for number in range(choice.n_val)}


def _liveliest(free: NDArray[np.int64], energy: Array, count: int) -> list[int]:
    """Return of each of `count` equal stretches of the free moments the one in which most moves."""
    stretches = np.array_split(free, count) if count else []
    return [int(stretch[np.argmax(energy[stretch])]) for stretch in stretches]


def _motions(project: Path, folders: Mapping[str, Path]) -> dict[str, Motion]:
    """Return what moves in every camera's footage, on the floor where the project knows how the cameras stand."""
    cameras, grid, height_m = {}, None, 0.0
    if is_here(project) and _are_posed(data_folder(project)):
        scene = with_area(read_whole(project)[0])
        cameras, height_m = {calibration.name: calibration for calibration in scene.cameras}, scene.thing.height_m
        grid = floor_grid(scene.area) if cameras.keys() >= folders.keys() else None
    with ThreadPoolExecutor(usable_cores()) as pool:
        watched = pool.map(lambda name: watch(pictures_in(folders[name]), cameras.get(name), grid, height_m), folders)
        return dict(zip(folders, watched, strict=True))


def _are_posed(root: Path) -> bool:
    """Return whether every camera file has a pose; lenses alone are calibrated first."""
    return all(read_json(path).get("R") is not None for path in (root / CALIBRATIONS).glob("cam*.json"))


def _believed(root: Path, known: dict[str, int] | None, told: Offsets | None, cameras: Sequence[str]) -> dict[str, int]:
    """Return the offsets to use; sure ones are written down."""
    if known is not None:
        return known
    if told is None or not told.is_sure:
        return dict.fromkeys(cameras, 0)
    write_offsets(root, told.frames)
    return dict(told.frames)


def _common_length(motions: Mapping[str, Motion], offsets: Mapping[str, int]) -> int:
    lengths = {name: len(motion) - offsets[name] for name, motion in motions.items()}
    shortest = min(lengths, key=lambda name: lengths[name])
    if lengths[shortest] < 1:
        raise CopycarError(
            f"{shortest} begins with frame {offsets[shortest]}, but has only {len(motions[shortest])} frames",
            "0-calibration/first_frame.json says so",
            "correct it, or remove it to let the motion tell",
        )
    return lengths[shortest]


def _write(
    root: Path,
    folders: Mapping[str, Path],
    offsets: Mapping[str, int],
    chosen: Mapping[int, Place],
    on_progress: OnProgress | None,
) -> None:
    done, total = 0, len(chosen) * len(folders)
    for name, folder in folders.items():
        for (split, number), picture in _taken(folder, offsets[name], chosen):
            path = root / ANNOTATION / split / name / f"{name}_{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_picture(path, picture)
            done += 1
            if on_progress:
                on_progress(done, total)


def _taken(folder: Path, offset: int, chosen: Mapping[int, Place]) -> Iterator[tuple[Place, Image]]:
    last = max(chosen)
    for moment, picture in enumerate(pictures_in(folder), -offset):
        if moment in chosen:
            yield chosen[moment], picture
        if moment >= last:
            return


def _require_empty(root: Path) -> None:
    taken = [path for split in SPLITS for path in (root / ANNOTATION / split).glob("cam*/*")]
    if taken:
        raise CopycarError(
            f"{taken[0].parent} holds frames already", "labels may belong to them", "name a new project, or remove them"
        )
