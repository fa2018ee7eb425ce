"""What WILDTRACK and MultiviewX share: folders of pictures C1, C2 …, and labels that name a position of a grid.

A label file is a list of `{"personID", "positionID", "views": [{"viewNum", "xmin", "ymin", "xmax", "ymax"}, …]}`.
Knows nothing of how a position becomes metres, or of what calibration files hold.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.ground.calibration import Calibration
from copycar.ground.layouts.json_file import read_json
from copycar.ground.scene import Moment, Truth

ToGround = Callable[[NDArray[np.int64]], Array]
"""From position numbers (N,) to metres (N, 2)."""

ReadCamera = Callable[[str, Path, Path], Calibration]
"""Of its name and its two files."""

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


def read_cameras(folder: Path, intrinsic: str, names: Sequence[str], read: ReadCamera) -> tuple[Calibration, ...]:
    """Return the cameras whose files are `calibrations/<intrinsic>/intr_<name>.xml` and `…/extrinsic/extr_<name>.xml`.

    Raises:
        CopycarError: one is missing or damaged.
    """
    root = folder / "calibrations"
    return tuple(
        read(name, root / intrinsic / f"intr_{name}.xml", root / "extrinsic" / f"extr_{name}.xml") for name in names
    )


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
