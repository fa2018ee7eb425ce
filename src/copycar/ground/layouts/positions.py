"""What WILDTRACK and MultiviewX share: folders of pictures C1, C2 …, and labels that name a position of a grid.

A label file is a list of `{"personID", "positionID", "views": [{"viewNum", "xmin", "ymin", "xmax", "ymax"}, …]}`.
Knows nothing of how a position becomes metres, or of calibration files.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.ground.layouts.json_file import read_json
from copycar.ground.scene import Moment, Truth

ToGround = Callable[[NDArray[np.int64]], Array]
"""From position numbers (N,) to metres (N, 2)."""

N_FRAMES, N_TRAIN = 400, 360
"""Both sets have 400 frames; all published figures test on the last tenth."""


def read_moments(folder: Path, n_cameras: int, to_ground: ToGround) -> dict[str, list[Moment]]:
    """Return the first nine tenths of the frames as `"train"`, the rest as `"val"`.

    Raises:
        CopycarError: a label file is damaged.
    """
    pictures = [_numbered(folder / "Image_subsets" / f"C{number}") for number in range(1, n_cameras + 1)]
    labels = {int(path.stem): path for path in sorted((folder / "annotations_positions").glob("*.json"))}
    moments = [
        Moment(number, tuple(of_camera.get(number) for of_camera in pictures), _truth(labels.get(number), to_ground))
        for number in sorted(set(labels).union(*pictures))
    ]
    n_train = round(len(moments) * N_TRAIN / N_FRAMES)
    return {"train": moments[:n_train], "val": moments[n_train:]}


def calibration_files(folder: Path, kind: str, names: Sequence[str]) -> list[Path]:
    """Return `calibrations/<kind>/<intr|extr>_<name>.xml` of every camera."""
    return [folder / "calibrations" / kind / f"{kind[:4]}_{name}.xml" for name in names]


def _numbered(folder: Path) -> dict[int, Path]:
    files = [path for path in sorted(folder.glob("*.*")) if path.suffix in {".png", ".jpg"} and path.stem.isdigit()]
    return {int(path.stem): path for path in files}


def _truth(path: Path | None, to_ground: ToGround) -> Truth | None:
    if path is None:
        return None
    people = read_json(path)
    try:
        positions = np.array([person["positionID"] for person in people], dtype=np.int64)
        return Truth(to_ground(positions), np.array([person["personID"] for person in people], dtype=np.int64))
    except (KeyError, TypeError, ValueError) as error:
        raise CopycarError(
            f"{path} holds no positions", f"{type(error).__name__} {error}", "bring back the data set's own file"
        ) from error
