"""What a network is given for recorded frames, many at once: pictures, windows, its own earlier answers, sensors.

As on the car: before enough was seen, the oldest picture stands for those before it, and earlier answers are zero.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from copycar.evaluation.offline.frames import RecordedFrames
from copycar.learning.batches import IMAGE, MEMORY
from copycar.learning.columns import Reads

Floats = NDArray[np.float32]


class Samples:
    """Samples of recorded frames.

    Args:
        frames: N frames.
        reads: what the network reads.
        said: the policy's own answers, float32 (N, 2).
    """

    def __init__(self, frames: RecordedFrames, reads: Reads, said: Floats) -> None:
        self._frames, self._reads, self._said = frames, reads, said
        starts = np.where(frames.is_start, np.arange(len(frames)), 0)
        self._starts = np.maximum.accumulate(starts)
        self._inputs = frames.inputs(0)

    def of(self, places: range) -> dict[str, Tensor]:
        """Return the inputs of the frames at `places`: `"image"` uint8 (B, H, W, 3) or (B, T, H, W, 3), and others."""
        window = np.asarray(places)[:, None] + np.arange(1 - self._reads.n_frames, 1)
        window = np.maximum(window, self._starts[list(places)][:, None])
        rows = self._frames.rows[window]
        images = torch.from_numpy(self._frames.data.images[rows.reshape(-1)])
        inputs = {IMAGE: images if rows.shape[1] == 1 else images.view(*rows.shape, *images.shape[1:])}
        inputs |= {name: torch.from_numpy(values[list(places)]) for name, values in self._inputs.items()}
        if self._reads.n_actions:
            inputs[MEMORY] = torch.from_numpy(self._memory(places))
        return inputs

    def _memory(self, places: range) -> Floats:
        earlier = np.asarray(places)[:, None] + np.arange(-self._reads.n_actions, 0)
        is_known = earlier >= self._starts[list(places)][:, None]
        said: Floats = np.where(is_known[..., None], self._said[np.maximum(earlier, 0)], np.float32(0))
        return said.reshape(len(places), -1)
