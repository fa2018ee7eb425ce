"""Which frames a person should look at first: where policy and human disagree, rare steering before common steering.

A large disagreement is a label error or a case that the policy has hardly seen; one in rare steering is more likely to
be worth a look than one of equal size on the straight. Knows nothing of pictures.
"""

import numpy as np
from numpy.typing import NDArray

from copycar.evaluation.offline import breakdown

BINS = 21  # of -1 … 1, as in `copycar tub hist`
APART = 10  # frames: half a second at 20 Hz; neighbours show the same moment

Floats = NDArray[np.float32]


def worst(labels: Floats, said: Floats, n: int = 24, apart: int = APART) -> list[int]:
    """Return the places of the frames to look at, the first one first.

    The measure is |label - answer| times the fourth root of how much rarer than the average the label's bin is, so that
    rarity counts, and a hundredfold one not more than threefold.

    Args:
        labels: (N,) steering of the human.
        said: (N,) steering of the policy.
        n: how many at most.
        apart: places between two of them at least.
    """
    bins = np.clip(((labels + 1) / 2 * BINS).astype(np.int64), 0, BINS - 1)
    counts = np.bincount(bins, minlength=BINS)
    rarity = (len(labels) / BINS / counts[bins]) ** 0.25
    return breakdown.worst(np.abs(labels - said) * rarity, [], most=n, apart=apart)
