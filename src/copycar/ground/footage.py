"""Pictures out of a folder: its picture files, or the frames of its films. Knows nothing of calibrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError, require
from copycar.core.frame import Image
from copycar.ground.pictures import read_picture
from copycar.ground.scene import natural

PICTURES = {".png", ".jpg", ".jpeg", ".bmp"}
FILMS = {".avi", ".m4v", ".mkv", ".mov", ".mp4", ".webm"}

USUAL_HZ = 10.0
"""Of picture files, and of a film that does not say it."""


def pictures_in(folder: Path, every: int = 1) -> Iterator[Image]:
    """Yield every n-th picture, uint8 (H, W, 3) RGB: of all picture files and of all films, each in natural order.

    Raises:
        CopycarError: the folder holds neither, or a file is damaged.
    """
    files = sorted((path for path in folder.glob("*") if path.is_file()), key=lambda path: natural(path.name))
    pictures = [path for path in files if path.suffix.lower() in PICTURES]
    films = [path for path in files if path.suffix.lower() in FILMS]
    if not pictures and not films:
        raise CopycarError(
            f"{folder} holds no pictures and no films", fix="one folder per camera: cam1/0.png or cam1/a.mp4"
        )
    yield from map(read_picture, pictures[::every])
    yield from islice(chain.from_iterable(map(film_pictures, films)), None, None, every)


def camera_folders(footage: Path) -> dict[str, Path]:
    """Return the folders cam1, cam2 … of footage, in natural order.

    Raises:
        CopycarError: there is none.
    """
    folders = sorted((path for path in footage.glob("cam*") if path.is_dir()), key=lambda path: natural(path.name))
    if not folders:
        raise CopycarError(f"{footage} holds no cameras", fix="one folder per camera: cam1, cam2 …, with its films")
    return {folder.name: folder for folder in folders}


def rate_of(folder: Path) -> float:
    """Return the frames per second of the folder's first film; `USUAL_HZ` where there is none."""
    films = sorted((path for path in folder.glob("*") if path.suffix.lower() in FILMS), key=lambda p: natural(p.name))
    if not films:
        return USUAL_HZ
    with _opened(films[0]) as container:
        rate = container.streams.video[0].average_rate
    return float(rate) if rate else USUAL_HZ


def film_pictures(film: Path) -> Iterator[Image]:
    """Yield the frames of a film, uint8 (H, W, 3) RGB.

    Raises:
        CopycarError: no film, or the package that reads films is missing.
    """
    with _opened(film) as container:
        for frame in container.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)


@contextmanager
def _opened(film: Path) -> Iterator[Any]:
    av: Any = require("av", "sim")
    try:
        with av.open(str(film)) as container:
            yield container
    except (av.error.FFmpegError, IndexError) as error:
        raise CopycarError(f"{film} cannot be read", str(error), "export it as mp4 again") from error
