"""What a detector found, as `model_evaluation.hdf5`. Knows arrays; knows nothing of networks.

MARMOT's layout, so that its tools read it: `evaluation/NbDetection` (F + 1) cumulative and beginning with 0,
`evaluation/Detections` (N, 2) columns and rows of the grid, `evaluation/DetectionsConf` (N,), `heatmaps/pred_0` and
`heatmaps/framepred_0_v<i>` (F + 1, rows, columns) whose first map is empty, `heatmaps/Nb<name>` (F + 1,). It keeps
appearance features, too, which we have none of. Ours besides: `evaluation/DetectionsMetres`, `evaluation/Frames`, and
attributes with the grid, the threshold and the detector. The file is written whole, never appended to.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.ground.decode import Detections
from copycar.ground.detector import Finding
from copycar.ground.grid import Grid

GROUND_MAP, VIEW_MAP = "pred_0", "framepred_0_v{}"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The file's content.

    Attributes:
        frames: (F,) numbers of the moments.
        detections: per moment.
        grid: that the heat maps are on.
        about: threshold, match_m, split, detector …
    """

    frames: NDArray[np.int64]
    detections: Sequence[Detections]
    grid: Grid
    about: dict[str, Any]


class EvaluationWriter:
    """Takes findings one by one; made by `evaluation_writer`."""

    def __init__(self, file: h5py.File, grid: Grid, n_frames: int) -> None:
        self._file, self._grid, self._n_frames = file, grid, n_frames
        self._frames: list[int] = []
        self._found: list[Detections] = []

    def add(self, frame: int, finding: Finding) -> None:
        """Write one moment's findings."""
        self._frames.append(frame)
        self._found.append(finding.detections)
        self._put_map(GROUND_MAP, finding.heat)
        for view, heat in enumerate(finding.view_heat):
            self._put_map(VIEW_MAP.format(view), heat)

    def finish(self, about: dict[str, Any]) -> None:
        """Write the detections and what they are about."""
        points = np.concatenate([found.points_m for found in self._found] or [np.zeros((0, 2))])
        sure = np.concatenate([found.confidence for found in self._found] or [np.zeros(0)])
        ends = np.concatenate([[0], np.cumsum([len(found) for found in self._found], dtype=np.int64)])
        group = self._file.create_group("evaluation")
        group["NbDetection"] = ends.astype(np.int64)
        group["Detections"] = self._grid.cells(points).astype(np.float32)
        group["DetectionsConf"] = sure.astype(np.float32)
        group["DetectionsMetres"] = points
        group["Frames"] = np.array(self._frames, dtype=np.int64)
        self._file.attrs.update({**asdict(self._grid), **about})

    def _put_map(self, name: str, heat: Array) -> None:
        group = self._file.require_group("heatmaps")
        if name not in group:
            shape = (self._n_frames + 1, *heat.shape)
            group.create_dataset(
                name, shape, np.float32, chunks=(1, *heat.shape), compression="gzip", compression_opts=1
            )
            group[f"Nb{name}"] = np.array([self._n_frames] + [0] * self._n_frames, dtype=np.int64)
        group[name][len(self._frames)] = heat


@contextmanager
def evaluation_writer(path: Path, grid: Grid, n_frames: int) -> Iterator[EvaluationWriter]:
    """Give a writer; the file gets its name when all went well, and nothing is left after an error."""
    partial = path.with_name(f".{path.name}.partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with h5py.File(partial, "w") as file:
            yield EvaluationWriter(file, grid, n_frames)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_evaluation(path: Path) -> Evaluation:
    """Return what was found, without the heat maps.

    Raises:
        CopycarError: missing, damaged, or not written by us.
    """
    with _opened(path) as file:
        ends = file["evaluation/NbDetection"][:]
        points, sure = file["evaluation/DetectionsMetres"][:], file["evaluation/DetectionsConf"][:].astype(np.float64)
        found = [Detections(points[a:b], sure[a:b]) for a, b in pairwise(ends)]
        about = {name: value.item() if hasattr(value, "item") else value for name, value in file.attrs.items()}
        grid = Grid(**{name: about[name] for name in Grid.__dataclass_fields__})
        return Evaluation(file["evaluation/Frames"][:], found, grid, about)


def mean_maps(path: Path) -> dict[str, Array]:
    """Return the mean of every kind of heat map, (rows, columns), without the empty first ones."""
    with _opened(path) as file:
        maps = [name for name in file["heatmaps"] if not name.startswith("Nb")]
        return {name: file["heatmaps"][name][1:].mean(axis=0) for name in maps}


@contextmanager
def _opened(path: Path) -> Iterator[h5py.File]:
    if not path.is_file():
        raise CopycarError(f"there is no {path}", fix="write it: copycar ground validate PROJECT")
    try:
        with h5py.File(path, "r") as file:
            yield file
    except (OSError, KeyError, TypeError) as error:
        raise CopycarError(
            f"{path} cannot be read", str(error), "write it anew: copycar ground validate PROJECT"
        ) from error
