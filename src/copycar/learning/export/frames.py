"""The frames that an export is calibrated and compared on: real ones wherever there are some. Knows no file formats."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.learning.run import RUN_FILE, Run
from copycar.tubs.load import load_images
from copycar.tubs.tub import open_tubs

Frames = NDArray[np.uint8]

N_FRAMES = 200
"""To calibrate on, and as many others to compare on; the errors beside `TOLERANCES` were found with so many."""


@dataclass(frozen=True)
class ExportFrames:
    """What the camera saw.

    Attributes:
        calibrate: uint8 (N, H, W, 3), for formats that must see how large numbers get between layers.
        compare: others, uint8 (M, H, W, 3), M at least 1.
        origin: where they come from, in words.
        are_real: whether a camera took them.
    """

    calibrate: Frames
    compare: Frames
    origin: str
    are_real: bool


def find_frames(policy: Path, image_size: tuple[int, int], tub: Path | None) -> ExportFrames:
    """Return frames from `tub`, else from the tubs that the policy's run names, else made-up ones.

    Args:
        policy: the policy file; its run's description lies beside it.
        image_size: (height, width) px that it takes.
        tub: named by the user.

    Raises:
        CopycarError: `tub` has no usable frames, or frames of another size.
    """
    if tub is not None:
        return _from_tubs([tub], image_size)
    try:
        return _from_tubs(_tubs_of_run(policy.parent), image_size)
    except CopycarError:  # the recordings have moved on; what is left is to say so
        return _made_up(image_size)


def _tubs_of_run(folder: Path) -> list[Path]:
    described = Run(folder).describe() if (folder / RUN_FILE).is_file() else {}
    return [Path(str(tub)) for tub in described.get("tubs", [])]


def _from_tubs(tubs: Sequence[Path], image_size: tuple[int, int]) -> ExportFrames:
    records = [record for tub in open_tubs(tubs) for record in tub.records]
    images = load_images(records[:: max(1, len(records) // (2 * N_FRAMES))][: 2 * N_FRAMES])
    if images.image_size != image_size:
        (height, width), (wanted_height, wanted_width) = images.image_size, image_size
        raise CopycarError(
            f"the frames of {', '.join(str(tub) for tub in tubs)} are {width}x{height}",
            f"the policy takes {wanted_width}x{wanted_height}",
            "name a tub of the same camera: --calibrate TUB",
        )
    found = images[np.arange(len(images.records))]
    others = found[1::2] if len(found) > 1 else found
    return ExportFrames(found[::2], others, ", ".join(str(tub) for tub in tubs), are_real=True)


def _made_up(image_size: tuple[int, int]) -> ExportFrames:
    """Return soft blots of colour: smooth as pictures are, and like nothing on a road."""
    height, width = image_size
    rng = np.random.default_rng(0)
    coarse = rng.uniform(0, 255, (2 * N_FRAMES, 9, 9, 3))
    rows, columns = np.linspace(0, 7.999, height), np.linspace(0, 7.999, width)
    top, left = rows.astype(int), columns.astype(int)
    down, right = (rows - top)[:, None, None], (columns - left)[None, :, None]
    frames = np.empty((2 * N_FRAMES, height, width, 3), np.uint8)
    for frame, blots in zip(frames, coarse, strict=True):
        above = blots[top][:, left] * (1 - right) + blots[top][:, left + 1] * right
        below = blots[top + 1][:, left] * (1 - right) + blots[top + 1][:, left + 1] * right
        frame[:] = above * (1 - down) + below * down
    return ExportFrames(frames[::2], frames[1::2], "made-up pictures", are_real=False)
