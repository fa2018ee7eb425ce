"""A number between two ends as a distribution over equal bins, and back. Knows nothing of networks."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

Bins = Annotated[int, Field(ge=3, le=401)]
"""How many bins a network has; an odd number has one for exactly 0."""


Ends = tuple[float, float]
"""The centres of the first and of the last bin."""

FULL: Ends = (-1.0, 1.0)


def bin_centres(count: int, like: Tensor, ends: Ends = FULL) -> Tensor:
    """Return (count,) bin centres, first and last on the ends."""
    return torch.linspace(*ends, count, device=like.device)


def soft_bins(values: Tensor, count: int, width: float = 0.75, ends: Ends = FULL) -> Tensor:
    """Return (B, count) probabilities: a Gaussian around each of `values` (B,), `width` bins wide.

    A soft label tells the network that the neighbouring bin is nearly right ("HL-Gauss", Farebrother et al. 2024,
    "Stop Regressing"; there too a width of 0.75 bins works best).
    """
    low, high = ends
    centres = bin_centres(count, values, ends)
    distance = (values[:, None].clamp(low, high) - centres) * ((count - 1) / (high - low) / width)
    return functional.softmax(-0.5 * distance.square(), dim=1)


def expectation(logits: Tensor, ends: Ends = FULL) -> Tensor:
    """Return (B,) mean of the distributions (B, count): smooth steering, and between the ends by construction."""
    probabilities = functional.softmax(logits.float(), dim=1)
    return (probabilities * bin_centres(logits.shape[1], logits, ends)).sum(dim=1)


def highest(logits: Tensor, ends: Ends = FULL) -> Tensor:
    """Return (B,) centre of the likeliest bin, as donkeycar does: it jumps from bin to bin."""
    return bin_centres(logits.shape[1], logits, ends).index_select(0, logits.argmax(dim=1))
