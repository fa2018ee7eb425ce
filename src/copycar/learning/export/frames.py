"""The frames that an export is calibrated and compared on: real ones wherever there are some. Knows no file formats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.core.frame import Observation
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.learning.columns import Numbers, complete
from copycar.learning.run import RUN_FILE, Run
from copycar.tubs.load import load_images
from copycar.tubs.tub import open_tubs

N_FRAMES = 200
"""To calibrate on, and as many others to compare on; the errors beside `TOLERANCES` were found with so many."""


@dataclass(frozen=True)
class ExportFrames:
    """What a policy sees while it is calibrated and compared.

    Attributes:
        calibrate: observations for formats that must see how large numbers get between layers.
        compare: others, at least one.
        origin: where they come from, in words.
        are_real: whether a camera took them.
    """

    calibrate: Sequence[Observation]
    compare: Sequence[Observation]
    origin: str
    are_real: bool


def find_frames(policy: Path, metadata: PolicyMetadata, tub: Path | None) -> ExportFrames:
    """Return frames from `tub`, else from the tubs that the policy's run names, else made-up ones.

    Args:
        policy: the policy file; its run's description lies beside it.
        metadata: its identity card.
        tub: named by the user.

    Raises:
        CopycarError: `tub` has no usable frames, or frames of another size.
    """
    if tub is not None:
        return _from_tubs([tub], metadata)
    try:
        return _from_tubs(_tubs_of_run(policy.parent), metadata)
    except CopycarError:  # the recordings have moved on; the caller says so
        return _made_up(metadata)


def _tubs_of_run(folder: Path) -> list[Path]:
    described = Run(folder).describe() if (folder / RUN_FILE).is_file() else {}
    return [Path(str(tub)) for tub in described.get("tubs", [])]


def _from_tubs(tubs: Sequence[Path], metadata: PolicyMetadata) -> ExportFrames:
    columns = _columns(metadata)
    recorded = [record for tub in open_tubs(tubs) for record in tub.records]
    records, _ = complete(recorded, columns)
    images = load_images(records[:: max(1, len(records) // (2 * N_FRAMES))][: 2 * N_FRAMES])
    if images.image_size != metadata.image_size:
        (height, width), (wanted_height, wanted_width) = images.image_size, metadata.image_size
        raise CopycarError(
            f"the frames of {', '.join(str(tub) for tub in tubs)} are {width}x{height}",
            f"the policy takes {wanted_width}x{wanted_height}",
            "name a tub of the same camera: --calibrate TUB",
        )
    extras = {name: column.read(images.records) for name, column in columns.items()}
    frames = images[np.arange(len(images.records))]
    origin = ", ".join(str(tub) for tub in tubs)
    return _shared_out(_observations(frames, extras, metadata), origin, are_real=True)


def _columns(metadata: PolicyMetadata) -> dict[str, Numbers]:
    """Return the sensors that the policy reads; what it lets one choose is not recorded but chosen."""
    sensors = {name: given["keys"] for name, given in metadata.inputs.items() if not given.get("names")}
    return {name: Numbers(tuple(keys)) for name, keys in sensors.items()}


def _observations(
    frames: NDArray[np.uint8], extras: Mapping[str, NDArray[np.float32]], metadata: PolicyMetadata
) -> list[Observation]:
    """Return one observation per frame; choices take turns."""
    choices = {
        name: np.eye(len(given["names"]), dtype=np.float32)
        for name, given in metadata.inputs.items()
        if given.get("names")
    }
    return [
        {"image": frame}
        | {name: values[number] for name, values in extras.items()}
        | {name: hot[number // 2 % len(hot)] for name, hot in choices.items()}
        for number, frame in enumerate(frames)
    ]


def _shared_out(observations: Sequence[Observation], origin: str, *, are_real: bool) -> ExportFrames:
    return ExportFrames(observations[::2], observations[1::2] or observations, origin, are_real)


def _made_up(metadata: PolicyMetadata) -> ExportFrames:
    """Return soft blots of colour: smooth as pictures are, and like nothing on a road; sensors say 0."""
    height, width = metadata.image_size
    coarse = np.random.default_rng(0).uniform(0, 255, (2 * N_FRAMES, 9, 9, 3))
    frames = np.stack([_stretched(blots, height, width) for blots in coarse])
    sensors = {name: given["width"] for name, given in metadata.inputs.items() if not given.get("names")}
    extras = {name: np.zeros((len(frames), n_numbers), np.float32) for name, n_numbers in sensors.items()}
    return _shared_out(_observations(frames, extras, metadata), "made-up pictures", are_real=False)


def _stretched(blots: NDArray[np.float64], height: int, width: int) -> NDArray[np.uint8]:
    """Return a small picture (9, 9, 3) scaled up to (height, width, 3), bilinearly."""
    rows, columns = np.linspace(0, 7.999, height), np.linspace(0, 7.999, width)
    top, left = rows.astype(int), columns.astype(int)
    down, right = (rows - top)[:, None, None], (columns - left)[None, :, None]
    above = blots[top][:, left] * (1 - right) + blots[top][:, left + 1] * right
    below = blots[top + 1][:, left] * (1 - right) + blots[top + 1][:, left + 1] * right
    stretched: NDArray[np.uint8] = (above * (1 - down) + below * down).astype(np.uint8)
    return stretched
