"""What the layers of a network see in one frame: a sheet of its feature maps. Knows nothing of saliency."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.core.frame import Image
from copycar.core.pixel_letters import HEIGHT, write
from copycar.evaluation.explain.convolutions import watching
from copycar.evaluation.explain.open_network import open_network
from copycar.evaluation.explain.samples import Samples
from copycar.evaluation.offline.answers import answers
from copycar.evaluation.offline.frames import choose_frames
from copycar.learning.batches import IMAGE
from copycar.tubs.formats.png import encode_png

WIDTH = 1200
"""Pixels of the sheet."""
LEAST_MAP = 48
"""Pixels that the smaller side of a map has at least on the sheet."""
GAP, TITLE = 4, 24
MOST_MAPS = 64
"""Of one layer; the others are left out, and its title says so."""
BACK, INK = (24, 28, 34), (236, 240, 245)


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer's feature maps for one frame.

    Attributes:
        name: as torch has it, such as `convolutions.0`.
        maps: float32 (C, h, w).
    """

    name: str
    maps: NDArray[np.float32]


def write_activations(policy: str | Path, tub: str | Path, path: Path, frame: int | None = None) -> list[Layer]:
    """Write the sheet of one frame as PNG; return the layers.

    Args:
        policy: a policy file beside its run, or a run's folder.
        tub: a recording.
        path: the picture.
        frame: its number in the tub; by default that in the middle of the recording.

    Raises:
        CopycarError: as `open_network`; no such frame; or a network without convolutions.
        OSError: the file cannot be written.
    """
    opened = open_network(policy)
    frames = choose_frames([tub], [replace(opened.policy.metadata, data_choice={})])
    numbers = [record.index for record in frames.records]
    if frame is not None and frame not in numbers:
        raise CopycarError(
            f"{tub} has no usable frame {frame}", f"it has {numbers[0]} to {numbers[-1]}", "name another"
        )
    place = numbers.index(frame) if frame is not None else len(numbers) // 2
    said = answers(opened.policy, frames).actions
    inputs = Samples(frames, opened.network.reads, said).of(range(place, place + 1))
    layers = feature_maps(opened.network, inputs)
    if not layers:
        raise CopycarError("this network has no convolutions whose maps could be shown", fix="name another policy")
    newest = inputs[IMAGE][0] if inputs[IMAGE].dim() == 4 else inputs[IMAGE][0, -1]
    write_atomic(path, encode_png(sheet(newest.numpy(), layers)))
    return layers


def feature_maps(network: nn.Module, inputs: object) -> list[Layer]:
    """Return what every layer of convolutions gives for one sample, after its own activation where that is in place."""
    with torch.no_grad(), watching(network) as seen:
        network(inputs)
    return [Layer(name, _maps(out)) for name, out in seen]


def sheet(frame: Image, layers: list[Layer]) -> Image:
    """Return the frame and below it a block per layer, uint8 (H, 1200, 3); bright is a strong response."""
    blocks = [_titled(f"frame {frame.shape[1]} x {frame.shape[0]}", [frame])]
    for layer in layers:
        n, height, width = layer.maps.shape
        shown = layer.maps[:MOST_MAPS]
        more = f", the first {MOST_MAPS}" if n > MOST_MAPS else ""
        blocks.append(_titled(f"{layer.name}: {n} maps of {width} x {height}{more}", [_grey(one) for one in shown]))
    return np.vstack(blocks)


def _titled(title: str, pictures: list[Image]) -> Image:
    """Return pictures of one size in rows, under a title."""
    scale = max(1, -(-LEAST_MAP // min(pictures[0].shape[:2])))
    height, width = (side * scale for side in pictures[0].shape[:2])
    a_row = max(1, (WIDTH - GAP) // (width + GAP))
    n_rows = -(-len(pictures) // a_row)
    box = np.full((TITLE + n_rows * (height + GAP), WIDTH, 3), BACK, dtype=np.uint8)
    write(box, title[: WIDTH // 8 - 2], GAP, (TITLE - 2 * HEIGHT) // 2, 2, INK)
    for place, picture in enumerate(pictures):
        top, left = TITLE + place // a_row * (height + GAP), GAP + place % a_row * (width + GAP)
        enlarged = picture.repeat(scale, axis=0).repeat(scale, axis=1)[:, : WIDTH - left]
        box[top : top + height, left : left + width] = enlarged
    return box


def _grey(one: NDArray[np.float32]) -> Image:
    low, high = float(one.min()), float(one.max())
    grey = (one - low) / max(high - low, 1e-9) * 255
    return np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)


def _maps(out: Tensor) -> NDArray[np.float32]:
    """Return (C, h, w) of the newest picture: of (B · T, C, h, w), or (1, C, T, h, w)."""
    newest = out[0, :, -1] if out.dim() == 5 else out[-1]
    maps: NDArray[np.float32] = newest.float().numpy()
    return maps
