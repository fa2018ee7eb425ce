"""What in a picture the steering hangs on: cover one part after the other and see how the answer changes.

Occlusion sensitivity (Zeiler and Fergus 2014, arXiv 1311.2901, section 4.2). It asks the policy file itself, so it
works for every format and network. Knows nothing of how the map is shown, but for `painted`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Image, Observation
from copycar.driving.runtime.policy import Policy

GRID = (9, 12)
"""Rows and columns of parts: 13x13 px each at 160x120, 108 answers of a small network in a tenth of a second."""

STRONGEST = 0.65  # how much of the picture's colour the most important part loses to the mark
MARK = (255, 40, 0)


EARLIER = 16
"""Frames before the one in question that a policy with a memory is shown: more than any network of ours looks back."""


def occlusion_map(
    policy: Policy, observation: Observation, grid: tuple[int, int] = GRID, before: Sequence[Observation] = ()
) -> NDArray[np.float32]:
    """Return how far the steering moves when each part is covered, float32 `grid`, 0 … 2.

    A part is covered with the picture's mean colour, and a little of its neighbours with it, so that a line at its edge
    is hidden too. Takes as many answers as there are parts.

    Args:
        policy: who is asked.
        observation: a picture and the policy's other inputs.
        grid: rows and columns.
        before: what a policy with a memory saw right before, the oldest first; empty at the start of a drive.

    Raises:
        CopycarError: an observation does not fit the policy.
    """
    image: Image = observation["image"]
    policy.reset()
    for earlier in before:
        policy.act(earlier)
    remembered = policy.remembered

    def steering(seen: Observation) -> float:
        policy.remember(remembered)
        return policy.act(seen).steering

    usual, mean = steering(observation), image.mean(axis=(0, 1)).astype(np.uint8)
    found = np.zeros(grid, np.float32)
    for row, column in np.ndindex(grid):
        covered = image.copy()
        covered[_part(image.shape[0], grid[0], row), _part(image.shape[1], grid[1], column)] = mean
        found[row, column] = abs(steering({**observation, "image": covered}) - usual)
    return found


def painted(image: Image, importance: NDArray[np.float32]) -> Image:
    """Return the picture, uint8 (H, W, 3), with its important parts in orange, the most important one strongest."""
    height, width = image.shape[:2]
    rows = np.arange(height) * importance.shape[0] // height
    columns = np.arange(width) * importance.shape[1] // width
    share = importance[np.ix_(rows, columns)] / max(float(importance.max()), 1e-6) * STRONGEST
    mixed: Image = (image * (1 - share[..., None]) + np.array(MARK) * share[..., None]).astype(np.uint8)
    return mixed


def _part(n_px: int, n_parts: int, place: int) -> slice:
    """Return the pixels of one part and half a part on either side."""
    side = n_px / n_parts
    return slice(max(0, round((place - 0.5) * side)), min(n_px, round((place + 1.5) * side)))
