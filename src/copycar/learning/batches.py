"""Batches of frames as a network is given them: pictures, windows, earlier actions, sensors, labels; mirrored too.

Knows the data and tensors. Knows nothing of networks, light or losses.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from copycar.learning.augment.warps import Warps, gather, gather_warped, warp_steering
from copycar.learning.columns import Category, Column, Values
from copycar.learning.dataset import DrivingData
from copycar.learning.mirror import mirrored_places
from copycar.tubs.store import DecodedImages

ACTION, IMAGE, MEMORY = "action", "image", "memory"


@dataclass(frozen=True, slots=True)
class Batch:
    """What a network sees and what it should answer.

    Attributes:
        inputs: `"image"` uint8 (B, H, W, 3) or (B, T, H, W, 3); others float32 (B, k).
        labels: `"action"` float32 (B, 2); others float32 (B, k) or int64 (B,).
    """

    inputs: Mapping[str, Tensor]
    labels: Mapping[str, Tensor]

    def __len__(self) -> int:
        return len(self.labels[ACTION])


class Batches:
    """Makes batches of rows of the data, on one device.

    Args:
        data: frames, labels and columns.
        warps: the geometric variations that may be chosen from.
    """

    def __init__(self, data: DrivingData, warps: Warps) -> None:
        self._data, self._warps, self._device = data, warps, torch.device("cpu")
        images = data.images
        self._images = torch.from_numpy(images.images) if isinstance(images, DecodedImages) else None
        self._actions = torch.from_numpy(data.labels)
        self._columns = {name: _Tensors(column, data.columns[name]) for name, column in data.reads.columns.items()}

    def move_to(self, device: torch.device) -> None:
        """Keep everything that fits on `device`."""
        if device == self._device:
            return
        self._warps, self._device = self._warps.to(device), device
        self._images = self._images.to(device) if self._images is not None else None

    def of(self, rows: Tensor, chosen: Tensor | None = None) -> Batch:
        """Return the batch of frames `rows`, int64 (B,), each under the warp `chosen` (B,); None: as recorded."""
        as_recorded = torch.zeros(len(rows), dtype=torch.bool)
        is_mirrored = as_recorded if chosen is None else self._warps.is_mirrored[chosen]
        reads = self._data.reads
        inputs = {name: self._columns[name].given(rows, is_mirrored) for name in reads.inputs}
        labels = {name: self._columns[name].asked(rows, is_mirrored) for name in reads.labels}
        action = self._actions[rows]
        if chosen is not None:
            action = torch.stack([warp_steering(action[:, 0], self._warps, chosen), action[:, 1]], dim=1)
        if reads.n_actions:
            inputs[MEMORY] = self._earlier_actions(rows, is_mirrored)
        moved = ({name: value.to(self._device) for name, value in part.items()} for part in (inputs, labels))
        inputs, labels = moved
        return Batch({IMAGE: self._pictures(rows, chosen), **inputs}, {ACTION: action.to(self._device), **labels})

    def _pictures(self, rows: Tensor, chosen: Tensor | None) -> Tensor:
        """Return uint8 (B, H, W, 3), or windows (B, T, H, W, 3), all pictures of a window under its sample's warp."""
        n_frames = self._data.reads.n_frames
        wanted = (rows[:, None] + torch.arange(1 - n_frames, 1)).flatten()
        if self._images is not None:
            images, places = self._images, wanted.to(self._device)
        else:
            images = torch.from_numpy(self._data.images[wanted.numpy()]).to(self._device)
            places = torch.arange(len(wanted), device=self._device)
        if chosen is None:
            pictures = gather(images, places)
        else:
            repeated = chosen.repeat_interleave(n_frames).to(self._device)
            pictures = gather_warped(images, places, self._warps, repeated)
        return pictures if n_frames == 1 else pictures.view(len(rows), n_frames, *pictures.shape[1:])

    def _earlier_actions(self, rows: Tensor, is_mirrored: Tensor) -> Tensor:
        """Return float32 (B, 2 · n_actions), steering and throttle in turn, oldest first."""
        n_actions = self._data.reads.n_actions
        actions = self._actions[rows[:, None] + torch.arange(-n_actions, 0)]  # (B, n, 2)
        sign = torch.where(is_mirrored, -1.0, 1.0)
        return torch.stack([actions[..., 0] * sign[:, None], actions[..., 1]], dim=-1).flatten(1)


class _Tensors:
    """A column as tensors, (N, k) or (N,), as recorded and mirrored."""

    def __init__(self, column: Column, values: Values) -> None:
        self._values = torch.from_numpy(values)
        self._n_names = len(column.names) if isinstance(column, Category) else 0
        if isinstance(column, Category):
            places = mirrored_places(column)
            self._mirrored = torch.tensor(places)[self._values] if places is not None else self._values
        else:
            signs = column.mirror
            self._mirrored = self._values * torch.tensor(signs) if signs is not None else self._values

    def asked(self, rows: Tensor, is_mirrored: Tensor) -> Tensor:
        """Return the label: float32 (B, k) or int64 (B,)."""
        mirrored = is_mirrored[:, None] if self._values.dim() > 1 else is_mirrored
        return torch.where(mirrored, self._mirrored[rows], self._values[rows])

    def given(self, rows: Tensor, is_mirrored: Tensor) -> Tensor:
        """Return the input: float32 (B, k), a category one-hot."""
        values = self.asked(rows, is_mirrored)
        return functional.one_hot(values, self._n_names).float() if self._n_names else values


def parts(rows: Tensor, size: int) -> Iterator[Tensor]:
    """Yield `rows` in parts of `size`; a single row that is left over goes with the part before it.

    Batch norm cannot be trained on a single sample.
    """
    n_rows = len(rows)
    starts = [start for start in range(0, n_rows, size) if start == 0 or n_rows - start > 1]
    for start, stop in zip(starts, [*starts[1:], n_rows], strict=True):
        yield rows[start:stop]
